"""Frameworks that hand functions, routes, files, methods and classes to models as tools."""

from __future__ import annotations

import pytest

from analyze.declared import does, given, python, reached, typescript, unread
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Reached

FASTAPI = """
from fastapi import FastAPI
from fastapi_mcp import FastApiMCP
import os
app = FastAPI()

@app.delete("/notes/{path}", operation_id="drop_note", tags=["notes"])
async def drop(path: str, hard: bool = False):
    '''Drops a note.'''
    os.remove(path)

@app.get("/notes")
async def notes(folder: str):
    return os.listdir(folder)
"""


def tools(found: dict[str, Reached]) -> list[str]:
    return sorted(name for name, one in found.items() if one.entry.kind is EntryKind.TOOL)


@pytest.mark.parametrize(
    ("wrapping", "names"),
    [
        ("FastApiMCP(app).mount()", ["drop_note", "notes_notes_get"]),
        ('FastApiMCP(app, include_operations=["drop_note"]).mount()', ["drop_note"]),
        ('FastApiMCP(app, exclude_tags=["notes"]).mount()', ["notes_notes_get"]),
        ("FastMCP.from_fastapi(app=app)", ["drop_note", "notes_notes_get"]),
        ("pass", []),
    ],
)
def test_routes_that_a_wrapper_makes_into_tools(wrapping: str, names: list[str]) -> None:
    found = python(f"{FASTAPI}\nfrom fastmcp import FastMCP\n{wrapping}\n")
    assert tools(found) == names
    assert "DELETE /notes/{path}" in found
    if "drop_note" in names:
        tool = found["drop_note"]
        assert tool.entry.description == "Drops a note."
        assert [one.name for one in tool.entry.parameters or ()] == ["path", "hard"]
        assert given(tool, EffectKind.DELETE_FILE, "path").keys() == {"path"}


PAGE = """
import gradio as gr, subprocess
def run(command: str) -> str:
    '''Runs it.'''
    return subprocess.run(command, shell=True)
"""


@pytest.mark.parametrize(
    ("built", "name"),
    [
        ('demo = gr.Interface(fn=run, inputs="text", outputs="text", api_name="go")', "go"),
        ("with gr.Blocks() as demo:\n    gr.Button().click(run, [], [])", "run"),
    ],
)
def test_functions_of_a_page_are_tools_where_models_are_served(built: str, name: str) -> None:
    served = python(f"{PAGE}\n{built}\ndemo.launch(mcp_server=True)\n")
    assert tools(served) == [name]
    assert given(served[name], EffectKind.SHELL, "command").keys() == {"command"}
    plain = python(f"{PAGE}\n{built}\ndemo.launch()\n")
    assert tools(plain) == []
    assert plain[name].entry.kind is EntryKind.ROUTE


def test_a_hidden_function_of_a_page_is_no_tool() -> None:
    text = f'{PAGE}\ngr.Interface(run, "text", "text", api_name=False).launch(mcp_server=True)\n'
    assert tools(python(text)) == []


def test_a_trigger_of_a_cloud_function() -> None:
    text = """
    import azure.functions as func, json, os
    app = func.FunctionApp()

    @app.generic_trigger(arg_name="context", type="KIND", toolName="drop", description="Drops")
    def handle(context) -> None:
        os.remove(json.loads(context)["arguments"]["path"])
    """
    found = python(text.replace("KIND", "mcpToolTrigger"))
    assert tools(found) == ["drop"]
    assert given(found["drop"], EffectKind.DELETE_FILE, "path")
    assert tools(python(text.replace("KIND", "queueTrigger"))) == []


FILE = """
import { z } from "zod";
import { type ToolMetadata } from "PACKAGE";
import { exec } from "child_process";
export const schema = { name: z.string().describe("Whom") };
export const metadata: ToolMetadata = {
  name: "greet", description: "Greets", annotations: { readOnlyHint: true } };
export default async function greet({ name }) { return exec(name); }
"""


