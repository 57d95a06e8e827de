"""One call that may be of several functions: what is certain after it, whichever it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ostiary.analyze.dataflow.frame import meet
from ostiary.analyze.dataflow.value import Class, Closure, External, Instance, Ref, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame


def each(frame: Frame, refs: Iterable[Ref], call: Callable[[Ref], None]) -> None:
    """Call each of what a callee may be, and keep what all of them make certain."""
    ways = tuple(refs)
    if len(ways) < 2:
        for ref in ways:
            call(ref)
        return
    before = frame.facts
    after = []
    for ref in ways:
        frame.facts = dict(before)
        call(ref)
        after.append(frame.facts)
    if all(one == before for one in after):
        return
    found = [
        one
        for ref, one in zip(ways, after, strict=True)
        if one != before or _comes_back(frame, ref, ways)
    ]
    facts = found[0]
    for one in found[1:]:
        facts = meet(facts, one)
    frame.facts = dict(facts)


def only_one(callee: Value) -> Closure | None:
    """The function of the target that is called, if it can be nothing else."""
    functions = list(callee.closures())
    if len(functions) != 1:
        return None
    return None if _may_be_foreign(callee, functions[0]) else functions[0]


def only_functions(callee: Value) -> tuple[Closure, ...]:
    """The functions of the target that are called, if nothing else can be."""
    functions = tuple(callee.closures())
    foreign = functions and _may_be_foreign(callee, functions[0])
    return () if foreign else functions


def _may_be_foreign(callee: Value, function: Closure) -> bool:
    """What a class of the target has from a library is in the place of none of its methods."""
    return function.bound is None and any(callee.externals())


def _comes_back(frame: Frame, ref: Ref, ways: tuple[Ref, ...]) -> bool:
    """Whether a call may return, so that nothing is known after it."""
    if isinstance(ref, Closure):
        summary = frame.engine.summary(ref)
        return not (summary.never_returns or summary.unwritten)
    if isinstance(ref, External):
        return not any(isinstance(one, Closure) and one.bound is not None for one in ways)
    return isinstance(ref, Class | Instance)
