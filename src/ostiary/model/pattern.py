"""Patterns in which ``*`` stands for any characters, none too, and nothing else has a meaning."""

from __future__ import annotations

from collections.abc import Sequence


def fits(pattern: str, text: str) -> bool:
    """Whether ``text`` is what ``pattern`` says. Exact: no folding of case, no normalisation."""
    return fits_pieces(pattern.split("*"), text)


def fits_pieces(pieces: Sequence[str], text: str) -> bool:
    """Whether ``text`` is ``pieces``, of which there is at least one, with anything between them,
    in linear time."""
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return text == first
    at, end = len(first), len(text) - len(last)
    if end < at or not (text.startswith(first) and text.endswith(last)):
        return False
    for piece in pieces[1:-1]:
        # The first place that fits leaves the most room for the rest.
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
