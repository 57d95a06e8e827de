"""Calls that wait until it is known what is called: a function that was handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.calls.substitute import Substitution
from ostiary.analyze.dataflow.members import read_member
from ostiary.analyze.dataflow.summary import Pending
from ostiary.analyze.dataflow.value import NOTHING, Arguments, Closure, External, Param, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

MOST_HANDED_ON = 5
MOST_HANDED_ON_CALLS = 100
"""Calls that one call of a function may lead to by functions it was given."""
HANDED_IN: Final = ir.Name(0, 0, "")


def is_parameter(value: Value) -> bool:
    return any(
        isinstance(origin, Param) and flow.guarantees & g.EXACT
        for origin, flow in value.flows.items()
    )


def is_beside(frame: Frame, closure: Closure, node: ir.Node) -> bool:
    """Whether a script's function goes on beside the path that called it, because nobody waits.
    Who waits where a function was handed in is not known."""
    return (
        closure.function.is_async
        and not (frame.waiting or frame.python)
        and isinstance(node, ir.Call)
        and node.callee is not HANDED_IN
    )


def given_to(receiver: Value, args: Arguments) -> Arguments:
    """The same arguments for a receiver."""
    return Arguments(args.positional, args.keywords, receiver, args.more, args.extra)


def resolve(frame: Frame, pending: Pending, substitution: Substitution) -> None:
    """Make a call that waited for its callee. What it leads to may wait in turn, a few times."""
    engine = frame.engine
    if engine.handed_on == 0:
        engine.handed_on_calls = 0
    engine.handed_on_calls += 1
    if engine.handed_on >= MOST_HANDED_ON or engine.handed_on_calls > MOST_HANDED_ON_CALLS:
        engine.limit(pending.place.file, "functions are handed on too often to be followed")
        return
    engine.handed_on += 1
    try:
        _made_at_last(frame, pending, substitution)
    finally:
        engine.handed_on -= 1


def _made_at_last(frame: Frame, pending: Pending, substitution: Substitution) -> None:
    callee = substitution.value(pending.callee)
    waits = is_parameter(callee) and not frame.waits(pending)
    if not (waits or callee.refs or callee.fields):
        return
    there = frame.engine.elsewhere(frame, pending.place.file)
    node = ir.Call(pending.place.line, pending.place.column, HANDED_IN, ())
    target = _unfollowed(pending, _target(there, pending, callee, node))
    if not (waits or target.refs):
        return
    args = substitution.arguments(pending.args)
    if target.refs:
        given = given_to(callee, args) if pending.method else args
        there.engine.dispatch(there, target, given, node)
    if waits:
        frame.defer(Pending(callee, args, pending.place, pending.method))


def _unfollowed(pending: Pending, target: Value) -> Value:
    """The callee without the functions that it was known to be where it waits: what those do is
    part of what is done there."""
    if pending.method or not pending.callee.refs:
        return target
    known = {one.number for one in pending.callee.closures()}
    refs = tuple(
        one for one in target.refs if not (isinstance(one, Closure) and one.number in known)
    )
    return target if len(refs) == len(target.refs) else target.with_refs(refs)


def _target(frame: Frame, pending: Pending, callee: Value, node: ir.Node) -> Value:
    """What a call that waited is of, now that its callee is known."""
    if not pending.method:
        return callee
    if pending.method in callee.fields or any(
        not isinstance(ref, External) or _worth(frame, ref, pending) for ref in callee.refs
    ):
        return read_member(frame, callee, pending.method, node)
    return NOTHING


def _worth(frame: Frame, ref: External, pending: Pending) -> bool:
    return bool(frame.knowledge.calls(f"{ref.name}.{pending.method}"))
