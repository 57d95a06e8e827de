"""Values that were held against a schema: what it lets through is known of them and their parts."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.join import part_of
from ostiary.analyze.dataflow.value import Flow, Value
from ostiary.analyze.declare.schemas import Checked, guarantees_of
from ostiary.analyze.declare.zod import zod_schema
from ostiary.model.json import JsonObject, as_object

VALIDATES: Final = "validates"
"""The tag of calls that hold a value against a schema and return it, or fail."""
_WRAPPED: Final = (".safeParse", ".safeParseAsync", ".spa")
"""Calls that say whether it holds, with the value inside what they return."""
_DEEPEST: Final = 4


def validated(value: Value, schema: Value, callee: str) -> Value:
    """What a validating call returns."""
    known = zod_schema(schema)
    if known is not None:
        value = _held(value, known, 0)
    if not callee.endswith(_WRAPPED):
        return value
    return Value(fields={"data": value, "output": value})


def _held(value: Value, schema: JsonObject, depth: int) -> Value:
    held = guarantees_of(schema, Checked.FORMATS)
    flows = {
        origin: Flow(flow.guarantees | held, flow.steps) if flow.guarantees & g.EXACT else flow
        for origin, flow in value.flows.items()
    }
    fields = dict(value.fields)
    if depth < _DEEPEST:
        for name, inner in as_object(schema.get("properties")).items():
            fields[name] = _held(part_of(value, name), as_object(inner), depth + 1)
        items = as_object(schema.get("items"))
        if items:
            fields["*"] = _held(part_of(value, "*"), items, depth + 1)
    return replace(value, flows=flows, fields=fields)
