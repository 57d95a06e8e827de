"""What a loop that refuses some elements makes certain of all that it goes through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.frame import meet
from ostiary.analyze.dataflow.join import all_flows
from ostiary.analyze.dataflow.value import Origin, Param, Source, Value

_ALSO_OF_WHOLE: Final = g.HOST_PUBLIC | g.HOST_CHOSEN
"""What is known of a name once each of its addresses was looked at."""
_OF_ADDRESSES: Final = g.HOST_PUBLIC | g.OUTSIDE


def of_each(
    body: Iterable[ir.Stmt],
    over: Value,
    before: Mapping[Origin, int],
    after: Mapping[Origin, int],
    skipped: Iterable[Mapping[Origin, int]] = (),
) -> dict[Origin, int]:
    """What a loop gains. It holds also where nothing was gone through: there is nothing then of
    which it would not hold. ``after`` is what holds at the end of a pass that came so far; of an
    element that was ``skipped``, as much has to hold, unless what it names is no address."""
    facts: dict[Origin, int] = {}
    held = after
    for one in skipped:
        held = meet(held, one)
    gained = {
        one: known
        for one, bits in after.items()
        if (known := held.get(one, 0) | bits & _OF_ADDRESSES) != before.get(one)
    }
    if not gained or not over.flows or _breaks(body):
        return facts
    for origin, bits in gained.items():
        for whole in over.flows:
            if _is_in(origin, whole):
                _add(facts, origin, bits, before)
                _add(facts, whole, bits & _ALSO_OF_WHOLE, before)
    return facts


def gone_through(over: Value) -> Value:
    """What a loop goes through; of a row that is written out, what is in it."""
    if over.flows or not all(map(str.isdigit, over.fields)):
        return over
    return Value(flows=all_flows(one.flows for one in over.fields.values()))


def refused_by(
    loop: ir.Loop, before: Mapping[Origin, int], after: Mapping[Origin, int]
) -> dict[Origin, int]:
    """What is known of an address once it was held against one range of a list and went on."""
    facts = dict(before)
    for origin, bits in after.items():
        gained = bits & (g.OUTSIDE | g.HOST_PUBLIC) & ~before.get(origin, 0)
        if gained and not _breaks(loop.body):
            _add(facts, origin, gained, before)
    return facts


def _add(facts: dict[Origin, int], origin: Origin, bits: int, before: Mapping[Origin, int]) -> None:
    if bits:
        known = facts.get(origin, before.get(origin, 0))
        facts[origin] = g.learned(known, bits)


def _is_in(origin: Origin, whole: Origin) -> bool:
    if isinstance(origin, Param) and isinstance(whole, Param):
        same = (origin.function, origin.position) == (whole.function, whole.position)
        return same and origin.path[: len(whole.path)] == whole.path
    if isinstance(origin, Source) and isinstance(whole, Source):
        same = (origin.kind, origin.owner) == (whole.kind, whole.owner)
        return same and f"{origin.name}.".startswith(f"{whole.name}.")
    return False


def _breaks(body: Iterable[ir.Stmt]) -> bool:
    """Whether a loop may be left before it went through all."""
    inner: tuple[tuple[ir.Stmt, ...], ...]
    for one in body:
        match one:
            case ir.Jump(kind="break"):
                return True
            case ir.If():
                inner = (one.then, one.other)
            case ir.Try():
                inner = (one.body, *(part for _, _, part in one.handlers), one.other, one.final)
            case ir.With() | ir.Block():
                inner = (one.body,)
            case _:
                continue
        if any(map(_breaks, inner)):
            return True
    return False
