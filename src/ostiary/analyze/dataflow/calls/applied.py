"""A function of the target applied to arguments: its summary met with them, and taken over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow.budget import WORK_OF_EFFECT
from ostiary.analyze.dataflow.calls.chosen import chosen, pass_on
from ostiary.analyze.dataflow.calls.rows import narrowed
from ostiary.analyze.dataflow.calls.running import runs
from ostiary.analyze.dataflow.calls.substitute import Bound, Substitution
from ostiary.analyze.dataflow.calls.waiting import (
    HANDED_IN,
    given_to,
    is_beside,
    resolve,
)
from ostiary.analyze.dataflow.checks.argument_nodes import argument_node
from ostiary.analyze.dataflow.checks.ways_to_ask import is_local
from ostiary.analyze.dataflow.effect import Around, Effect, EffectKind
from ostiary.analyze.dataflow.expressions import quietly
from ostiary.analyze.dataflow.members import ADDRESSES, read_member
from ostiary.analyze.dataflow.summary import Settled, Summary
from ostiary.analyze.dataflow.value import (
    NOTHING,
    Arguments,
    Closure,
    Param,
    Place,
    Step,
    Value,
)

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

DEEPEST_SETTLED = 3
"""Fields of fields: ``request.params.name`` has two."""


def apply(
    frame: Frame, closure: Closure, args: Arguments, node: ir.Call | ir.Tagged | ir.Node
) -> Value:
    """Call a function of the target: its summary with these arguments."""
    engine = frame.engine
    if not engine.spend(5):
        return NOTHING
    engine.called.add(closure.number)
    if frame.number:
        engine.callers.setdefault(closure.number, set()).add(frame.number)
    args = received(frame, closure, args)
    known = settled(frame, closure, args)
    summary = engine.summary(closure, known)
    place = frame.place(node)
    substitution = substitution_of(frame, closure, args, summary, place)
    if summary.chooses and (names := chosen(closure, summary, substitution)):
        summary = engine.summary(closure, tuple(dict.fromkeys((*known, *names))))
        substitution = substitution_of(frame, closure, args, summary, place)
    absorb(frame, closure, summary, substitution, place)
    if runs(frame, closure, node) and not is_beside(frame, closure, node):
        local = bool(frame.number) and isinstance(node, ir.Call) and is_local(frame, node)
        _ensure(frame, summary, substitution, node, local=local)
    if frame.python and summary.receiver is not None:
        _leave(frame, closure, summary.receiver, substitution, node)
    if summary.left:
        _left_in_arguments(frame, closure, summary, substitution, node)
    return substitution.value(summary.returns)


def received(frame: Frame, closure: Closure, args: Arguments) -> Arguments:
    if closure.bound is None:
        return args
    if frame.engine.body(closure.number).module.language == "python":
        positional = (closure.bound, *args.positional)
        return Arguments(positional, args.keywords, args.receiver, args.more, args.extra)
    return given_to(closure.bound, args)


def settled(frame: Frame, closure: Closure, args: Arguments) -> Settled:
    """Where the arguments carry the name a dispatcher is evaluated with."""
    if not frame.settled:
        return ()
    found: list[tuple[int, tuple[str, ...], str]] = []
    for index, parameter in enumerate(closure.function.params):
        name = getattr(parameter.pattern, "id", "")
        given = args.keywords.get(name)
        if given is None and index < len(args.positional):
            given = args.positional[index]
        if given is not None and parameter.kind in ("plain", "keyword"):
            found.extend((index, path, text) for path, text in _settled_in(frame, given, ()))
    return tuple(found)


def _settled_in(
    frame: Frame, value: Value, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    text = value.known_text
    if text is not None:
        if any(origin in frame.settled for origin in value.flows):
            yield path, text
    elif len(path) < DEEPEST_SETTLED:
        for name, part in value.fields.items():
            if not name.isdigit():
                yield from _settled_in(frame, part, (*path, name))


def substitution_of(
    frame: Frame, closure: Closure, args: Arguments, summary: Summary, place: Place
) -> Substitution:
    """What turns the parameters of a function into the arguments of one call."""
    bound = Bound(closure.function, args, summary.defaults)
    return _bound_to(closure, bound, place, frame.known if frame.facts else None)


def _bound_to(
    closure: Closure, bound: Bound, place: Place, known: Callable[[Value], Value] | None = None
) -> Substitution:
    step = Step(place, f"is passed to {closure.name.rpartition('.')[2]}")
    return Substitution({**closure.within, closure.number: bound}, step, known)


def _declared(
    closure: Closure, effect: Effect, substitution: Substitution, step: Step, around: Around
) -> Iterator[Effect]:
    """A declaration of the callee from here; several, if it is made for each element of a list."""
    bound = substitution.bound(closure.number)
    each = list(narrowed(effect, closure.number, bound)) if isinstance(bound, Bound) else []
    for one in each:
        yield _bound_to(closure, one, step.place).effect(effect, step, around)
    if not each:
        yield substitution.effect(effect, step, around)


def absorb(
    frame: Frame, closure: Closure, summary: Summary, substitution: Substitution, place: Place
) -> None:
    """Take over what the callee does."""
    step = Step(place, f"calls {closure.name.rpartition('.')[2]}")
    around = Around(bool(frame.tries), bool(frame.loops), not frame.conditions)
    for effect in summary.effects:
        if not frame.engine.spend(WORK_OF_EFFECT):
            break
        if effect.kind is not EffectKind.DECLARE:
            frame.add(substitution.effect(effect, step, around))
            continue
        for seen in _declared(closure, effect, substitution, step, around):
            frame.add(seen)
    frame.engine.spend(substitution.made)
    if frame.number:
        _read_by(frame, summary, substitution)
        pass_on(frame, summary, substitution)
    for pending in summary.pending:
        resolve(frame, pending, substitution)


def _read_by(frame: Frame, summary: Summary, substitution: Substitution) -> None:
    """Note which parameters of the function at work are used by what the callee reads."""
    for origin in summary.reads:
        bound = substitution.bound(origin.function)
        if bound is None:
            frame.reads.add(origin)
        elif bound.parameter(origin.position).inside():
            frame.read(substitution.actual(origin))


def _ensure(
    frame: Frame, summary: Summary, substitution: Substitution, node: ir.Node, *, local: bool
) -> None:
    for param, bits in summary.ensures.items():
        if substitution.binds(param.function):
            frame.engine.certain(frame, _ensured(frame, param, substitution, node), bits)
        elif local:  # of a function around both
            frame.learn(param, bits)


def _ensured(frame: Frame, param: Param, substitution: Substitution, node: ir.Node) -> Value:
    """What a parameter stands for, or the part of it: of an address, its host is more than a part
    by that name."""
    whole = substitution.actual(Param(param.function, param.position))
    if not param.path or ADDRESSES.isdisjoint(whole.externals()):
        return substitution.actual(param)
    for name in param.path:
        whole = read_member(frame, whole, name, node)
    return whole


def _leave(
    frame: Frame, closure: Closure, left: Value, substitution: Substitution, node: ir.Node
) -> None:
    """What a method leaves in the object that it is called on: ``job.take(line)``."""
    callee = node.callee if isinstance(node, ir.Call) else None
    if closure.bound is None or not isinstance(callee, ir.Member):
        return
    if callee.name != closure.function.name:
        return
    for name, part in left.fields.items():
        value = substitution.value(part)
        if value.flows:
            frame.engine.put(frame, callee.base, name, value, weak=True)


def _left_in_arguments(
    frame: Frame, closure: Closure, summary: Summary, substitution: Substitution, node: ir.Node
) -> None:
    """What a function puts into objects that it is given: ``fill(table, line)``."""
    if not isinstance(node, ir.Call) or node.callee is HANDED_IN:
        return
    if all(one.number != closure.number for one in quietly(frame, node.callee).closures()):
        return  # it is called by what is called here
    shift = 1 if frame.python and closure.bound is not None else 0
    for position, left in summary.left.items():
        if position < shift:
            continue
        given = argument_node(node, closure.function.params, position, shift)
        if given is None:
            continue
        for name, part in substitution.value(left).fields.items():
            frame.engine.put(frame, given, name, part, weak=True)
