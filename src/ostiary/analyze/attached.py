"""What a caller can give of an argument that a call looks into by itself: a mailer reads the
``path`` of what it is told to attach, if what is attached may have one."""

from __future__ import annotations

from dataclasses import replace

from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.value import Source, SourceKind
from ostiary.analyze.declare.entry import Entry
from ostiary.model.json import JsonObject, as_object

ATTACHED = "attached"
"""The tag of calls that look into what they are given."""
_LOOKED_FOR = ("path", "url")


def as_given(effect: Effect, entry: Entry) -> Effect | None:
    """The effect for arguments that the entry's schema lets through; ``None`` if there are none."""
    if ATTACHED not in effect.tags:
        return effect
    for role in _LOOKED_FOR:
        value = effect.operand(role)
        if value is None or not value.flows:
            continue
        flows = {
            one: flow
            for one, flow in value.flows.items()
            if not isinstance(one, Source) or one.kind is not SourceKind.MODEL or _has(entry, one)
        }
        if not flows:
            return None
        if len(flows) < len(value.flows):
            operands = {**effect.operands, role: value.with_flows(flows)}
            effect = replace(effect, operands=operands)
    return effect


def _has(entry: Entry, source: Source) -> bool:
    name, *below = source.name.split(".")
    schema = next((one.schema for one in entry.parameters or () if one.name == name), {})
    for part in below:
        schema = _item(schema)
        parts = as_object(schema.get("properties"))
        if parts and part not in parts:
            return False
        schema = as_object(parts.get(part))
    return True


def _item(schema: JsonObject) -> JsonObject:
    items = as_object(schema.get("items"))
    return _item(items) if items else schema
