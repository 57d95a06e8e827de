"""Syntax newer than the oldest Python that Ostiary runs on is read on all of them."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyze.lowered import module, nodes, shape
from ostiary.analyze import ir
from ostiary.analyze.python.newer import rewritten


@pytest.mark.parametrize(
    ("source", "older"),
    [
        ("type X = int", "X      = int"),
        ("type X[T: (int, str)] = list[T]", "X" + " " * 20 + " = list[T]"),
        ("def f[T](x: T) -> T: pass", "def f   (x: T) -> T: pass"),
        ("async def f[T: 'a]b'](x): pass", "async def f" + " " * 10 + "(x): pass"),
        ("class A[T = int](B): pass", "class A         (B): pass"),
        ("class A:\n    def m[**P, *Ts](self): pass", "class A:\n    def m          (self): pass"),
        ("def f[\n  T,\n](x): pass", "def f\\\n   \\\n (x): pass"),
    ],
)
def test_type_parameters(source: str, older: str) -> None:
    assert rewritten(source) == older
    ast.parse(older)


@pytest.mark.parametrize(
    "source",
    [
        "type(x)",
        "type = 1",
        "x[type]",
        "class A(B): pass",
        "f'{a[\"b\"]!r:>{w}}'",
        'f"{{}}"',
        "x = '''type X = int'''",
        "f'unfinished {",
        "f'{x",
        "'",
    ],
)
def test_older_syntax_stays(source: str) -> None:
    assert rewritten(source) == source


A, B = ("Name", "a"), ("Name", "b")
KEY = ("Index", A, ("Constant", "k"))


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ('f"x{a["k"]}y"', (("Constant", "x"), KEY, ("Constant", "y"))),
        ("f'{a['k']}'", (KEY,)),
        ('f"{f"{f"{a}"}"}"', (("Template", (("Template", (A,)),)),)),
        ('f"""{a["""k"""]}"""', (KEY,)),
        ('f"\\"{a["k"]}\'"', (("Constant", '"'), KEY, ("Constant", "'"))),
        ('f"{a}{\n    b\n}"', (A, B)),
        ('f"{a  # why\n}"', (A,)),
        ('rf"\\d{a["k"]}"', (("Constant", "\\d"), KEY)),
        ('f"{a["it\'s"]}"', (("Index", A, ("Constant", "it's")),)),
        ('t"x{a}"', (("Constant", "x"), A)),
    ],
)
def test_strings_with_any_quote_inside(source: str, parts: object) -> None:
    lowered = module(f"x = {source}\nlast()\n")
    assert lowered.problems == ()
    template = nodes(lowered, ir.Template)[0]
    assert shape(template.parts) == parts
    assert nodes(lowered, ir.Call)[-1].line == source.count("\n") + 2


def test_an_escape_inside_braces() -> None:
    lowered = module('x = f"{\'\\n\'.join(a)}"\ny = f"{", ".join(f"{k}={v}" for k, v in b)}"\n')
    assert lowered.problems == ()
    assert len(nodes(lowered, ir.Call)) == 2
    assert len(nodes(lowered, ir.Comprehension)) == 1


def test_a_format_with_quotes_inside() -> None:
    lowered = module('x = f"{a["k"]:>{b["w"]}}"\n')
    assert lowered.problems == ()
    assert len(nodes(lowered, ir.Index)) == 2


def test_a_file_of_today_is_whole() -> None:
    lowered = module(
        "type Json = dict[str, Json] | None\n"
        "class Box[T]:\n"
        "    def get[K](self, key: K) -> T:\n"
        '        return run(f"git log {self.args["path"]}")\n'
    )
    assert lowered.problems == ()
    (call,) = nodes(lowered, ir.Call)
    assert isinstance(call.args[0], ir.Template)
    get = nodes(lowered, ir.FunctionDef)[0]
    assert (get.params[1].annotation, get.annotation) == ("K", "T")


PIECES = st.sampled_from(
    [*"fFrt\"'{}[]():!=#\\\n ab", '"""', "'''", 'f"', "f'", "type X", "def f[", "\n"]
)


@given(st.lists(PIECES, max_size=30))
def test_any_text_is_rewritten_or_stays(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert rewritten(text).count("\n") <= text.count("\n")


@given(st.lists(PIECES, max_size=12))
def test_what_parses_already_stays_the_same_program(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        before = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    if "\\" not in text:
        assert ast.dump(ast.parse(rewritten(text))) == ast.dump(before)


@pytest.mark.parametrize("piece", ["def f[\n", "f'{", '\\"""', "f\"{'''", "f'''{(\n", "type X[\n"])
def test_what_never_ends_is_left_alone_soon(piece: str) -> None:
    text = piece * 20_000
    assert rewritten(text).count("\n") == text.count("\n")
