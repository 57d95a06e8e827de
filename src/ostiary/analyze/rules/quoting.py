"""Text that was quoted for a shell and then stands between quotes: those end where its own begin,
so that a shell reads what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Flow, Origin, Text, Value

_QUOTES: Final = "'\""


def as_a_shell_reads(value: Value) -> Value:
    """A command line, where quoting counts only outside of quotes."""
    if not any(flow.guarantees & g.SHELL_QUOTED for flow in value.flows.values()):
        return value
    inside = frozenset(_between_quotes(value.text))
    if inside.isdisjoint(value.flows):
        return value
    return value.with_flows(
        {
            origin: Flow(flow.guarantees & ~g.SHELL_QUOTED, flow.steps)
            if origin in inside
            else flow
            for origin, flow in value.flows.items()
        }
    )


def _between_quotes(text: Text) -> Iterator[Origin]:
    """Where pieces come from that stand between quotes."""
    quote = ""
    for piece in text:
        if isinstance(piece, str):
            quote = _after(piece, quote)
        elif quote:
            yield from piece.of


def _after(piece: str, quote: str) -> str:
    """The quote that is open after a piece of a command line."""
    escaped = False
    for letter in piece:
        if escaped:
            escaped = False
        elif letter == "\\" and quote != "'":
            escaped = True
        elif letter == quote:
            quote = ""
        elif not quote and letter in _QUOTES:
            quote = letter
    return quote
