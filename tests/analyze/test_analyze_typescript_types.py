"""Types of TypeScript, read from their text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.typescript.types import schema_of
from ostiary.model.json import JsonObject

INTEGER: JsonObject = {"type": "integer"}


@pytest.mark.parametrize(
    ("annotation", "schema", "guarantees"),
    [
        ("string", {"type": "string"}, 0),
        ("number", {"type": "number"}, g.NUMBER),
        ("boolean | undefined", {"type": "boolean"}, g.NUMBER),
        ("'a' | \"b\" | null", {"enum": ["a", "b"]}, g.CHOSEN),
        ("| 'a' | -1", {"enum": ["a", -1]}, g.CHOSEN),
        ("'a' | string", {"anyOf": [{"const": "a"}, {"type": "string"}]}, 0),
        ("'a' | Foo", {}, 0),
        ("Promise<'a'>", {"const": "a"}, g.CHOSEN),
        (
            "string[][]",
            {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
            0,
        ),
        ("readonly number[]", {"type": "array", "items": {"type": "number"}}, 0),
        ("Array<'a'>", {"type": "array", "items": {"const": "a"}}, 0),
        (
            "Record<string, number>",
            {"type": "object", "additionalProperties": {"type": "number"}},
            0,
        ),
        (
            "{ readonly a: string; b?: 'x' | 'y', 'c-d': Foo }",
            {
                "type": "object",
                "properties": {"a": {"type": "string"}, "b": {"enum": ["x", "y"]}, "c-d": {}},
                "required": ["a", "c-d"],
            },
            0,
        ),
        ("Partial<{ a: 1 }>", {"type": "object", "properties": {"a": {"const": 1}}}, 0),
        ("(('a'))", {"const": "a"}, g.CHOSEN),
        ("(a: string) => 'b'", {}, 0),
        ("'a' extends B ? 'c' : 'd'", {}, 0),
        ("Foo['bar']", {}, 0),
        ("keyof typeof x", {}, 0),
        ("z.infer<typeof S>", {}, 0),
        ("", {}, 0),
    ],
)
def test_schemas(annotation: str, schema: JsonObject, guarantees: int) -> None:
    found = schema_of(annotation)
    assert (found.schema, found.guarantees) == (schema, guarantees)


@pytest.mark.parametrize("sign", ["[", "(", "{a:", "A<", "'a'|", "-", "keyof "])
def test_deep_types_are_not_understood_and_do_not_raise(sign: str) -> None:
    assert schema_of(sign * 5000).guarantees == 0


@given(st.text(alphabet="aA{}[]()<>|&:;?,.'\"`=-1 \\", max_size=60))
def test_no_text_raises(annotation: str) -> None:
    schema_of(annotation)