def test_a_file_that_is_a_tool() -> None:
    path = "src/tools/greet.ts"
    found = reached({path: FILE.replace("PACKAGE", "xmcp")})
    tool = found["greet"].entry
    assert (tool.kind, tool.description) == (EntryKind.TOOL, "Greets")
    assert tool.annotations == {"readOnlyHint": True}
    assert given(found["greet"], EffectKind.SHELL, "command").keys() == {"name"}
    assert tools(reached({path: FILE.replace("PACKAGE", "elsewhere")})) == []
    assert tools(reached({"src/pages/greet.ts": FILE.replace("PACKAGE", "xmcp")})) == []


def test_a_python_file_that_exports_its_tool() -> None:
    text = """
    import os
    def remove(path: str) -> None:
        '''Removes.'''
        os.remove(path)
    export = remove
    """
    found = reached({"tools/drop.py": text})
    assert tools(found) == ["drop"]
    assert tools(reached({"lib/drop.py": text})) == []


@pytest.mark.parametrize(
    "above",
    [
        '@Tool({ name: "run", description: "Runs", parameters: z.object({ it: z.string() }) })',
        '@Tool("run", { description: "Runs", inputSchema: { it: z.string() } })',
    ],
)
def test_a_decorated_method_of_typescript(above: str) -> None:
    found = typescript(
        f"""
        import {{ Tool }} from "@rekog/mcp-nest";
        import {{ z }} from "zod";
        import {{ exec }} from "child_process";
        export class Service {{
          {above}
          async run({{ it }}, context) {{ return exec(it); }}
          other(it) {{ return exec(it); }}
        }}
        """
    )
    assert tools(found) == ["run"]
    assert found["run"].entry.description == "Runs"
    assert [one.name for one in found["run"].entry.parameters or ()] == ["it"]
    assert given(found["run"], EffectKind.SHELL, "command").keys() == {"it"}


