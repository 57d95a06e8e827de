"""What one part of a server writes into the state of a request, and another reads from there.

Whoever reads it sees no more than a part of the request; what was certain where it was written is
known of it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.value import Flow, Instance, Origin, Source, SourceKind, Value

STATE: Final = "state"
"""The key of ASGI's scope, and the field of Starlette's requests."""
_WRITES: Final = re.compile(r"(?:^|\.)state\.([^.]+)=$")
_ANYTHING: Final = ~0
_PARTS: Final = ".*"
"""Parts of an object that the server made itself, where it is not known what they are."""
_DEEPEST: Final = 3


def state_checks(effects: Iterable[Effect]) -> Mapping[str, int]:
    """By the name under which it is read: what is certain of it wherever it is written."""
    held: dict[str, int] = {}
    for effect in effects:
        found = _WRITES.search(effect.callee)
        value = effect.operand("value")
        if found is not None and value is not None:
            for name, bits in _written(f"{STATE}.{found[1]}", value, 0):
                held[name] = held.get(name, _ANYTHING) & bits
    kept = {name: bits & _of_wholes(name, held) for name, bits in held.items()}
    told = {name: bits for name, bits in kept.items() if bits != _ANYTHING}
    return told if any(told.values()) else {}


def _of_wholes(name: str, held: Mapping[str, int]) -> int:
    """What is certain of everything that this may be a part of."""
    bits = _ANYTHING
    while "." in name:
        name = name.rpartition(".")[0]
        bits &= held.get(name, _ANYTHING)
    return bits


def _held(name: str, held: Mapping[str, int]) -> int:
    if name in held:
        return held[name]
    whole, _, _ = name.rpartition(".")
    while whole and f"{whole}{_PARTS}" not in held:
        whole, _, _ = whole.rpartition(".")
    return held.get(f"{whole}{_PARTS}", 0)


def _written(name: str, value: Value, depth: int) -> Iterator[tuple[str, int]]:
    bits = _ANYTHING
    for flow in value.flows.values():
        bits &= flow.guarantees
    yield name, bits & ~g.EXACT if value.flows else bits
    if any(isinstance(one, Instance) for one in value.refs):
        yield f"{name}{_PARTS}", g.CHOSEN
    if depth < _DEEPEST:
        for key, part in value.fields.items():
            yield from _written(f"{name}.{key}", part, depth + 1)


def with_checks(effects: Iterable[Effect], held: Mapping[str, int]) -> tuple[Effect, ...]:
    """The effects with what is known of values that come from there."""
    return tuple(_effect(one, held) for one in effects) if held else tuple(effects)


def _effect(effect: Effect, held: Mapping[str, int]) -> Effect:
    operands = {role: _value(one, held) for role, one in effect.operands.items()}
    if all(one is effect.operands[role] for role, one in operands.items()):
        return effect
    return replace(effect, operands=operands)


def _value(value: Value, held: Mapping[str, int]) -> Value:
    flows = {origin: _flow(origin, flow, held) for origin, flow in value.flows.items()}
    fields = {name: _value(part, held) for name, part in value.fields.items()}
    same = all(one is value.flows[origin] for origin, one in flows.items())
    if same and all(one is value.fields[name] for name, one in fields.items()):
        return value
    return replace(value, flows=flows, fields=fields)


def _flow(origin: Origin, flow: Flow, held: Mapping[str, int]) -> Flow:
    if not isinstance(origin, Source) or origin.kind is not SourceKind.REQUEST:
        return flow
    bits = _held(origin.name, held) & g.JOINED
    return flow._replace(guarantees=flow.guarantees | bits) if bits else flow
