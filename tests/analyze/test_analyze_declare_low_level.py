"""Servers with one function that lists and one that answers: each tool reaches its own code."""

from __future__ import annotations

from analyze.declared import does, given, python, reached, typescript, unread
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.declare.entry import EntryKind

PYTHON = """
import subprocess
from mcp import types
from mcp.server import Server
from pydantic import BaseModel

class Read(BaseModel):
    path: str

server = Server("x")

@server.list_tools()
async def list_tools() -> list[types.Tool]:
    tools = [
        types.Tool(name="run", description="Runs it", inputSchema={
            "type": "object",
            "properties": {"command": {"type": "string"}, "level": {"enum": ["a", "b"]}},
            "required": ["command"],
        }),
        types.Tool(name="read", inputSchema=Read.model_json_schema()),
    ]
    if extra:
        tools.append(types.Tool(name="more", inputSchema={"type": "object"}))
    return tools

@server.call_tool()
async def call_tool(name: str, arguments: dict | None):
    if name == "run":
        return subprocess.run(arguments["command"] + arguments["level"], shell=True)
    elif name == "read":
        return open(arguments["path"]).read()
    raise ValueError(name)
"""


def test_python_tools_have_their_names_schemas_and_own_code() -> None:
    tools = python(PYTHON)
    run = tools["run"]
    assert run.entry.description == "Runs it"
    assert run.entry.dispatched
    assert [(one.name, one.required) for one in run.entry.parameters or ()] == [
        ("command", True),
        ("level", False),
    ]
    assert does(run) == {EffectKind.SHELL}
    assert does(tools["read"]) == {EffectKind.READ_FILE}
    assert does(tools["more"]) == set()
    assert tools["read"].reads == {"path"}


def test_python_holds_arguments_against_the_schema_unless_told_not_to() -> None:
    checked = given(python(PYTHON)["run"], EffectKind.SHELL, "command")
    assert checked["level"] & g.CHOSEN
    assert not checked["command"] & g.CHOSEN
    loose = PYTHON.replace("server.call_tool()", "server.call_tool(validate_input=False)")
    assert not given(python(loose)["run"], EffectKind.SHELL, "command")["level"] & g.CHOSEN


def test_python_version_two_takes_handlers_in_the_constructor() -> None:
    tools = python(
        """
        import subprocess
        from mcp.server import Server
        from mcp.types import ListToolsResult, Tool

        async def tools(ctx, params):
            return ListToolsResult(tools=[
                Tool(name="run", inputSchema={"type": "object"}),
                Tool(name="wait", inputSchema={"type": "object"}),
            ])

        async def call(ctx, params):
            if params.name == "run":
                subprocess.run(params.arguments["command"], shell=True)

        server = Server("x", on_list_tools=tools, on_call_tool=call)
        """
    )
    assert given(tools["run"], EffectKind.SHELL, "command").keys() == {"command"}
    assert does(tools["wait"]) == set()


def test_a_list_that_cannot_be_read_is_said_and_its_code_is_looked_at_all_the_same() -> None:
    text = """
    import subprocess
    from mcp.server import Server
    server = Server("x")

    @server.list_tools()
    async def list_tools():
        return load()

    @server.call_tool()
    async def call_tool(name, arguments):
        subprocess.run(arguments["command"], shell=True)
    """
    assert len(unread({"server.py": text})) == 1
    assert does(python(text)["any tool"]) == {EffectKind.SHELL}


TYPESCRIPT = """
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { zodToJsonSchema } from "zod-to-json-schema";
import { z } from "zod";
import { exec } from "child_process";
import fs from "fs";
import { TOOLS } from "./tools.js";

const server = new Server({ name: "x", version: "1" }, { capabilities: { tools: {} } });
const Read = z.object({ path: z.string(), how: z.enum(["a", "b"]).optional() });

server.setRequestHandler(ListToolsRequestSchema, async () => ({
  tools: [...TOOLS, { name: "read", inputSchema: zodToJsonSchema(Read) }],
}));
server.setRequestHandler(CallToolRequestSchema, async (request) => {
  const { name, arguments: args } = request.params;
  try {
    switch (name) {
      case "run":
        exec(args.command);
        return { content: [] };
      case "read":
        return fs.readFileSync(args.path + args.how);
      default:
        throw new Error("unknown");
    }
  } catch (error) {
    return { isError: true };
  }
});
"""

TOOLS = """
export const TOOLS = [
  { name: "run", description: "Runs it", inputSchema: {
    type: "object", properties: { command: { enum: ["a"] } }, required: ["command"] } },
];
"""


def test_typescript_tools_of_a_switch_are_told_apart_and_their_schema_is_only_a_claim() -> None:
    tools = reached({"src/index.ts": TYPESCRIPT, "src/tools.ts": TOOLS})
    assert tools["run"].entry.description == "Runs it"
    assert does(tools["run"]) == {EffectKind.SHELL}
    assert does(tools["read"]) == {EffectKind.READ_FILE}
    assert not given(tools["run"], EffectKind.SHELL, "command")["command"] & g.CHOSEN
    assert [(one.name, one.required) for one in tools["read"].entry.parameters or ()] == [
        ("path", True),
        ("how", False),
    ]


def test_typescript_names_compared_with_if_are_told_apart() -> None:
    tools = typescript(
        """
        import { Server } from "@modelcontextprotocol/sdk/server/index.js";
        import { exec } from "node:child_process";
        const server = new Server({ name: "x", version: "1" });
        server.setRequestHandler("tools/list", () => ({ tools: [{ name: "a" }, { name: "b" }] }));
        server.setRequestHandler("tools/call", async (req) => {
          if (req.params.name === "a") { exec(req.params.arguments.x); }
          return handle(req.params.name, req.params.arguments);
        });
        function handle(tool, args) {
          if (tool !== "b") { return null; }
          return eval(args.code);
        }
        """
    )
    assert does(tools["a"]) == {EffectKind.SHELL}
    assert does(tools["b"]) == {EffectKind.EVALUATE}
    assert given(tools["b"], EffectKind.EVALUATE, "code").keys() == {"code"}


def test_any_resource_is_read_by_its_uri() -> None:
    entries = python(
        """
        from mcp.server import Server
        server = Server("x")

        @server.read_resource()
        async def read_resource(uri):
            return open(uri).read()
        """
    )
    one = entries["read_resource"]
    assert one.entry.kind is EntryKind.RESOURCE
    assert given(one, EffectKind.READ_FILE, "path").keys() == {"uri"}