SCRIPT = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { MCPServer } from "mcp-use/server";
import { createTool } from "@mastra/core/tools";
import { z } from "zod";
import { exec } from "child_process";
const official = new McpServer({ name: "x", version: "1" });
const other = new MCPServer({ name: "x", version: "1" });
"""


@pytest.mark.parametrize(
    "call",
    [
        (
            'official.experimental.tasks.registerToolTask("run", { description: "Runs", '
            "inputSchema: { it: z.string() } }, { async createTask({ it }) { exec(it); } });"
        ),
        (
            'other.tool({ name: "run", description: "Runs", schema: z.object('
            "{ it: z.string() }) }, async ({ it }) => exec(it));"
        ),
        (
            'createTool({ id: "run", description: "Runs", inputSchema: z.object('
            "{ it: z.string() }), execute: async ({ context }) => exec(context.it) });"
        ),
        (
            'export default defineMcpTool({ name: "run", description: "Runs", '
            "inputSchema: { it: z.string() }, handler: async ({ it }) => exec(it) });"
        ),
        (
            'function add(server: McpServer, name?: string) { server.tool(name || "run", "Runs", '
            "{ it: z.string() }, async ({ it }) => exec(it)); } add(official);"
        ),
    ],
)
def test_more_calls_that_declare_one_tool(call: str) -> None:
    found = typescript(f"{SCRIPT}\n{call}\n")
    assert tools(found) == ["run"]
    assert found["run"].entry.description == "Runs"
    assert given(found["run"], EffectKind.SHELL, "command").keys() == {"it"}


def test_a_name_that_is_not_known_is_not_taken_from_the_description() -> None:
    text = (
        f"{SCRIPT}\nofficial.tool(process.env.NAME, 'Runs what it is given.', "
        "{ it: z.string() }, async ({ it }) => exec(it));"
    )
    assert tools(typescript(text)) == ["any tool"]


def test_methods_that_a_mixin_registers() -> None:
    found = python(
        """
        from fastmcp import FastMCP
        from fastmcp.contrib.mcp_mixin import MCPMixin, mcp_tool
        import os
        class Notes(MCPMixin):
            @mcp_tool(name="drop", description="Drops a note")
            def remove(self, path: str):
                os.remove(path)
        Notes().register_all(mcp_server=FastMCP("x"))
        """
    )
    assert tools(found) == ["drop"]
    assert found["drop"].entry.description == "Drops a note"
    assert given(found["drop"], EffectKind.DELETE_FILE, "path").keys() == {"path"}


def test_a_toolset_whose_public_methods_are_tools() -> None:
    found = python(
        """
        from mcp_server import MCPToolset
        import os
        class Notes(MCPToolset):
            def drop(self, path: str):
                '''Drops a note.'''
                os.remove(self._inside(path))
            def _inside(self, path):
                return "notes/" + path
        """
    )
    assert tools(found) == ["drop"]
    assert given(found["drop"], EffectKind.DELETE_FILE, "path").keys() == {"path"}


REGISTRY = {
    "handlers.py": """
        import os
        from mcp.types import Tool
        SHOW = "show"
        class Handler:
            def __init__(self, tool_name: str):
                self.name = tool_name
            def get_tool_description(self) -> Tool:
                raise NotImplementedError
            def run_tool(self, args: dict):
                raise NotImplementedError
        class Show(Handler):
            def __init__(self):
                super().__init__(SHOW)
            def get_tool_description(self):
                return Tool(name=self.name, description="Shows", inputSchema={
                    "type": "object", "properties": {"path": {"type": "string"}}})
            def run_tool(self, args: dict):
                return open(args["path"]).read()
        class Drop(Handler):
            def __init__(self):
                super().__init__("drop")
            def get_tool_description(self):
                return Tool(name=self.name, description="Drops", inputSchema={
                    "type": "object", "properties": {"path": {"type": "string"}}})
            def run_tool(self, args: dict):
                os.remove(args["path"])
    """,
    "server.py": """
        from mcp.server import Server
        import handlers
        app = Server("x")
        known = {}
        def add(one):
            known[one.name] = one
        add(handlers.Show())
        add(handlers.Drop())
        @app.list_tools()
        async def list_tools():
            return [one.get_tool_description() for one in known.values()]
        @app.call_tool()
        async def call_tool(name, arguments):
            return known[name].run_tool(arguments)
    """,
}


def test_a_registry_of_classes_that_hand_their_name_up() -> None:
    found = reached(REGISTRY)
    assert tools(found) == ["drop", "show"]
    assert does(found["show"]) == {EffectKind.READ_FILE}
    assert does(found["drop"]) == {EffectKind.DELETE_FILE}
    assert found["drop"].entry.description == "Drops"
    assert given(found["drop"], EffectKind.DELETE_FILE, "path").keys() == {"path"}
    assert unread(REGISTRY)


def test_classes_that_register_their_own_method() -> None:
    found = python(
        """
        from fastmcp import FastMCP
        import os
        mcp = FastMCP("x")
        class Base:
            def register(self, mcp):
                mcp.tool(name=self.name, description=self.description)(self.run)
        class Drop(Base):
            name = "drop"
            description = "Drops a file"
            def run(self, path: str):
                os.remove(path)
        class Show(Base):
            name = "show"
            description = "Shows a file"
            def run(self, path: str):
                return open(path).read()
        for one in [Drop(), Show()]:
            one.register(mcp)
        """
    )
    assert tools(found) == ["drop", "show"]
    assert does(found["drop"]) == {EffectKind.DELETE_FILE}


LOOP = """
from mcp.server.fastmcp import FastMCP
import os, functools
mcp = FastMCP("x")

def drop(path: str):
    '''Drops a file.'''
    os.remove(path)

def show(path: str):
    '''Shows a file.'''
    return open(path).read()
"""


def test_functions_that_a_loop_declares() -> None:
    found = python(f"{LOOP}\nfor one in (drop, show):\n    mcp.tool()(one)\n")
    assert tools(found) == ["drop", "show"]
    assert does(found["show"]) == {EffectKind.READ_FILE}


def test_a_wrapper_is_no_tool_beside_what_it_wraps() -> None:
    wrapped = """
def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper

mcp.tool(name="drop_it")(logged(drop))
"""
    assert tools(python(LOOP + wrapped)) == ["drop_it"]
