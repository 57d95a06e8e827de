"""Python's forms become the small language."""

from __future__ import annotations

import ast

import pytest

from analyze.lowered import expression, module, nodes, only, shape, statements
from ostiary.analyze import ir


def names(*ids: str) -> tuple[object, ...]:
    return tuple(("Name", one) for one in ids)


A, B, C = names("a", "b", "c")


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a", A),
        ("a.b", ("Member", A, "b")),
        ("a[b]", ("Index", A, B)),
        ("a[b:c]", ("Index", A, ("Opaque", (B, C)))),
        ("a[1:, ::b]", None),
        ("'x' 'y'", ("Constant", "xy")),
        ("b'x'", ("Constant", b"x")),
        ("-1", ("Constant", -1)),
        ("-a", ("Unary", "-", A)),
        ("not a", ("Unary", "not", A)),
        ("...", ("Opaque", ())),
        ("2j", ("Opaque", ())),
        ("None", ("Constant", None)),
        ("a + b", ("Binary", "+", A, B)),
        ("a % b", ("Binary", "%", A, B)),
        ("a @ b", ("Binary", "@", A, B)),
        ("a - b - c", ("Binary", "-", ("Binary", "-", A, B), C)),
        ("a and b and c", ("Logical", "and", ("Logical", "and", A, B), C)),
        ("a or b", ("Logical", "or", A, B)),
        ("a not in b", ("Compare", "not-in", A, B)),
        ("a is not None", ("Compare", "is-not", A, ("Constant", None))),
        (
            "a < b <= c",
            ("Logical", "and", ("Compare", "<", A, B), ("Compare", "<=", B, C)),
        ),
        ("a if b else c", ("Conditional", B, A, C)),
        ("[a, *b]", ("Sequence", (A, ("Spread", B)))),
        ("{a, b}", ("Sequence", (A, B))),
        ("(a, b)", ("Sequence", (A, B))),
        ("{a: b, **c}", ("Mapping", ((A, B), (None, C)))),
        ("(a := b)", ("Assigned", ("NamePattern", "a"), B, None)),
        ("f'x{a}'", ("Template", (("Constant", "x"), A))),
        (
            "f'{a!r:>{b}}'",
            (
                "Template",
                (
                    (
                        "Call",
                        ("Name", "format"),
                        (
                            ("Call", ("Name", "repr"), (A,), (), False),
                            ("Template", (("Constant", ">"), B)),
                        ),
                        (),
                        False,
                    ),
                ),
            ),
        ),
        (
            "a(b, *c, d=b, **c)",
            ("Call", A, (B, ("Spread", C)), (("d", B), (None, C)), False),
        ),
        (
            "[a for b in c if a if b]",
            ("Comprehension", A, None, ((("NamePattern", "b"), C, (A, B)),), False),
        ),
        ("{a: b for b in c}", ("Comprehension", B, A, ((("NamePattern", "b"), C, ()),), False)),
        ("(a for b in c)", ("Comprehension", A, None, ((("NamePattern", "b"), C, ()),), True)),
    ],
)
def test_an_expression(source: str, wanted: object) -> None:
    found = shape(expression(source))
    if wanted is not None:
        assert found == wanted
    else:
        assert found == (
            "Index",
            A,
            ("Sequence", (("Opaque", (("Constant", 1),)), ("Opaque", (B,)))),
        )


def test_a_format_of_a_number_keeps_its_specification() -> None:
    call = only(expression("f'{port:d}'"), ir.Call)
    assert shape(call.args) == (("Name", "port"), ("Constant", "d"))


def test_the_middle_of_a_chain_with_effects_runs_once() -> None:
    value = expression("0 < (x := f()) < 10")
    assert len(nodes(value, ir.Call)) == 1
    held = nodes(value, ir.Assigned)
    assert isinstance(held[0].target, ir.NamePattern)
    assert held[0].target.id in {name.id for name in nodes(value, ir.Name)}


def test_a_lambda_takes_the_name_of_its_variable() -> None:
    (statement,) = statements("run = lambda cmd, *rest, flag=1, **more: go(cmd)")
    function = only(statement, ir.FunctionDef)
    assert function.name == "run"
    assert [one.kind for one in function.params] == ["plain", "rest", "keyword", "keywords"]
    assert isinstance(function.body[0], ir.Return)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a = b = c", (("NamePattern", "a"), ("NamePattern", "b"))),
        ("a.b = c", (("PlacePattern", ("Member", A, "b")),)),
        ("a[b] = c", (("PlacePattern", ("Index", A, B)),)),
        (
            "a, *b, c = c",
            (
                (
                    "SequencePattern",
                    (("NamePattern", "a"), ("NamePattern", "c")),
                    ("NamePattern", "b"),
                ),
            ),
        ),
    ],
)
def test_targets(source: str, wanted: object) -> None:
    (statement,) = statements(source)
    assert isinstance(statement, ir.Assign)
    assert shape(statement.targets) == wanted


