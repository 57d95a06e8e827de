"""Which of its parameters a tool's code reads, where it is handed all of them at once."""

from __future__ import annotations

import pytest

from analyze.levels import facts_of

SCRIPT = """import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema, ListToolsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
const server = new Server({ name: "x", version: "1" }, { capabilities: { tools: {} } });
const properties = { q: { type: "string" }, dry: { type: "boolean" } };
server.setRequestHandler(ListToolsRequestSchema, async () => ({
  tools: [{ name: "a", description: "d", inputSchema: { type: "object", properties } }],
}));
function told(text: any) { return { content: [{ type: "text", text }] }; }
async function handed(given: any) { return told(given.q); }
server.setRequestHandler(CallToolRequestSchema, async (request) => {
  const name = request.params.name;
  TAKEN
  switch (name) { case "a": { BODY } }
});
"""
PYTHON = """from mcp.server.lowlevel import Server
import mcp.types as types
server = Server("x")
PROPERTIES = {"q": {"type": "string"}, "dry": {"type": "boolean"}}

@server.list_tools()
async def tools():
    schema = {"type": "object", "properties": PROPERTIES}
    return [types.Tool(name="a", description="d", inputSchema=schema)]

@server.call_tool()
async def called(name, arguments):
    TAKEN
    if name == "a":
        BODY
"""


def reads(text: str, name: str) -> list[str]:
    (tool,) = facts_of({name: text}).tools
    return sorted(tool.reads)


@pytest.mark.parametrize(
    ("taken", "body", "expected"),
    [
        ("const args = request.params.arguments ?? {};", "return told(args.q);", ["q"]),
        ("const args = request.params.arguments || {};", "return told(args.q);", ["q"]),
        ("const args = (request.params.arguments ?? {}) as any;", "return handed(args);", ["q"]),
        ("const { arguments: args = {} } = request.params;", "return told(args.q);", ["q"]),
        ("const args = request.params.arguments;", "return told(args ? args.q : '');", ["q"]),
        ("const args = request.params.arguments;", "const dry = args.dry; return told(args.q);",
         ["q"]),
        ("const args = request.params.arguments ?? {};",
         "if (args.dry) return told(''); return told(args.q);", ["dry", "q"]),
        ("const args = request.params.arguments ?? {};",
         "let text = 'a'; text += args.q; return told(text);", ["q"]),
        ("const args = request.params.arguments ?? {};", "return told(send(args));", ["*"]),
        ("const args = request.params.arguments ?? {};", "return told({ ...args });", ["*"]),
    ],
)  # fmt: skip
def test_parameters_that_a_script_reads(taken: str, body: str, expected: list[str]) -> None:
    text = SCRIPT.replace("TAKEN", taken).replace("BODY", body)
    assert reads(text, "a.ts") == expected


@pytest.mark.parametrize(
    ("taken", "body", "expected"),
    [
        ("args = arguments or {}", "return args['q']", ["q"]),
        ("args = arguments or {}", "return args.get('q', '')", ["q"]),
        ("args = arguments if arguments else {}", "return args.get('q')", ["q"]),
        ("if not arguments: raise ValueError", "return arguments['q']", ["q"]),
        ("if arguments is None: raise ValueError", "return arguments['q']", ["q"]),
        ("args = arguments or {}", "return args['q'] if not args['dry'] else ''", ["dry", "q"]),
        ("args = arguments or {}", "return args.get(which())", ["*", "dry", "q"]),
        ("args = arguments or {}", "return send(args)", ["*"]),
        ("args = arguments or {}", "return send(**args)", ["*"]),
    ],
)
def test_parameters_that_python_reads(taken: str, body: str, expected: list[str]) -> None:
    text = PYTHON.replace("TAKEN", taken).replace("BODY", body)
    assert reads(text, "a.py") == expected
