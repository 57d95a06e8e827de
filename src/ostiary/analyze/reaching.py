"""Each entry's code with the entry's own arguments: what it does, and with what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ostiary.analyze import ir
from ostiary.analyze.attached import as_given
from ostiary.analyze.dataflow.budget import MOST_REACH, reach_of
from ostiary.analyze.dataflow.calls.applied import received, settled
from ostiary.analyze.dataflow.calls.substitute import Bound
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.frame import WHETHER, Frame
from ostiary.analyze.dataflow.join import part_of
from ostiary.analyze.dataflow.scope import Scope
from ostiary.analyze.dataflow.value import NOTHING, Arguments, Closure, Source, SourceKind, Value
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.declare.sources import ASKED
from ostiary.analyze.facts import Reached
from ostiary.analyze.remembered import ROUNDS, Remembered, handlers


def reach(engine: Engine, entries: Iterable[Entry]) -> tuple[Reached, ...]:
    """Everything that each entry's code does, calls followed, with what others left behind."""
    every = tuple(entries)
    engine.budget.renew(reach_of(len(every)))
    reached = tuple(_within_budget(engine, entry) for entry in every)
    if engine.slots:
        reached = _again(engine, reached)
        reached = tuple(replace(one, effects=_done(one.effects)) for one in reached)
    return reached


def _again(engine: Engine, reached: tuple[Reached, ...]) -> tuple[Reached, ...]:
    """Entries that find what others left behind, followed anew."""
    remembered = Remembered(engine, [one.entry for one in reached])
    for _ in range(ROUNDS):
        readers = remembered.take(reached)
        if not readers:
            break
        engine.forget(readers)
        engine.budget.renew(MOST_REACH)
        reached = tuple(_anew(engine, one, readers) for one in reached)
    return reached


def _anew(engine: Engine, one: Reached, readers: frozenset[int]) -> Reached:
    """An entry followed once more; what was known of it stays where that takes too much work."""
    if not any(each.number in readers for each in handlers(one.entry)):
        return one
    again = _within_budget(engine, one.entry)
    return one if engine.budget.exhausted else again


def _done(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    return tuple(one for one in effects if one.kind is not EffectKind.KEEP)


def _within_budget(engine: Engine, entry: Entry) -> Reached:
    reached = _reached(engine, entry)
    if engine.budget.exhausted:
        engine.limit(entry.place.file, "what its entries reach takes too much work to be followed")
    return reached


def _reached(engine: Engine, entry: Entry) -> Reached:
    if entry.kind is EntryKind.IMPORT:
        linked = engine.modules[entry.name]
        return Reached(entry, _sorted(linked.effects), NOTHING, frozenset())
    if entry.handler is None:
        return Reached(entry, (), NOTHING, frozenset())
    body = engine.body(entry.handler.number)
    frame = Frame(engine, body.module, Scope(), 0, "")
    if entry.dispatched:
        frame.settled = {Source(SourceKind.MODEL, ASKED, entry.name): entry.name}
    node = ir.Node(entry.place.line, entry.place.column)
    for checks, given in entry.before:
        engine.apply(frame, checks, Arguments(given), node)
    args = Arguments(entry.binds, entry.keywords)
    returns = engine.apply(frame, entry.handler, args, node)
    reads = frozenset(_read_names(frame, entry.handler, args))
    found = [*frame.effects.values(), *_around(frame, entry, args, node)]
    kept = (as_given(effect, entry) for effect in found)
    effects = (_outside_call(effect) for effect in kept if effect is not None)
    return Reached(entry, _sorted(effects), returns, reads)


def _around(frame: Frame, entry: Entry, args: Arguments, node: ir.Node) -> Iterator[Effect]:
    """What wrappers of the handler do beside it; what it does itself is known better already."""
    for wrapper in entry.around:
        beside = Frame(frame.engine, frame.module, Scope(), 0, "")
        frame.engine.apply(beside, wrapper, args, node)
        yield from (one for key, one in beside.effects.items() if key not in frame.effects)


def _outside_call(effect: Effect) -> Effect:
    """The call of the handler itself is the entry's, and no step of its code."""
    return Effect(
        effect.kind,
        effect.callee,
        effect.operands,
        effect.place,
        effect.function,
        effect.tags,
        effect.chain[1:],
        effect.guarded,
        effect.caught,
        effect.looped,
        effect.total,
    )


def _read_names(frame: Frame, handler: Closure, args: Arguments) -> Iterator[str]:
    """Names of the entry's parameters that its code reads."""
    args = received(frame, handler, args)
    summary = frame.engine.summary(handler, settled(frame, handler, args))
    bound = Bound(handler.function, args, summary.defaults)
    for param in summary.reads:
        if param.function != handler.number:
            continue
        value = bound.parameter(param.position)
        for name in param.path:
            value = part_of(value, name)
        yield from _names(value)


def _names(value: Value) -> Iterator[str]:
    for origin in value.flows:
        if isinstance(origin, Source) and origin.name not in (ASKED, WHETHER):
            yield origin.name.partition(".")[0] or "*"


def _sorted(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    return tuple(
        sorted(
            effects,
            key=lambda one: (
                one.place.file,
                one.place.line,
                one.place.column,
                one.kind.value,
                one.callee,
            ),
        )
    )
