"""What outlives a call, where it is written: variables of scopes around, parts of objects.

A function that is summarised cannot say what its parameters will be, so such a write is recorded
as an effect. Seen from an entry, the effect says what the entry leaves behind for others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.join import join
from ostiary.analyze.dataflow.scope import Imported, Scope
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Class,
    Flow,
    Hole,
    Instance,
    Origin,
    Param,
    Place,
    Source,
    SourceKind,
    Value,
)

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.engine import Engine, LinkedModule
    from ostiary.analyze.dataflow.frame import Frame
    from ostiary.analyze.ir import Node

Owner: TypeAlias = "Scope | Class | LinkedModule | Place"
_CALLERS: Final = (SourceKind.MODEL, SourceKind.REQUEST)
_DEEPEST: Final = 4
_MAKERS: Final = frozenset(("__init__", "__new__", "__post_init__", "constructor"))
_MOST_IMPORTS: Final = 6


class Slot(NamedTuple):
    """Where something stays: a variable, a field of the objects of a class, an export, or a part
    of an object that was made at one place."""

    owner: Owner
    name: str
    static: bool = False
    """Of the class itself."""


def keep(frame: Frame, slot: Slot, value: Value, node: Node, whole: Value = NOTHING) -> None:
    """Record that a function leaves a value there, if it may be of a caller's choosing. ``whole``
    is the object that the value was made a part of."""
    if frame.number and not _is_own(slot):
        frame.engine.lasting.update(_classes(value, 0))
    left = _carried(value, 0) if frame.number else NOTHING
    if left is NOTHING or (_is_own(slot) and frame.name.rpartition(".")[2] in _MAKERS):
        return
    operands = {"value": left}
    if any(isinstance(one, Param) for one in whole.flows):
        operands["of"] = whole
    frame.record(EffectKind.KEEP, slot.name, operands, node)
    frame.engine.slots.setdefault((frame.place(node), slot.name), {})[slot] = None


def _is_own(slot: Slot) -> bool:
    """Whether it is a field of one object: what a maker puts there stays with that object."""
    return isinstance(slot.owner, Class) and not slot.static


def _classes(value: Value, depth: int) -> Iterator[int]:
    """Numbers of the classes of objects in a value."""
    for ref in value.refs:
        if isinstance(ref, Instance):
            yield ref.of.number
    if depth < _DEEPEST:
        for part in value.fields.values():
            yield from _classes(part, depth + 1)


def keep_elsewhere(frame: Frame, whole: Value, left: Value, node: Node) -> None:
    """The same of an object that another function made, which may have kept it."""
    place = whole.place
    if place is None or left is NOTHING or not frame.number:
        return
    function = frame.engine.body(frame.number).closure.function
    here = place.file == frame.module.path and function.line <= place.line <= function.end_line
    if not here:
        for name, part in left.fields.items():
            keep(frame, Slot(place, name), part, node)


def leave(frame: Frame, whole: Value, left: Value) -> None:
    """Note what a function puts into an object that it was given."""
    if len(whole.text) != 1 or not frame.number:
        return
    hole = whole.text[0]
    param = hole.of[0] if isinstance(hole, Hole) and len(hole.of) == 1 else None
    if not isinstance(param, Param) or param.function != frame.number or param.path:
        return
    carried = _carried(left, 0)
    if carried is not NOTHING:
        before = frame.left.get(param.position)
        frame.left[param.position] = carried if before is None else join((before, carried))


def home(engine: Engine, binding: Imported) -> Slot | None:
    """Where what an import stands for is kept by the module that it is from."""
    for _ in range(_MOST_IMPORTS):
        linked = engine.modules.get(binding.path)
        if linked is None or binding.name == "*":
            return None
        if binding.name in linked.exports:
            return Slot(linked, binding.name)
        name = linked.local_exports.get(binding.name, binding.name)
        found = linked.scope.variables.get(name)
        if found is None:
            again = next((one for one in linked.reexports if one[0] == binding.name), None)
            if again is None:
                return None
            binding = Imported(again[1], again[2])
        elif isinstance(found, Imported):
            binding = found
        else:
            return Slot(linked.scope, name)
    return None


def _carried(value: Value, depth: int) -> Value:
    """Of a value, what may come from whoever calls: ``NOTHING`` if nothing does."""
    flows = {origin: flow for origin, flow in value.flows.items() if _is_callers(origin, flow)}
    fields: dict[str, Value] = {}
    if depth < _DEEPEST:
        for name, part in value.fields.items():
            left = _carried(part, depth + 1)
            if left is not NOTHING:
                fields[name] = left
    if not flows and not fields:
        return NOTHING
    refs = tuple(one for one in value.refs if isinstance(one, Instance))
    return Value(flows=flows, text=value.text, refs=refs, fields=fields, place=value.place)


def _is_callers(origin: Origin, flow: Flow) -> bool:
    if flow.guarantees & g.SAFE:
        return False
    return isinstance(origin, Param) or origin.kind in _CALLERS


def of_callers(value: Value) -> Value:
    """What of a value, seen from an entry, its caller chose."""
    return _settled(_carried(value, 0))


def _settled(value: Value) -> Value:
    flows: dict[Origin, Flow] = {
        origin: flow for origin, flow in value.flows.items() if isinstance(origin, Source)
    }
    parts = {name: _settled(part) for name, part in value.fields.items()}
    fields = {name: part for name, part in parts.items() if part.flows or part.fields}
    if not flows and not fields:
        return NOTHING
    return Value(flows=flows, text=value.text, refs=value.refs, fields=fields, place=value.place)
