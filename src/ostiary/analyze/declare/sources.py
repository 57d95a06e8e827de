"""What a handler is called with: values that whoever calls the entry controls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Flow, Source, SourceKind, Value
from ostiary.analyze.declare.entry import EntryParameter
from ostiary.analyze.declare.schemas import guarantees_of
from ostiary.model.json import JsonObject, as_object

DEEPEST = 4
ASKED = "the name asked for"
"""The name of a tool as an origin, where one function answers for many."""


def controlled(
    source: Source,
    schema: JsonObject,
    guarantees: int = 0,
    depth: int = 0,
    *,
    enforced: bool = False,
) -> Value:
    """A value that the caller chooses; within its schema, if that is ``enforced``."""
    fields: dict[str, Value] = {}
    if depth < DEEPEST:
        for key, inner in as_object(schema.get("properties")).items():
            part = replace(source, name=f"{source.name}.{key}")
            held = guarantees_of(as_object(inner)) if enforced else 0
            fields[key] = controlled(part, as_object(inner), held, depth + 1, enforced=enforced)
        items = as_object(schema.get("items"))
        if items:
            fields["*"] = controlled(source, items, guarantees, depth + 1, enforced=enforced)
    return Value(flows={source: Flow(g.EXACT | guarantees)}, fields=fields)


def named(
    kind: SourceKind, owner: str, parameters: Iterable[EntryParameter], *, enforced: bool = True
) -> dict[str, Value]:
    """One controlled value a parameter, by name."""
    return {
        one.name: controlled(
            Source(kind, one.name, owner), one.schema, one.guarantees, enforced=enforced
        )
        for one in parameters
    }
