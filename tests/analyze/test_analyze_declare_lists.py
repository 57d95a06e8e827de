"""Tools that stand in lists, tables and classes: each keeps its name with its own code."""

from __future__ import annotations

import pytest

from analyze.declared import does, given, python, reached, typescript
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.declare.entry import EntryKind

HEAD = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { z } from "zod";
import { exec } from "child_process";
import fs from "fs";
const run = { name: "run", description: "Runs", schema: { it: z.string() },
  handler: async ({ it }) => { exec(it); } };
const read = { name: "read", description: "Reads", schema: { it: z.string() },
  handler: async ({ it }) => { fs.readFileSync(it); } };
const tools = [run, read];
const server = new McpServer({ name: "x", version: "1" });
"""

WAYS = {
    "a loop": "for (const t of tools) { server.tool(t.name, t.description, t.schema, t.handler); }",
    "a loop with a function around": (
        "for (const t of tools) { server.tool(t.name, t.schema, async (a) => t.handler(a)); }"
    ),
    "forEach": "tools.forEach((t) => server.tool(t.name, t.description, t.schema, t.handler));",
    "values of an object": (
        "for (const t of Object.values({ run, read })) server.tool(t.name, t.schema, t.handler);"
    ),
    "entries of an object": (
        "for (const [n, t] of Object.entries({ run, read })) server.tool(n, t.schema, t.handler);"
    ),
    "a function given the list": (
        "function all(s: McpServer, list) { for (const t of list) {"
        " s.registerTool(t.name, { inputSchema: t.schema }, async (a) => t.handler(a)); } }"
        " all(server, tools);"
    ),
    "a list that finds its handler": (
        'const low = new Server({ name: "l", version: "1" });'
        'low.setRequestHandler("tools/list", () => ({ tools: tools.filter((t) => on(t.name)) }));'
        'low.setRequestHandler("tools/call", async (r) => {'
        " const t = tools.find((one) => one.name === r.params.name);"
        " return t.handler(r.params.arguments); });"
    ),
    "a table of handlers": (
        'const low = new Server({ name: "l", version: "1" });'
        "const table = { run: run.handler, read: read.handler };"
        'low.setRequestHandler("tools/list", () => ({'
        ' tools: [{ name: "run", inputSchema: {} }, { name: "read", inputSchema: {} }] }));'
        'low.setRequestHandler("tools/call", async (r) =>'
        " table[r.params.name](r.params.arguments));"
    ),
    "a map of handlers": (
        'const low = new Server({ name: "l", version: "1" });'
        "const table = new Map(tools.map((t) => [t.name, t.handler]));"
        'low.setRequestHandler("tools/list", () => ({ tools }));'
        'low.setRequestHandler("tools/call", async (r) =>'
        " table.get(r.params.name)(r.params.arguments));"
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_tool_of_a_list_reaches_its_own_code(way: str) -> None:
    found = typescript(HEAD + WAYS[way])
    assert does(found["run"]) == {EffectKind.SHELL}
    assert does(found["read"]) == {EffectKind.READ_FILE}
    assert given(found["run"], EffectKind.SHELL, "command").keys() == {"it"}


def test_a_switch_over_names_from_another_module() -> None:
    found = reached(
        {
            "src/index.ts": """
            import { Server } from "@modelcontextprotocol/sdk/server/index.js";
            import { exec } from "child_process";
            import * as tools from "./tools.js";
            const server = new Server({ name: "x", version: "1" });
            server.setRequestHandler("tools/list", () => ({ tools: Object.values(tools) }));
            server.setRequestHandler("tools/call", async (request: CallToolRequest) => {
              switch (request.params.name) {
                case tools.A.name:
                case tools.B.name:
                  return exec(request.params.arguments.x);
                case tools.C.name:
                  return eval(request.params.arguments.y);
              }
            });
            """,
            "src/tools.ts": """
            import { ToolSchema } from "@modelcontextprotocol/sdk/types.js";
            export const A = ToolSchema.parse({ name: "a", inputSchema: { type: "object" } });
            export const B = ToolSchema.parse({ name: "b", inputSchema: { type: "object" } });
            export const C = ToolSchema.parse({ name: "c", inputSchema: { type: "object" } });
            """,
        }
    )
    assert [sorted(does(found[name])) for name in "abc"] == [["shell"], ["shell"], ["evaluate"]]


def test_python_enumerations_as_names() -> None:
    found = python(
        """
        import enum, subprocess
        from mcp.server import Server
        from mcp.types import Tool
        server = Server("x")

        class Names(str, enum.Enum):
            RUN = "run"
            READ = "read"

        @server.list_tools()
        async def tools():
            return [Tool(name=one.value, inputSchema={}) for one in (Names.RUN, Names.READ)] + [
                Tool(name=Names.RUN.value, inputSchema={}), Tool(name=Names.READ, inputSchema={})]

        @server.call_tool()
        async def call(name, arguments):
            match name:
                case Names.RUN.value:
                    subprocess.run(arguments["it"], shell=True)
                case Names.READ:
                    open(arguments["it"])
        """
    )
    assert does(found["run"]) == {EffectKind.SHELL}
    assert does(found["read"]) == {EffectKind.READ_FILE}


def test_tools_that_are_classes() -> None:
    found = typescript(
        """
        import { MCPTool } from "mcp-framework";
        import { z } from "zod";
        import { exec } from "child_process";
        export default class Run extends MCPTool {
          name = "run";
          description = "Runs";
          schema = { it: { type: z.string() }, how: { type: z.enum(["a"]) } };
          async execute(input) { exec(input.it + input.how); }
        }
        """
    )
    taken = given(found["run"], EffectKind.SHELL, "command")
    assert found["run"].entry.description == "Runs"
    assert taken["how"] & g.CHOSEN
    assert not taken["it"] & g.CHOSEN


def test_parsed_arguments_are_what_the_schema_lets_through() -> None:
    found = typescript(
        HEAD
        + """
        const S = z.object({ it: z.string(), how: z.enum(["a", "b"]), n: z.number() });
        const low = new Server({ name: "l", version: "1" });
        low.setRequestHandler("tools/list", () => ({ tools: [{ name: "x", inputSchema: {} }] }));
        low.setRequestHandler("tools/call", async (r) => {
          const { it, how } = S.parse(r.params.arguments);
          const tried = S.safeParse(r.params.arguments);
          exec("a " + it + how + tried.data.n);
        });
        """
    )
    taken = given(found["x"], EffectKind.SHELL, "command")
    assert taken["how"] & g.CHOSEN
    assert taken["n"] & g.NUMBER
    assert not taken["it"] & g.SAFE


def test_functions_handed_out_count_only_where_nothing_is_declared() -> None:
    text = """
    import { exec } from "child_process";
    export function run(command) { exec(command); }
    function own() { exec("ls"); }
    """
    alone = typescript(text)
    assert alone["run"].entry.kind is EntryKind.EXPORT
    assert given(alone["run"], EffectKind.SHELL, "command").keys() == {"command"}
    assert "own" not in alone
    beside = reached(
        {"a.ts": text, "b.ts": HEAD + 'server.tool("x", async () => ({ content: [] }));'}
    )
    assert "run" not in beside


def test_what_a_framework_gives_is_no_parameter_and_a_model_named_alike_is_one() -> None:
    found = python(
        """
        from mcp.server.fastmcp import Context, FastMCP
        from pydantic import BaseModel

        class CreateRequest(BaseModel):
            path: str

        server = FastMCP("x")

        @server.tool()
        def make(body: CreateRequest, ctx: Context) -> str:
            return open(body.path).read()
        """
    )["make"]
    assert [one.name for one in found.entry.parameters or ()] == ["body"]
    assert given(found, EffectKind.READ_FILE, "path").keys() == {"body.path"}


def test_a_function_made_into_a_tool_before_it_is_added() -> None:
    found = python(
        """
        import subprocess
        from fastmcp import FastMCP
        from fastmcp.tools import Tool

        def run(command: str) -> None:
            \"\"\"Runs it.\"\"\"
            subprocess.run(command, shell=True)

        server = FastMCP("x")
        server.add_tool(Tool.from_function(run, name="go"))
        """
    )["go"]
    assert found.entry.description == "Runs it."
    assert given(found, EffectKind.SHELL, "command").keys() == {"command"}
