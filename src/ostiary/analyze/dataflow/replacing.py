"""What is left of text after pieces of it were replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.join import plain, whole_flows
from ostiary.analyze.dataflow.value import NOTHING, Arguments, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_PLAIN_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def replaced(frame: Frame, base: Value, args: Arguments, node: ir.Call) -> Value:
    """``text.replace(what, with)`` of both languages."""
    what = args.positional[0] if args.positional else NOTHING
    put = args.positional[1] if len(args.positional) > 1 else NOTHING
    for closure in put.closures():
        frame.engine.apply(frame, closure, Arguments((Value(flows=base.flows),)), node)
    gained = 0
    pattern = what.fields.get("source")
    flags = what.fields.get("flags")
    text = put.known_text
    if pattern is not None and flags is not None and text is not None:
        gained = after_removal(pattern.known_text or "", flags.known_text or "", text)
    kept = g.JOINED | gained
    flows = plain(whole_flows(base), kept)
    if gained:
        from_base = {
            origin: type(flow)(flow.guarantees | gained, flow.steps)
            for origin, flow in flows.items()
        }
        flows = from_base
    put_flows = whole_flows(put)
    return Value(flows={**plain(put_flows, g.JOINED), **flows})


def after_removal(pattern: str, flags: str, put: str) -> int:
    """Guarantees of text in which every match was replaced by ``put``.

    ``/[^a-z0-9]/g`` leaves only what the class names.
    """
    if "g" not in flags or not set(put) <= _PLAIN_LETTERS:
        return 0
    body = pattern.removesuffix("+").removesuffix("*")
    if not (body.startswith("[^") and body.endswith("]")):
        return 0
    inside = body[2:-1]
    if _names_plain_only(inside):
        return g.PLAIN | g.NO_DOTS | g.BASENAME | g.PLAIN_COMMAND
    return 0


def _names_plain_only(inside: str) -> bool:
    rest = inside
    for known in (
        "a-zA-Z0-9",
        "A-Za-z0-9",
        "a-z0-9",
        "A-Z0-9",
        "a-z",
        "A-Z",
        "0-9",
        "\\w",
        "\\d",
        "\\-",
    ):
        rest = rest.replace(known, "")
    return all(letter in "_-" for letter in rest)
