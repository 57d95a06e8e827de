"""Python that is broken, old, deep, huge or strangely encoded is read as far as it goes."""

from __future__ import annotations

import ast
import codecs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analyze.lowered import depth, module, nodes
from ostiary.analyze import ir
from ostiary.analyze.ir import Module


def called(lowered: Module) -> list[str]:
    callees = [one.callee for one in nodes(lowered, ir.Call)]
    return [one.id if isinstance(one, ir.Name) else "" for one in callees]


MANY = 100_000
DEEP = {
    "parentheses": "(" * MANY + "1" + ")" * MANY,
    "lists": "[" * MANY + "]" * MANY,
    "never closed": "{1:" * MANY,
    "signs": "-" * MANY + "1",
    "not": "not " * MANY + "1",
    "powers": "1**" * MANY + "1",
    "sums": "1+" * MANY + "1",
    "mixed": "1+2*3-" * MANY + "1",
    "members": "a" + ".b" * MANY,
    "calls": "a" + "()" * MANY,
    "indexes": "a" + "[0]" * MANY,
    "lambdas": "lambda:" * MANY + "1",
    "conditionals": "1 if 1 else " * MANY + "1",
    "format": 'f"{' * MANY,
    "nested format": 'f"{a:{a:{' * MANY,
    "indentation": "\n".join(" " * level + "if 1:" for level in range(500)),
    "assignments": "a=" * MANY + "1",
    "awaits": "await " * MANY + "1",
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP.keys())
def test_what_is_too_deep_is_said_and_hides_nothing_else(source: str) -> None:
    lowered = module(f"before()\n{source}\nafter()\n")
    assert called(lowered)[0] == "before"
    if source[-1] != "{" and source[-1] != ":":
        assert called(lowered)[-1] == "after"
    assert lowered.problems or source.startswith("a=")
    assert depth(lowered.body) < 500


@pytest.mark.parametrize(
    "source",
    [
        "a and b or " * 20_000 + "c",
        "a < " * 20_000 + "b",
        "a or " * 20_000 + "b",
        "'a' " * MANY,
        "f(" + "1," * MANY + ")",
    ],
    ids=["mixed logic", "comparisons", "logic", "literals", "arguments"],
)
def test_what_is_long_is_not_deep(source: str) -> None:
    lowered = module(source)
    assert lowered.problems == ()
    assert depth(lowered.body) < 60


def test_a_long_sum_keeps_every_operand() -> None:
    lowered = module("text = " + " + ".join(f"part{i}" for i in range(500)))
    assert lowered.problems == ()
    assert [one.id for one in nodes(lowered, ir.Name)] == [f"part{i}" for i in range(500)]
    assert depth(lowered.body) < 20


def test_names_flow_out_of_what_is_too_deep() -> None:
    lowered = module("x = " + "not " * 400 + "secret")
    assert [one.id for one in nodes(lowered, ir.Name)] == ["secret"]
    assert lowered.problems == ("line 1: nested deeper than 150 levels; that part is not read",)


def test_one_deep_statement_does_not_hide_the_function_around_it() -> None:
    lowered = module(f"def f(x):\n    first(x)\n    y = {'-' * MANY}1\n    last(x)\n")
    assert called(lowered) == ["first", "last"]
    assert lowered.problems == ("line 3: nested too deeply to be read; left out",)


PYTHON_2 = """import os
def run(cmd):
    print "running", cmd
    try:
        os.system(cmd)
    except OSError, error:
        print error
        recover()
    exec code in space
    return done()
last(1)
"""


def test_python_2_is_read_around_its_old_statements() -> None:
    lowered = module(PYTHON_2)
    assert [one.line for one in nodes(lowered, ir.Call)] == [5, 8, 10, 11]
    assert [problem.split(":")[0] for problem in lowered.problems] == [
        "line 3",
        "line 6",
        "line 7",
        "line 9",
    ]
    assert len(nodes(lowered, ir.Try)) == 1


@pytest.mark.parametrize(
    ("source", "wanted", "line"),
    [
        ("a()\nb(]\nc()\n", ["a", "c"], 2),
        ("x = (1,\n\ndef f():\n    a()\n", ["a"], 1),
        ("def f():\ny = 1\nz()\n", ["z"], 1),
        ("if x:\n  a()\n    b()\nc()\n", ["a", "c"], 3),
        ("try:\n  a()\nb()\n", ["b"], 1),
        ("match x:\n  case 1 2:\n    a()\n  case _:\n    b()\n", ["a", "b"], 2),
        ("class A:\n  def f(self): a()\n  x = = 2\n  def g(self): b()\n", ["a", "b"], 3),
        ("else:\n  a()\nb()\n", ["b"], 1),
        ('a()\nx = """never\nclosed\n', ["a"], 2),
        ("a()\n@d\ndef f(: pass\nimport x\nb()\n", ["a", "b"], 3),
    ],
)
def test_one_bad_line_does_not_hide_a_file(source: str, wanted: list[str], line: int) -> None:
    lowered = module(source)
    assert called(lowered) == wanted
    assert lowered.problems[0].startswith(f"line {line}: ")