def test_declared_types_stay_as_written() -> None:
    first, second, third = statements(
        'x: Annotated[str,\n  Field(pattern=r"^[a-z]+$")] = b\ny: "Sequence[int]"\nz: int = 1'
    )
    assert isinstance(first, ir.Assign)
    assert first.annotation == 'Annotated[str,\n  Field(pattern=r"^[a-z]+$")]'
    assert isinstance(second, ir.Assign)
    assert (second.annotation, second.value) == ("Sequence[int]", None)
    assert isinstance(third, ir.Assign)
    assert third.annotation == "int"


def test_a_type_after_letters_of_two_bytes() -> None:
    (function,) = nodes(module('def f(é: "ü" = "ß", x: Größe = "ä") -> Maß: pass'), ir.FunctionDef)
    assert [one.annotation for one in function.params] == ["ü", "Größe"]
    assert function.annotation == "Maß"
    assert function.params[1].pattern.column == 21


def test_augmented_and_deleted() -> None:
    first, second = statements("a += b\ndel a.x, b")
    assert shape(first) == ("Assign", (("NamePattern", "a"),), B, "+", "", False)
    assert isinstance(second, ir.Delete)
    assert len(second.values) == 2


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("import os", [("os", (("*", "os"),))]),
        ("import os.path", [("os", (("*", "os"),)), ("os.path", ())]),
        ("import os.path as p", [("os.path", (("*", "p"),))]),
        ("from . import a", [(".", (("a", "a"),))]),
        ("from ..x.y import a as b, c", [("..x.y", (("a", "b"), ("c", "c")))]),
        ("from m import *", [("m", (("**", ""),))]),
    ],
)
def test_imports(source: str, wanted: object) -> None:
    found = [one for one in statements(source) if isinstance(one, ir.Import)]
    assert [(one.module, one.names) for one in found] == wanted


def test_imports_for_types_only() -> None:
    lowered = module(
        "from typing import TYPE_CHECKING\nimport typing\n"
        "if TYPE_CHECKING:\n    from a import B\nelse:\n    B = object\n"
        "if typing.TYPE_CHECKING:\n    import c\nimport d\n"
    )
    assert [(one.module, one.type_only) for one in nodes(lowered, ir.Import)] == [
        ("typing", False),
        ("typing", False),
        ("a", True),
        ("c", True),
        ("d", False),
    ]


FUNCTION = '''
@app.tool("x", description="d")
@other
async def f(a, /, b: int = 1, *args, c: str, d="e", **more) -> list[str]:
    """Does it.

        Indented.
    """
    global G, H
    nonlocal_ = 1
    yield a
'''


def test_a_function() -> None:
    function = only(module(FUNCTION), ir.FunctionDef)
    assert (function.line, function.name, function.end_line) == (4, "f", 11)
    assert function.doc == "Does it.\n\nIndented."
    assert (function.is_async, function.is_generator, function.is_arrow) == (True, True, True)
    assert function.outer == ("G", "H")
    assert function.annotation == "list[str]"
    assert len(function.decorators) == 2
    assert [(one.kind, one.annotation, one.default is not None) for one in function.params] == [
        ("plain", "", False),
        ("plain", "int", True),
        ("rest", "", False),
        ("keyword", "str", False),
        ("keyword", "", True),
        ("keywords", "", False),
    ]
    assert [type(one) for one in function.body] == [ir.Assign, ir.Do]


def test_a_generator_inside_is_not_one_outside() -> None:
    outer, inner = nodes(module("def f():\n def g():\n  yield 1\n return g\n"), ir.FunctionDef)
    assert (outer.is_generator, inner.is_generator) == (False, True)


CLASS = """
class Server(Base, metaclass=Meta, **more):
    "A server."
    kind: ClassVar[str] = "x"
    port: int = 80
    make = other = build()
    if DEBUG:
        def extra(self): pass
    call()
    def __init__(self): pass
    @property
    def a(self): pass
    @a.setter
    def a(self, v): pass
    @staticmethod
    def s(): pass
    @classmethod
    def k(cls): pass
    async def m(self): pass
    class Inner: pass
"""


def test_a_class() -> None:
    server, inner = nodes(module(CLASS), ir.ClassDef)
    assert (server.name, server.doc, inner.name) == ("Server", "A server.", "Inner")
    assert [(one.name, one.kind) for one in server.methods] == [
        ("__init__", "constructor"),
        ("a", "getter"),
        ("a", "setter"),
        ("s", "static"),
        ("k", "class"),
        ("m", "method"),
    ]
    assert [(one.name, one.annotation, one.static) for one in server.fields] == [
        ("kind", "ClassVar[str]", True),
        ("port", "int", False),
        ("make", "", True),
        ("other", "", True),
    ]
    assert [type(one) for one in server.body] == [ir.If, ir.Do, ir.DefineClass]
    assert only(server.body[0], ir.FunctionDef).kind == "method"
    assert [name for name, _ in server.keywords] == ["metaclass", "**"]


