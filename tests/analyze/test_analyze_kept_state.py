"""A server that remembers in memory what it is told is stateful."""

from __future__ import annotations

import textwrap

import pytest

from ostiary.analyze.levels import tool_reach
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.server_class import server_class

PYTHON = """
from mcp.server.fastmcp import FastMCP
server = FastMCP("x")
ROWS = []
BY_NAME = {}
LIMITS = (1, 2)

class Notes:
    def __init__(self):
        self.all = []
    def put(self, text):
        self.all.append(text)
        return len(self.all)

class Reader:
    def __init__(self):
        self.words = []
    def read(self, text):
        self.words.append(text)
        return self.words

notes = Notes()

@server.tool()
def handle(it: str):
    '''Handles it.'''
"""
SCRIPT = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
const server = new McpServer({ name: "x", version: "1.0.0" });
const rows = []; const kept = new Map();
class Thoughts { all = []; take(it) { this.all.push(it); return this.all.length; } }
class Reader { words = []; read(it) { this.words.push(it); return this.words; } }
const thoughts = new Thoughts();
server.tool("handle", { it: z.string() }, async ({ it }) => { BODY });
"""


def kind_of(path: str, text: str) -> str:
    facts = read_facts(Project({path: SourceFile(path, text.encode())}))
    return server_class(facts, tool_reach(facts)).kind


def python(body: str) -> str:
    return kind_of("server.py", PYTHON + textwrap.indent(textwrap.dedent(body), "    "))


@pytest.mark.proves("SA-27")
@pytest.mark.parametrize(
    "body",
    [
        "ROWS.append(it)",
        "BY_NAME[it] = 1",
        "BY_NAME.setdefault(it, []).append(1)",
        "return notes.put(it)",
    ],
)
def test_what_outlives_a_call_is_state(body: str) -> None:
    assert python(body) == "stateful"


@pytest.mark.parametrize(
    "body",
    [
        "rows = []\nrows.append(it)\nreturn rows",
        "ROWS = []\nROWS.append(it)\nreturn ROWS",
        "return len(ROWS) + len(it)",
        "return BY_NAME.get(it)",
        "return Reader().read(it)",
    ],
)
def test_what_ends_with_the_call_is_none(body: str) -> None:
    assert python(body) != "stateful"


@pytest.mark.proves("SA-27")
@pytest.mark.parametrize(
    ("body", "state"),
    [
        ("rows.push(it);", True),
        ("kept.set(it, 1);", True),
        ("thoughts.take(it);", True),
        ("const rows = []; rows.push(it);", False),
        ("return kept.get(it);", False),
        ("return new Reader().read(it);", False),
    ],
)
def test_in_scripts_too(body: str, state: bool) -> None:
    assert (kind_of("server.js", SCRIPT.replace("BODY", body)) == "stateful") is state
