"""Checks whose failure nobody notices: promises not waited for, or whose failure is caught."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow.expressions import maybe_set, quietly
from ostiary.analyze.dataflow.value import Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_ANY_OF: Final = frozenset({"allSettled", "any", "race"})
_LATER: Final = frozenset({"then", "catch", "finally"})


def done(frame: Frame, node: ir.Expr) -> None:
    """An expression as a statement: what is made certain beside the path says nothing about it."""
    facts = frame.facts
    frame.facts = dict(facts)
    quietly(frame, node)
    if frame.facts != facts and _goes_beside(frame, node):
        frame.facts = facts


def caught(frame: Frame, node: ir.Call, call: Callable[[Frame, ir.Call], Value]) -> Value:
    """``asked.catch(handler)``: the path goes on after a failure unless the handler ends it; and
    after ``Promise.race(…)`` and its like, unless all that it is given ended well; and after
    ``asked?.(…)``, whether it was called or not."""
    facts, writes = frame.facts, frame.writes
    before = dict(frame.scope.variables) if node.optional else {}
    frame.facts = dict(facts)
    value = call(frame, node)
    if node.optional:
        maybe_set(frame, before, writes)
    if frame.facts != facts and not _ends(frame, node):
        frame.facts = facts
    return value


def is_caught(node: ir.Call) -> bool:
    if node.optional:
        return True
    callee = node.callee
    if not isinstance(callee, ir.Member):
        return False
    name = callee.name
    return name == "catch" or (name == "then" and len(node.args) > 1) or _is_any_of(callee)


def _is_any_of(callee: ir.Member) -> bool:
    """``Promise.allSettled`` and its like."""
    return (
        callee.name in _ANY_OF and isinstance(callee.base, ir.Name) and callee.base.id == "Promise"
    )


def _goes_beside(frame: Frame, node: ir.Expr) -> bool:
    """Whether a call goes on beside the path, because nobody waits for it: what is done with a
    promise later, and what an async function does."""
    later = False
    while isinstance(node, ir.Call):
        callee = node.callee
        if not (isinstance(callee, ir.Member) and callee.name in _LATER):
            return later or any(one.function.is_async for one in quietly(frame, callee).closures())
        node, later = callee.base, True
    return later


def _ends(frame: Frame, node: ir.Call) -> bool:
    if node.optional or (isinstance(node.callee, ir.Member) and _is_any_of(node.callee)):
        return False
    handlers = tuple(quietly(frame, node.args[-1]).closures()) if node.args else ()
    return bool(handlers) and all(frame.engine.summary(one).never_returns for one in handlers)