def test_statements() -> None:
    lowered = module(
        "assert a, b\n"
        "raise a from f()\n"
        "while a:\n    break\nelse:\n    continue\n"
        "async def g():\n"
        "    async with a as b, c: pass\n"
        "    async for x, y in z: await x\n"
        "try:\n    a\nexcept (E, F) as e:\n    b\nexcept:\n    c\nelse:\n    d\nfinally:\n    e\n"
        "try:\n    a\nexcept* E:\n    b\n"
    )
    assert lowered.problems == ()
    test = lowered.body[0]
    assert isinstance(test, ir.If)
    assert shape(test.test) == ("Unary", "not", A)
    assert shape(test.then) == (("Throw", B),)
    assert [type(one) for one in lowered.body[1:3]] == [ir.Do, ir.Throw]
    assert [one.kind for one in nodes(lowered, ir.Jump)] == ["break", "continue"]
    block = only(lowered, ir.With)
    assert shape(block.items) == ((A, ("NamePattern", "b")), (C, None))
    first, second = nodes(lowered, ir.Try)
    assert [(caught, bool(bound)) for caught, bound, _ in first.handlers] == [
        ("(E, F)", True),
        ("", False),
    ]
    assert len(first.other) == len(first.final) == 1
    assert second.handlers[0][0] == "E"


MATCH = """
match name:
    case "read" | "get":
        a
    case Color.RED:
        b
    case {"path": path, **rest}:
        c
    case [first, *_, (int(last) | last)]:
        d
    case Point(x=px) if px > 0:
        e
    case other:
        f
"""


def test_match() -> None:
    switch = only(module(MATCH), ir.Switch)
    assert shape(switch.subject) == ("Name", "name")
    literal, colour, mapping, sequence, point, default = switch.cases
    assert shape(literal[0]) == (("Constant", "read"), ("Constant", "get"))
    assert shape(colour[0]) == (("Member", ("Name", "Color"), "RED"),)
    assert [len(case[0]) for case in (mapping, sequence, point)] == [1, 1, 1]
    assert all(isinstance(case[0][0], ir.Opaque) for case in (mapping, sequence, point))
    assert default[0] == ()
    subject = ("Name", "name")
    assigned = {
        str(only(one.targets, ir.NamePattern).id): shape(one.value)
        for one in nodes(switch, ir.Assign)
    }
    last = ("Index", subject, ("Constant", -1))
    assert assigned == {
        "path": ("Index", subject, ("Constant", "path")),
        "rest": ("Opaque", (subject,)),
        "first": ("Index", subject, ("Constant", 0)),
        "last": ("Opaque", (last, last)),
        "px": ("Member", subject, "x"),
        "other": subject,
    }
    assert isinstance(point[1][-1], ir.If)


def test_match_evaluates_its_subject_once() -> None:
    lowered = module("match read(x):\n    case {'a': a}: pass\n    case b: pass\n")
    assert len(nodes(lowered, ir.Call)) == 1
    assert isinstance(lowered.body[0], ir.Assign)


def test_a_guarded_wildcard_is_no_default() -> None:
    switch = only(module("match a:\n case _ if b: pass\n case _: pass\n"), ir.Switch)
    assert [len(tests) for tests, _ in switch.cases] == [1, 0]


def test_branches_nest_and_a_long_run_is_a_switch() -> None:
    few = module("if a: f()\nelif b: g()\nelse: h()\n")
    assert len(nodes(few, ir.If)) == 2
    many = "".join(f"elif name == 't{i}': f{i}()\n" for i in range(500))
    switch = only(module(f"if name in ('a', 'b'): pass\n{many}else: last()\n"), ir.Switch)
    assert shape(switch.subject) == ("Name", "name")
    assert shape(switch.cases[0][0]) == (("Constant", "a"), ("Constant", "b"))
    assert switch.cases[-1][0] == ()
    mixed = "".join(f"elif t{i}(): pass\n" for i in range(100))
    assert shape(only(module(f"if a: pass\n{mixed}"), ir.Switch).subject) == ("Constant", True)


def test_a_module() -> None:
    lowered = module('"""The doc."""\n# one\n\nx = "# no"  #! two\n')
    assert lowered.doc == "The doc."
    assert (lowered.path, lowered.language, lowered.lines) == ("pkg/file.py", "python", 4)
    assert lowered.comments == ((2, "one"), (4, "two"))
    assert not lowered.minified


def test_every_call_of_this_project_is_in_the_small_language() -> None:
    from house.repository import sources

    for path in sources()[::7]:
        source = path.read_text(encoding="utf-8")
        wanted = {
            (one.lineno, one.col_offset + 1)
            for one in ast.walk(ast.parse(source))
            if isinstance(one, ast.Call)
        }
        found = {(one.line, one.column) for one in nodes(module(source.encode()), ir.Call)}
        if source.isascii():
            assert wanted <= found, path
        assert len(found) >= len(wanted), path
