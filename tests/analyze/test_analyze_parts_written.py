"""What is written into a part of an argument on one way leaves it what it was on others."""

from __future__ import annotations

import pytest

from analyze.judged import told
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules import command_injection
from ostiary.model.check import run

SERVER = """
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { execSync } from "child_process";
const server = new Server({ name: "s", version: "1" }, { capabilities: { tools: {} } });
const schema = { type: "object", properties: { dir: { type: "string" } } };
server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: [
  { name: "list", description: "Lists", inputSchema: schema },
  { name: "wait", description: "Waits", inputSchema: schema },
] }));
server.setRequestHandler(CallToolRequestSchema, async (request) => answer(request.params));
async function answer(params) {
  WRITTEN
  switch (params.name) {
    case "list": return { content: [{ type: "text", text: String(execSync(`ls ${USED}`)) }] };
    default: return { content: [] };
  }
}
"""


def findings(written: str, used: str = "params.arguments.dir") -> list[tuple[str, str]]:
    text = SERVER.replace("WRITTEN", written).replace("USED", used)
    facts = read_facts(Project({"s.ts": SourceFile("s.ts", text.encode())}))
    found, failed = run((command_injection.CHECK,), facts, "the server")
    assert not failed
    assert {one.location.part for one in found} <= {"tool list"}
    return told(found)


@pytest.mark.proves("MS-19")
@pytest.mark.parametrize(
    "written",
    [
        "if (!params.arguments) params.arguments = {};",
        "if (!params.arguments) { params.arguments = { more: 1 }; }",
        "if (params.arguments.old) { params.arguments.now = params.arguments.old; }",
        "if (!params.arguments.dir) params.arguments.dir = '.';",
        "if (params.again) { params.arguments = {}; } else { params.arguments.now = 1; }",
    ],
)
def test_a_default_for_one_way_takes_nothing_from_the_other(written: str) -> None:
    assert findings(written) == [("command-injection", "high")]


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("params.arguments = { dir: '.' };", "params.arguments.dir"),
        ("if (params.a) { params.dir = '.' } else { params.dir = '..' }", "params.dir"),
        ("params.arguments = { one: { dir: '.' } };", "params.arguments.one.dir"),
    ],
)
def test_what_is_written_on_every_way_is_what_is_there(written: str, used: str) -> None:
    assert findings(written, used) == []
