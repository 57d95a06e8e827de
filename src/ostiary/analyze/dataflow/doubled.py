"""Quotes in text between such quotes: doubled for SQL, closed and opened again for a shell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Flow, Hole, Origin

_BITS: Final = {"'": g.DOUBLED_APOSTROPHE, '"': g.DOUBLED_QUOTE, "`": g.DOUBLED_BACKTICK}


_CLOSED: Final = ("'\\''", "'\"'\"'")
"""What a quote becomes between quotes of a POSIX shell."""


_OF_SHELLS: Final = g.SHELL_CLOSED | g.SHELL_QUOTED


def doubling(what: str, put: str) -> int:
    """What is certain of a text in which every ``what`` became ``put``."""
    if what == "'" and put in _CLOSED:
        return g.SHELL_CLOSED
    return _BITS.get(what, 0) if put == what + what else 0


def undone(what: str | None, put: str | None) -> int:
    """What is no longer certain once ``what`` became ``put``: both are ``None`` if unknown."""
    if what is None or put is None:
        return g.DOUBLED | _OF_SHELLS
    lost = _OF_SHELLS if "'" in what or "'" in put else 0
    for quote, bit in _BITS.items():
        lost |= bit if quote in what or quote in put else 0
    return lost


def between(before: Sequence[str | Hole], flows: Mapping[Origin, Flow]) -> Mapping[Origin, Flow]:
    """Origins of a piece that follows this text, with what it means that their quotes are doubled:
    a name between backticks is quoted everywhere, and other text where a backslash is plain."""
    if not any(flow.guarantees & _OF_QUOTES for flow in flows.values()):
        return flows
    quote = _open(before)
    if quote == "'":
        flows = {origin: _for_shells(flow) for origin, flow in flows.items()}
    bit, means = _BITS.get(quote, 0), g.SQL_QUOTED if quote == "`" else g.SQL_DOUBLED
    return {
        origin: Flow(flow.guarantees | means, flow.steps) if flow.guarantees & bit else flow
        for origin, flow in flows.items()
    }


_OF_QUOTES: Final = g.DOUBLED | g.SHELL_CLOSED


def _for_shells(flow: Flow) -> Flow:
    closed = flow.guarantees & g.SHELL_CLOSED
    return Flow(flow.guarantees | g.SHELL_QUOTED, flow.steps) if closed else flow


def _open(before: Sequence[str | Hole]) -> str:
    """The quote that the text so far leaves open; what is not known of it is taken for balanced."""
    inside = ""
    for piece in before:
        for letter in piece if isinstance(piece, str) else "":
            if inside:
                inside = "" if letter == inside else inside
            elif letter in _BITS:
                inside = letter
    return inside
