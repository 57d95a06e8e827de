"""What one entry leaves behind, another finds: entries that read it are followed once more, with
what callers of others may have put there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.calls.substitute import Bound
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.engine import Engine, LinkedModule
from ostiary.analyze.dataflow.join import join
from ostiary.analyze.dataflow.kept import Slot, of_callers
from ostiary.analyze.dataflow.scope import Imported, Scope
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Class,
    Closure,
    Flow,
    Instance,
    Origin,
    Place,
    Step,
    Value,
)
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.facts import Reached
from ostiary.analyze.parts import nodes

ROUNDS: Final = 3
"""How often what is left behind is carried on from one entry to the next."""
DEEPEST: Final = 3
"""Objects in objects that are looked through."""
_WRITERS: Final = frozenset(
    (EntryKind.TOOL, EntryKind.PROMPT, EntryKind.RESOURCE, EntryKind.ROUTE, EntryKind.CALLBACK)
)
_Known = dict[tuple[str, ...], list[int]]
"""By the way to a part: what was certain of what was left there."""


class Remembered:
    """What entries left behind so far."""

    def __init__(self, engine: Engine, entries: Iterable[Entry]) -> None:
        self._engine = engine
        self._within = _called_by(engine, entries)
        self._lasting = frozenset(_lasting(engine, entries, self._within))
        self._known: dict[Slot, _Known] = {}
        self._mentioned: dict[ir.FunctionDef, frozenset[str]] = {}
        self._places = _Places(engine, entries, self._within)

    def take(self, reached: Iterable[Reached]) -> frozenset[int]:
        """Put what is new in its place. Numbers of the functions that may find it there."""
        names: set[str] = set()
        for slot, left in _left(self._engine, reached):
            if not self._outlives(slot):
                continue
            value = _new(left, (), self._known.setdefault(slot, {}))
            if value is not NOTHING:
                names.update(self._put(slot, value))
        return self._readers(_called(self._engine, names)) if names else frozenset()

    def _outlives(self, slot: Slot) -> bool:
        """Whether it is there after the call that wrote it."""
        owner = slot.owner
        if isinstance(owner, Scope):
            return owner.number not in self._within
        if isinstance(owner, Class):
            return slot.static or owner.number in self._lasting
        return True

    def _put(self, slot: Slot, value: Value) -> Iterable[str]:
        """Put a value into its place. Names under which it is found."""
        match slot.owner:
            case Scope():
                _add(slot.owner.variables, slot.name, value)
            case Class():
                self._engine.keep_field(slot.owner, slot.name, value, static=slot.static)
            case LinkedModule():
                _add(slot.owner.exports, slot.name, value)
            case Place():
                return self._places.add(slot.owner, Value(fields={slot.name: value}))
        return (slot.name,)

    def _said(self, number: int) -> frozenset[str]:
        """The names that a function mentions."""
        function = self._engine.body(number).closure.function
        known = self._mentioned.get(function)
        if known is None:
            known = self._mentioned[function] = frozenset(_names(function.body))
        return known

    def _readers(self, names: frozenset[str]) -> frozenset[int]:
        """Functions that entries call and that mention one of the names, with their callers."""
        found = {number for number in self._within if not names.isdisjoint(self._said(number))}
        waiting = list(found)
        while waiting:
            for caller in self._engine.callers.get(waiting.pop(), ()):
                if caller not in found and caller in self._within:
                    found.add(caller)
                    waiting.append(caller)
        return frozenset(found)


class _Places:
    """Objects that are there for more than one call, by the place where they were made."""

    def __init__(self, engine: Engine, entries: Iterable[Entry], within: frozenset[int]) -> None:
        self._around = [
            bound
            for entry in entries
            for handler in handlers(entry)
            for bound in handler.within.values()
            if isinstance(bound, Bound)
        ]
        self._scopes = [one.scope for one in engine.modules.values()]
        self._scopes += [
            scope
            for closure in engine.closures()
            if (scope := engine.body(closure.number).scope).number not in within
        ]

    def add(self, place: Place, more: Value) -> frozenset[str]:
        """Add parts to the object that was made there, wherever it is. Names of the variables that
        hold it, and of the parts; nothing if there is none."""
        found: set[str] = set()
        for scope in dict.fromkeys(self._scopes):
            for name, value in scope.variables.items():
                if isinstance(value, Value):
                    now = _with(value, place, more, 0)
                    if now is not value:
                        scope.variables[name] = now
                        found.add(name)
        for bound in self._around:
            for index in range(bound.size):
                before = bound.parameter(index)
                value = _with(before, place, more, 0)
                if value is not before:
                    bound.add(index, value)
                    found.update(more.fields)
        return frozenset((*found, *more.fields) if found else ())


def _with(value: Value, place: Place, more: Value, depth: int) -> Value:
    if value.place == place:
        return join((value, more))
    if depth == DEEPEST or not value.fields:
        return value
    fields = {name: _with(part, place, more, depth + 1) for name, part in value.fields.items()}
    same = all(part is value.fields[name] for name, part in fields.items())
    return value if same else value.with_fields(fields)


def handlers(entry: Entry) -> Iterator[Closure]:
    """The functions that answer an entry."""
    if entry.handler is not None:
        yield entry.handler
    yield from (checks for checks, _ in entry.before)
    yield from entry.around


def _called_by(engine: Engine, entries: Iterable[Entry]) -> frozenset[int]:
    """Numbers of the functions that run for entries, and so in one call."""
    callees: dict[int, list[int]] = {}
    for callee, callers in engine.callers.items():
        for caller in callers:
            callees.setdefault(caller, []).append(callee)
    found = {one.number for entry in entries for one in handlers(entry)}
    waiting = list(found)
    while waiting:
        for callee in callees.get(waiting.pop(), ()):
            if callee not in found:
                found.add(callee)
                waiting.append(callee)
    return frozenset(found)


def _lasting(engine: Engine, entries: Iterable[Entry], within: frozenset[int]) -> Iterator[int]:
    """Numbers of the classes of which an object is there for more than one call."""
    yield from engine.lasting
    for number, makers in engine.made_in.items():
        if not makers <= within:
            yield number
    for entry in entries:
        for handler in handlers(entry):
            owner = engine.body(handler.number).owner
            if owner is not None:
                yield owner.number
            bound = () if handler.bound is None else handler.bound.refs
            yield from (one.of.number for one in bound if isinstance(one, Instance))


def _left(engine: Engine, reached: Iterable[Reached]) -> Iterator[tuple[Slot, Value]]:
    for one in reached:
        if one.entry.kind not in _WRITERS:
            continue
        for effect in one.effects:
            if effect.kind is EffectKind.KEEP:
                value = of_callers(effect.operands["value"])
                if value is not NOTHING:
                    value = _stepped(value, effect)
                    for slot in engine.slots.get((effect.place, effect.callee), ()):
                        yield slot, value
                    yield from _of_object(effect.operand("of") or NOTHING, value)


def _of_object(whole: Value, value: Value) -> Iterator[tuple[Slot, Value]]:
    """What was left in an object that a function around was given."""
    for name, part in value.fields.items():
        for ref in whole.refs:
            if isinstance(ref, Instance):
                yield Slot(ref.of, name), part
        if whole.place is not None:
            yield Slot(whole.place, name), part


def _stepped(value: Value, effect: Effect) -> Value:
    """The value with the step that it was kept."""
    step = Step(effect.place, f"is kept in {effect.callee} for later calls")
    flows = {
        origin: Flow(one.guarantees, (*one.steps, step)) for origin, one in value.flows.items()
    }
    fields = {name: _stepped(part, effect) for name, part in value.fields.items()}
    return value.with_flows(flows).with_fields(fields)


def _new(value: Value, path: tuple[str, ...], known: _Known) -> Value:
    """Of a value, what is more than another way to leave the same: as much was certain of that."""
    held = known.setdefault(path, [])
    flows: dict[Origin, Flow] = {}
    for origin, flow in value.flows.items():
        if not any(bits & ~flow.guarantees == 0 for bits in held):
            held.append(flow.guarantees)
            flows[origin] = flow
    parts = {name: _new(part, (*path, name), known) for name, part in value.fields.items()}
    fields = {name: part for name, part in parts.items() if part is not NOTHING}
    return value.with_flows(flows).with_fields(fields) if flows or fields else NOTHING


def _add(
    variables: dict[str, Value] | dict[str, Value | Imported], name: str, value: Value
) -> None:
    before = variables.get(name)
    if before is None or isinstance(before, Value):
        variables[name] = value if before is None else join((before, value))


def _called(engine: Engine, names: set[str]) -> frozenset[str]:
    """The names, and those under which other modules have imported them."""
    more = {
        local
        for linked in engine.modules.values()
        for local, one in linked.scope.variables.items()
        if isinstance(one, Imported) and one.name in names
    }
    return frozenset(names | more)


def _names(body: Iterable[ir.Stmt]) -> Iterator[str]:
    """Variables and parts that statements mention."""
    for one in nodes(body):
        if isinstance(one, ir.Name):
            yield one.id
        elif isinstance(one, ir.Member):
            yield one.name
        elif isinstance(one, ir.ObjectPattern):
            yield from (key for key, _ in one.entries if key is not None)
