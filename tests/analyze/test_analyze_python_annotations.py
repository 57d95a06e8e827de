"""Declared types of Python become schemas, and guarantee no more than they check."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyze.lowered import module, nodes
from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.python.annotations import Lookup, nothing, parameter, schema_of
from ostiary.analyze.python.docstrings import described

NAME = g.PLAIN | g.NO_DOTS | g.BASENAME | g.PLAIN_COMMAND | g.NO_DASH | g.SQL_WORD


def lookup(source: str) -> Lookup:
    """The classes and plain assignments of a module."""
    lowered = module(source)
    assert lowered.problems == ()
    found: dict[str, ir.ClassDef | ir.Expr] = {one.name: one for one in nodes(lowered, ir.ClassDef)}
    for one in nodes(lowered, ir.Assign):
        if one.value is not None and isinstance(one.targets[0], ir.NamePattern):
            found[one.targets[0].id] = one.value
    return found.get


@pytest.mark.parametrize(
    ("annotation", "schema", "guarantees"),
    [
        ("str", {"type": "string"}, 0),
        ("int", {"type": "integer"}, g.NUMBER),
        ("'bool'", {"type": "boolean"}, g.NUMBER),
        ("builtins.float", {"type": "number"}, g.NUMBER),
        ("", {}, 0),
        ("Unknown", {}, 0),
        ("Any", {}, 0),
        ("not a type(", {}, 0),
        ("dict", {"type": "object"}, 0),
        (
            "dict[str, int]",
            {"type": "object", "additionalProperties": {"type": "integer"}},
            0,
        ),
        ("list", {"type": "array"}, 0),
        ("List[str]", {"type": "array", "items": {"type": "string"}}, 0),
        ("set[int]", {"type": "array", "items": {"type": "integer"}}, g.NUMBER),
        (
            "tuple[int, str]",
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]},
            0,
        ),
        ("tuple[int, ...]", {"type": "array", "items": {"type": "integer"}}, g.NUMBER),
        ("Literal['a', 'b']", {"enum": ["a", "b"], "type": "string"}, g.CHOSEN),
        ("typing.Literal[1, 2]", {"enum": [1, 2], "type": "integer"}, g.CHOSEN),
        ("Literal[True]", {"enum": [True]}, g.CHOSEN),
        ("Literal[Kind.A]", {}, g.CHOSEN),
        ("Optional[str]", {"anyOf": [{"type": "string"}, {"type": "null"}]}, 0),
        ("int | None", {"anyOf": [{"type": "integer"}, {"type": "null"}]}, g.NUMBER),
        ("Union[int, str]", {"anyOf": [{"type": "integer"}, {"type": "string"}]}, 0),
        ("str | Unknown", {}, 0),
        ("Optional[Literal['a']]", None, g.CHOSEN),
        ("int | Literal['a']", None, g.NUMBER),
        ("ClassVar[int]", {"type": "integer"}, g.NUMBER),
        ("datetime.date", {"type": "string", "format": "date"}, g.NUMBER),
        ("Annotated[str, 'The path']", {"description": "The path", "type": "string"}, 0),
        (
            "Annotated[\n  int,\n  Field(ge=1, le=10, description='How many'),  # note\n]",
            {"type": "integer", "minimum": 1, "maximum": 10, "description": "How many"},
            g.NUMBER | g.SIZE_LIMITED,
        ),
        (
            "Annotated[str, Field(pattern=r'^[a-z]+$', max_length=40)]",
            {"type": "string", "pattern": "^[a-z]+$", "maxLength": 40},
            NAME | g.SIZE_LIMITED,
        ),
        ("Annotated[str, Field(pattern=r'[a-z]+')]", None, 0),
        ("Annotated[str, StringConstraints(pattern=r'^[a-z]+$')]", None, NAME),
        ("Annotated[int, Ge(0), Le(5)]", None, g.NUMBER | g.SIZE_LIMITED),
        ("Annotated[list[str], Field(max_length=3)]", None, g.SIZE_LIMITED),
        (
            "constr(regex=r'^[a-z]+$', max_length=9)",
            {"type": "string", "pattern": "^[a-z]+$", "maxLength": 9},
            NAME | g.SIZE_LIMITED,
        ),
        ("conlist(int, max_length=2)", None, g.NUMBER | g.SIZE_LIMITED),
        ("HttpUrl", {"type": "string", "format": "uri"}, g.PARSED_URL | g.SCHEME_CHECKED),
    ],
)
def test_a_type(annotation: str, schema: object, guarantees: int) -> None:
    found = schema_of(annotation)
    if schema is not None:
        assert found.schema == schema
    assert g.words(found.guarantees) == g.words(guarantees)


CLASSES = """
class Kind(str, Enum):
    A = "a"
    B = "b"
    _ignored = "x"