def test_many_bad_lines_are_counted() -> None:
    lowered = module("f(a b)\n" * 5000 + "ok()\n")
    assert called(lowered) == ["ok"]
    assert len(lowered.problems) == 41
    assert lowered.problems[-1] == "4960 more places could not be read"


def test_a_huge_broken_statement_costs_a_bounded_number_of_readings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed: list[int] = []
    parse = ast.parse

    def counted(source: str) -> ast.Module:
        parsed.append(len(source))
        return parse(source)

    monkeypatch.setattr("ast.parse", counted)
    source = "def f():\n" + "    a()\n    b(]\n" * 4000
    lowered = module(source)
    assert sum(parsed) < 40 * len(source)
    assert "not read up to line 8001" in lowered.problems[0]


def test_a_larger_file_is_read_in_groups() -> None:
    wide = "x" * 120
    source = "'''Doc.'''\n" + "".join(f"call({i}, '{wide}')\n" for i in range(20_000))
    assert len(source) > 2_000_000
    lowered = module(source)
    assert lowered.problems == ()
    assert (lowered.doc, len(lowered.body)) == ("Doc.", 20_000)
    last = lowered.body[-1]
    assert (last.line, last.column) == (20_001, 1)


def test_a_statement_of_many_megabytes_is_not_read() -> None:
    lowered = module(f"a()\nx = '{'y' * 4_100_000}'\nb()\n")
    assert called(lowered) == ["a", "b"]
    assert lowered.problems == ("line 2: a statement of more than 4 MB was not read",)


@pytest.mark.parametrize(
    ("data", "value", "problems"),
    [
        (codecs.BOM_UTF8 + b"x = 'a'", "a", 0),
        ("# -*- coding: latin-1 -*-\nx = 'é'".encode("latin-1"), "é", 0),
        ("#!/bin/python\n# vim: set fileencoding=cp1252 :\nx = '€'".encode("cp1252"), "€", 0),
        (b"# coding: utf-7\nx = '+AGE-'", "a", 0),
        (b"# coding: unicode_escape\nx = '\\x61'", "a", 0),
        (b"# coding: punycode\nx = 'a'", "a", 1),
        (b"# coding: no-such\nx = 'a'", "a", 1),
        (b"# coding: rot13\nx = 'a'", "a", 1),
        (b"x = 'a'\n# coding: latin-1\n", "a", 0),
        (b"x = '\xff'", "\ufffd", 1),
        (b"x = 'a\0'", "a ", 1),
        ("x = 'a'".encode("utf-16"), "a", 1),
        (b"x = '\\ud800'", "\ufffd", 0),
        (b"x = '\\ud83d\\ude00'", "\U0001f600", 0),
        (b"\r\n\rx = 'a'\r", "a", 0),
        (b"x = '\\d'", "\\d", 0),
    ],
)
def test_encodings(data: bytes, value: str, problems: int) -> None:
    lowered = module(data)
    assert [one.value for one in nodes(lowered, ir.Constant)] == [value]
    assert len(lowered.problems) == problems


def test_lines_are_those_of_python() -> None:
    lowered = module(b"a()\r\nb()\rc()\n\x0cd('\x0b')\n")
    assert [one.line for one in nodes(lowered, ir.Call)] == [1, 2, 3, 4]


def test_a_huge_number_is_no_error() -> None:
    lowered = module(f"a()\nx = {'9' * 10_000}\nb()\n")
    assert called(lowered) == ["a", "b"]
    assert len(lowered.problems) == 1


@pytest.mark.parametrize(
    ("source", "minified"),
    [
        ("x=1;" * 2000, True),
        ("x = '" + "y" * 9000 + "'\n", False),
        ("def f(a, b):\n    return a + b\n" * 200, False),
        ("".join(f"def {'Il' * (i % 7 + 1)}{'I' * i}(lI): pass\n" for i in range(60)), True),
        ("".join(f"def name_{i}(value_{i}): pass\n" for i in range(60)), False),
    ],
)
def test_minified(source: str, minified: bool) -> None:
    assert module(source).minified is minified


WORDS = st.sampled_from(
    [
        *("def f(", "class A:", "if a:", "else:", "match a:", "case {", "try:", "except A, b:"),
        *("(", ")", "[", "]", "{", "}", '"', "'", '"""', "f'{", "}'", "\\", "#", "@", ":", "="),
        *("a", "1", "\n", "\n    ", "\n\t", "lambda", "yield ", "await ", "*", "**", "->", ":="),
        *("import a", "from . import *", "\0", "\ufeff", "é", "\ud800", "\u2028", "global a", "\r"),
    ]
)


@given(st.lists(WORDS, max_size=60))
@example(["f'{", '"""', "\\"])
def test_any_words_are_read(words: list[str]) -> None:
    lowered = module("".join(words))
    assert isinstance(lowered, Module)
    for node in nodes(lowered, ir.Node):
        assert node.line >= 1
        assert node.column >= 1
    for value in nodes(lowered, ir.Constant):
        if isinstance(value.value, str):
            value.value.encode()


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    assert module(data).language == "python"
    assert module(b"# coding: utf-7\n" + data).language == "python"


@given(st.text(max_size=200))
def test_a_literal_is_read_back(text: str) -> None:
    lowered = module(f"x = {text!r}")
    (value,) = nodes(lowered, ir.Constant)
    assert value.value == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
