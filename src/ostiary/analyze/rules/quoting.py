"""Text that was quoted for a shell and then stands between quotes: those end where its own begin,
so that a shell reads what is in it. Between quotes that were put there with it, it stays quoted."""

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
    return value.with_flows(
        {origin: _as_read(origin, flow, inside) for origin, flow in value.flows.items()}
    )


def _as_read(origin: Origin, flow: Flow, inside: frozenset[tuple[Origin, str]]) -> Flow:
    by_hand = flow.guarantees & g.SHELL_CLOSED
    if (origin, '"') in inside or ((origin, "'") in inside and not by_hand):
        return Flow(flow.guarantees & ~g.SHELL_QUOTED, flow.steps)
    return flow


def _between_quotes(text: Text) -> Iterator[tuple[Origin, str]]:
    """Where pieces come from that stand between quotes, and which those are."""
    quote = ""
    for piece in text:
        if isinstance(piece, str):
            quote = _after(piece, quote)
        elif quote:
            yield from ((origin, quote) for origin in piece.of)


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
