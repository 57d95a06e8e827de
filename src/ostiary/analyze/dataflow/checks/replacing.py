"""What is left of text after pieces of it were replaced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.doubled import doubling, undone
from ostiary.analyze.dataflow.join import guaranteed, join, plain, whole_flows
from ostiary.analyze.dataflow.patterns.guaranteed import escapes
from ostiary.analyze.dataflow.patterns.guaranteed import replaced as after_replacing
from ostiary.analyze.dataflow.value import NOTHING, Arguments, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame


def replaced(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    """``text.replace(what, with)`` of both languages."""
    what = args.positional[0] if args.positional else NOTHING
    put = args.positional[1] if len(args.positional) > 1 else NOTHING
    given = Arguments((Value(flows=base.flows),))
    made = [frame.engine.apply(frame, one, given, node) for one in put.closures()]
    every = _every(frame, what, node)
    flows = plain(whole_flows(base), g.JOINED & ~undone(what.known_text or every, put.known_text))
    gained = _gained(what, put)
    if every is not None and put.known_text is not None:
        gained |= doubling(every, put.known_text)
    if _takes_dots_off(what, put) and all(
        flow.guarantees & g.DOTS_FIRST for flow in base.flows.values()
    ):
        gained |= g.NO_DOTS
    if _may_join_dots(what, put):
        flows = guaranteed(Value(flows=plain(flows, ~g.NO_DOTS)), g.DOTS_AGAIN).flows
    if gained:
        flows = guaranteed(Value(flows=flows), gained).flows
    by = join((put, *made)) if made else put
    return Value(flows={**plain(whole_flows(by), g.JOINED), **flows})


def _may_join_dots(what: Value, put: Value) -> bool:
    """``replace("_", ".")``, ``replace("\0", "")``: two dots may come to stand side by side."""
    of, by = what.known_text, put.known_text
    if by is None:
        return False
    return "." in by or (by == "" and bool(of) and "." not in (of or "") and "/" not in (of or ""))


def _every(frame: Frame, what: Value, node: ir.Call) -> str | None:
    """The known text of which each is replaced; scripts replace the first alone unless told."""
    pattern, flags = what.fields.get("source"), what.fields.get("flags")
    if pattern is not None and flags is not None:
        return pattern.known_text if "g" in (flags.known_text or "") else None
    named = node.callee.name if isinstance(node.callee, ir.Member) else ""
    return what.known_text if frame.python or named == "replaceAll" else None


_LEADING_DOTS: Final = re.compile(r"\^\((?:\?:)?\\\.\\\.\((?:\?:)?(?=.*\\/)(?=.*\$)[^()]*\)\)\+")


def _takes_dots_off(what: Value, put: Value) -> bool:
    """``replace(/^(\\.\\.(\\/|\\\\|$))+/, "")``: every ``..`` at the beginning."""
    pattern = what.fields.get("source")
    return (
        put.known_text == ""
        and pattern is not None
        and bool(_LEADING_DOTS.fullmatch(pattern.known_text or ""))
    )


def _gained(what: Value, put: Value) -> int:
    """What is certain of the rest where every match of a known pattern became a known text."""
    pattern, flags = what.fields.get("source"), what.fields.get("flags")
    if pattern is None or flags is None or put.known_text is None:
        return 0
    of, how = pattern.known_text or "", flags.known_text or ""
    escaped = g.REGEX_ESCAPED if escapes(of, how, put.known_text) else 0
    return escaped | after_replacing(of, how, put.known_text)
