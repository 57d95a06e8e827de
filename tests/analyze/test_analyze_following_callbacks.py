"""Functions that others call: with what they are handed, and with what a call brings."""

from __future__ import annotations

import pytest

from analyze.levels import TYPESCRIPT, facts_of
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind

PYTHON = """from mcp.server.fastmcp import FastMCP
import functools, os, threading
server = FastMCP("x")
def work(line, other=None): os.system("git " + line)
@server.tool()
def t(ref: str):
    BODY
"""
SCRIPT = (
    TYPESCRIPT
    + """
import fs from "fs"; import http from "http";
function work(line: string) { eval(line); }
server.tool("t", { p: z.string() }, async ({ p }) => {
  BODY
});
"""
)


def arriving(text: str, name: str, kind: EffectKind) -> set[SourceKind]:
    (tool,) = facts_of({name: text}).tools
    values = [value for one in tool.effects if one.kind is kind for value in one.operands.values()]
    return {source.kind for value in values for source, _ in value.deep_sources()}


@pytest.mark.parametrize(
    ("body", "reached"),
    [
        ("threading.Timer(5, work, [ref]).start()", True),
        ("threading.Timer(5, work, args=(ref,)).start()", True),
        ("threading.Thread(None, work, None, (ref,)).start()", True),
        ("functools.partial(work, ref)()", True),
        ("functools.partial(work, other=1)(ref)", True),
        ("threading.Timer(5, work, ['log']).start()", False),
        ("functools.partial(work, 'log', ref)()", False),
    ],
)
def test_functions_that_python_hands_on(body: str, reached: bool) -> None:
    found = arriving(PYTHON.replace("BODY", body), "a.py", EffectKind.SHELL)
    assert (SourceKind.MODEL in found) is reached


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("setImmediate(work, p);", {SourceKind.MODEL}),
        ("process.nextTick(work, p);", {SourceKind.MODEL}),
        ("process.nextTick(work, 'a');", set()),
        ("fs.readFile('a.txt', (error, data) => { eval(data); });", {SourceKind.FILE}),
        ("fs.readFile('a.txt', 'utf8', function (error, data) { eval(data); });",
         {SourceKind.FILE}),
        ("fs.readFile('a.txt', (error) => { eval(error); });", set()),
        ("http.get('http://a.example', (answer) => { answer.on('data', (one) => eval(one)); });",
         {SourceKind.REMOTE}),
        ("http.get('http://a.example', (answer) => { eval('1'); });", set()),
    ],
)  # fmt: skip
def test_functions_that_scripts_hand_on(body: str, expected: set[SourceKind]) -> None:
    assert arriving(SCRIPT.replace("BODY", body), "a.ts", EffectKind.EVALUATE) == expected
