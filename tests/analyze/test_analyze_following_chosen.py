"""Code that is looked up in a table by a name: a tool runs what its own name leads to."""

from __future__ import annotations

import pytest

from analyze.declared import does, python, typescript
from ostiary.analyze.dataflow.effect import EffectKind

_CHANGE = EffectKind.WRITE_FILE
SCRIPT = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import fs from "fs";
const server = new McpServer({ name: "x", version: "1" });
const TOOLS = [
  { name: "save", inputSchema: { dir: z.string() } },
  { name: "peek", inputSchema: { dir: z.string() } },
];
const save = async (args) => { fs.writeFileSync(args.dir, "x"); return { content: [] }; };
const peek = async (args) => ({ content: [{ type: "text", text: args.dir }] });
const HANDLERS = { save, peek };
const BY_NAME = new Map([["save", save], ["peek", peek]]);
const timed = (name, work) => async (args) => { const r = await work(args); return r; };
const call = (name, args) => HANDLERS[name](args);
"""
PYTHON = '''
import os
from fastmcp import FastMCP
mcp = FastMCP("x")
def save(dir: str) -> str:
    """Saves it."""
    open(dir, "w").write("x")
    return dir
def peek(dir: str) -> str:
    """Looks at it."""
    return dir
HANDLERS = {"save": save, "peek": peek}
'''


@pytest.mark.parametrize(
    "loop",
    [
        "TOOLS.forEach((tool) => { const h = HANDLERS[tool.name]; if (!h) throw 1; GIVE(h) });",
        "TOOLS.forEach((tool) => { const h = HANDLERS[tool.name]; GIVE(timed(tool.name, h)) });",
        "TOOLS.forEach((tool) => GIVE(BY_NAME.get(tool.name)));",
        "TOOLS.forEach((tool) => GIVE(async (args) => call(tool.name, args)));",
        "for (const tool of TOOLS) GIVE(HANDLERS[tool.name]);",
        "const add = (tool) => GIVE(HANDLERS[tool.name]); for (const tool of TOOLS) add(tool);",
    ],
)
def test_each_row_gets_the_handler_of_its_name(loop: str) -> None:
    given = loop.replace("GIVE(", 'server.tool(tool.name, "It", tool.inputSchema, ')
    tools = typescript(SCRIPT + given)
    assert _CHANGE in does(tools["save"])
    assert _CHANGE not in does(tools["peek"])


@pytest.mark.parametrize(
    ("asked", "changes"),
    [
        ('"save"', True),
        ('"peek"', False),
        ('a.which ?? "peek"', True),
        ("a.which", True),
        ('a.dir ? "save" : "peek"', True),
        ('"pe" + a.which', True),
    ],
)
def test_a_name_that_the_caller_may_change_leads_to_any_of_them(asked: str, changes: bool) -> None:
    shape = "{ dir: z.string(), which: z.string() }"
    tools = typescript(SCRIPT + f'server.tool("t", "It", {shape}, async (a) => call({asked}, a));')
    assert (_CHANGE in does(tools["t"])) is changes


BY_TEXT = """
def add(name):
    mcp.tool(name=name)(HANDLERS[name])
for name in ("save", "peek"):
    add(name)
"""
BY_ROW = """
def add(row):
    mcp.tool(name=row["n"])(HANDLERS.get(row["n"]))
for row in [{"n": "save"}, {"n": "peek"}]:
    add(row)
"""


@pytest.mark.parametrize("loop", [BY_TEXT, BY_ROW])
def test_tables_of_python(loop: str) -> None:
    tools = python(PYTHON + loop)
    assert _CHANGE in does(tools["save"])
    assert _CHANGE not in does(tools["peek"])