class Auto(Enum):
    A = auto()

class Base(BaseModel):
    id: int

class Query(Base):
    '''A query.'''
    kind: Kind
    text: str = Field(description="What to find", max_length=50)
    limit: int = 10
    note: Optional[str] = None
    inner: "Query | None" = None
    version: ClassVar[str] = "1"

class Options(TypedDict, total=False):
    path: str

@dataclass
class Point:
    x: float
    y: float = 0

class Plain:
    x: int = 1

Name = Annotated[str, Field(pattern="^[a-z]+$")]
Id = NewType("Id", int)
Loop = Loop
"""


def test_classes_of_the_target() -> None:
    known = lookup(CLASSES)
    assert schema_of("Kind", lookup=known).schema == {"enum": ["a", "b"], "type": "string"}
    assert schema_of("Kind", lookup=known).guarantees == g.CHOSEN
    assert schema_of("Auto", lookup=known).guarantees == g.CHOSEN
    query = schema_of("Query", lookup=known)
    properties = query.schema["properties"]
    assert isinstance(properties, dict)
    assert list(properties) == ["id", "kind", "text", "limit", "note", "inner"]
    assert properties["text"] == {
        "type": "string",
        "description": "What to find",
        "maxLength": 50,
    }
    assert properties["limit"] == {"type": "integer", "default": 10}
    assert query.schema["required"] == ["id", "kind", "text"]
    assert query.schema["description"] == "A query."
    assert query.guarantees == 0
    assert "required" not in schema_of("Options", lookup=known).schema
    point = schema_of("Point", lookup=known)
    assert point.schema["required"] == ["x"]
    assert point.guarantees == g.NUMBER
    assert schema_of("Plain", lookup=known).schema == {}


def test_aliases_of_the_target() -> None:
    known = lookup(CLASSES)
    assert schema_of("list[Name]", lookup=known).guarantees == NAME
    assert schema_of("Id", lookup=known).schema == {"type": "integer"}
    assert schema_of("Loop", lookup=known).schema == {}


FUNCTION = '''
def tool(
    path: str,
    count: int = 3,
    mode: Literal["r", "w"] | None = None,
    *,
    size: int = Field(..., ge=1),
    text: Annotated[str, Field(description="Given")] = Field(default="x"),
    tags: list[str] = Field(default_factory=list),
    untyped="z",
    **more: str,
):
    """Read.

    Args:
        path (str): The file to read,
            below the root.
        text: Not used.

    Returns:
        mode: no
    """
'''


def test_parameters() -> None:
    (function,) = nodes(module(FUNCTION), ir.FunctionDef)
    found = {one.name: one for one in (parameter(p, function.doc) for p in function.params)}
    assert found["path"].schema == {
        "type": "string",
        "description": "The file to read, below the root.",
    }
    assert found["count"].schema == {"type": "integer", "default": 3}
    assert g.words(found["mode"].guarantees) == g.words(g.CHOSEN)
    assert "description" not in found["mode"].schema
    assert found["text"].schema == {"type": "string", "description": "Given", "default": "x"}
    assert found["untyped"].schema == {"default": "z"}
    assert [name for name, one in found.items() if one.required] == ["path", "size"]


def test_docstrings_of_three_styles() -> None:
    assert described("Args:\n    a: One\n    b (int, optional): Two\n        more\n") == {
        "a": "One",
        "b": "Two more",
    }
    assert described(":param a: One\n    more\n:param int b: Two\n:return: x\n") == {
        "a": "One more",
        "b": "Two",
    }
    assert described(
        "Parameters\n----------\na, b : int\n    Both.\nc\n    Third.\n\nReturns\n"
    ) == {
        "a": "Both.",
        "b": "Both.",
        "c": "Third.",
    }
    assert described("Nothing: here\n") == {}
    assert described(":param" + " " * 90_000 + "x") == {}


def test_deep_types_are_bounded() -> None:
    nested = "list[" * 60 + "int" + "]" * 60
    assert schema_of(nested).schema["type"] == "array"
    wide = " | ".join(["int"] * 3000)
    assert schema_of(wide).guarantees in {0, g.NUMBER}


@given(st.text(st.sampled_from("Annotedlirs[](),|'\" .=:Field0{}\n#"), max_size=60))
def test_any_annotation_is_read(text: str) -> None:
    assert isinstance(schema_of(text, lookup=nothing).schema, dict)
