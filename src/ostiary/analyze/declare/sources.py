"""What a handler is called with: values that whoever calls the entry controls."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Flow, Source, SourceKind, Value
from ostiary.analyze.declare.entry import EntryParameter
from ostiary.analyze.declare.schemas import Checked, guarantees_of
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
    checked: Checked = Checked.NOT,
) -> Value:
    """A value that the caller chooses; within its schema, as far as that is checked."""
    fields: dict[str, Value] = {}
    if depth < DEEPEST:
        for key, inner in as_object(schema.get("properties")).items():
            part = source._replace(name=f"{source.name}.{key}", whole=source.whole or source.name)
            held = guarantees_of(as_object(inner), checked)
            fields[key] = controlled(part, as_object(inner), held, depth + 1, checked=checked)
        items = as_object(schema.get("items"))
        if items:
            fields["*"] = controlled(source, items, guarantees, depth + 1, checked=checked)
    return Value(flows={source: Flow(g.EXACT | guarantees)}, fields=fields)


def named(
    kind: SourceKind,
    owner: str,
    parameters: Iterable[EntryParameter],
    *,
    checked: Checked = Checked.FORMATS,
) -> dict[str, Value]:
    """One controlled value a parameter, by name."""
    return {
        one.name: controlled(
            Source(kind, one.name, owner), one.schema, one.guarantees, checked=checked
        )
        for one in parameters
    }
