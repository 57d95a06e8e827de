"""Objects under several names, and objects that functions fill: what is put in by one is there."""

from __future__ import annotations

import textwrap

import pytest

from analyze.judged import python, script
from ostiary.analyze.rules.command_injection import CHECK

BEFORE = """
class Box:
    x = ""
def fill(table, value):
    table["x"] = value
def mark(box, value):
    box.x = value
def add(row, value):
    row.append(value)
def through(table, value):
    fill(table, value)
def copied(table, value):
    table = {**table}
    table["x"] = value
def asked(table):
    if table["x"] not in ("a", "b"):
        print("no")
"""
ARRIVES = {
    "another name": 'a = Box()\nb = a\na.x = name\nos.system("ls " + b.x)',
    "the first name": 'a = Box()\nb = a\nb.x = name\nos.system("ls " + a.x)',
    "of a table": 'a = {}\nb = a\na["x"] = name\nos.system("ls " + b["x"])',
    "of a list": 'a = []\nb = a\na.append(name)\nos.system("ls " + b[0])',
    "of a part": 'a = {"p": {}}\nb = a["p"]\nb["x"] = name\nos.system("ls " + a["p"]["x"])',
    "filled": 'a = {}\nfill(a, name)\nos.system("ls " + a["x"])',
    "filled by name": 'a = {}\nfill(value=name, table=a)\nos.system("ls " + a["x"])',
    "added to": 'a = []\nadd(a, name)\nos.system("ls " + a[0])',
    "marked": 'a = Box()\nmark(a, name)\nos.system("ls " + a.x)',
    "filled further down": 'a = {}\nthrough(a, name)\nos.system("ls " + a["x"])',
    "only asked": 'a = {"x": name}\nasked(a)\nos.system("ls " + a["x"])',
}
DOES_NOT = {
    "another object": 'a, b = Box(), Box()\na.x = name\nos.system("ls " + b.y)',
    "set anew before": 'a = {"x": ""}\nb = a\nb = {}\nb["x"] = name\nos.system("ls " + a["x"])',
    "a copy": 'a = {"x": ""}\ncopied(a, name)\nos.system("ls " + a["x"])',
    "another key": 'a = {"y": ""}\nfill(a, name)\nos.system("ls " + a["y"])',
    "something of ours": 'a = {}\nfill(a, "a")\nos.system("ls " + a["x"])',
    "another table": 'a, b = {"x": ""}, {}\nfill(b, name)\nos.system("ls " + a["x"])',
}
SINK = 'execFileSync("sh", ["-c", "ls " + {0}]);'
SCRIPTS_ARRIVE = {
    "another name": ("const b = {}; const c = b; b.y = a.x;", "c.y"),
    "filled": ("const fill = (t, v) => { t.y = v; }; const b = {}; fill(b, a.x);", "b.y"),
    "pushed": ("function add(t, v) { t.push(v); } const b = []; add(b, a.x);", "b[0]"),
}
SCRIPTS_DO_NOT = {
    "another object": ("const b = {}; const c = {}; b.y = a.x;", "c.y"),
    "another is filled": (
        "const fill = (t, v) => { t.y = v; }; const b = {}, c = {}; fill(c, a.x);",
        "b.y",
    ),
}


def _python(lines: str) -> bool:
    return bool(python(CHECK, f"def run(name: str):\n{textwrap.indent(lines, '    ')}", BEFORE))


@pytest.mark.parametrize("lines", ARRIVES.values(), ids=ARRIVES)
def test_it_arrives(lines: str) -> None:
    assert _python(lines)


@pytest.mark.parametrize("lines", DOES_NOT.values(), ids=DOES_NOT)
def test_it_does_not(lines: str) -> None:
    assert not _python(lines)


@pytest.mark.parametrize(("lines", "read"), SCRIPTS_ARRIVE.values(), ids=SCRIPTS_ARRIVE)
def test_it_arrives_in_scripts(lines: str, read: str) -> None:
    assert script(CHECK, lines + SINK.format(read))


@pytest.mark.parametrize(("lines", "read"), SCRIPTS_DO_NOT.values(), ids=SCRIPTS_DO_NOT)
def test_it_does_not_in_scripts(lines: str, read: str) -> None:
    assert not script(CHECK, lines + SINK.format(read))
