"""Words of commands and scripts that leave little doubt, compiled for linear matching."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ostiary.detect.linear import compiled, readable

MOST_CHARACTERS = 6000
UNKNOWN = "□"
"""Stands for a piece of text that is not known; patterns may name it."""


def first(patterns: str, texts: Iterable[str]) -> str:
    """What matched first in one of the texts; empty if nothing did. ``^`` and ``$`` are the ends of
    lines."""
    return first_in(patterns, together(texts))


def holding(patterns: str, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Texts in which something matches, each with what matched first. All are searched at once
    before any is alone."""
    every = tuple(texts)
    if first(patterns, every):
        for one in every:
            words = first(patterns, [one])
            if words:
                yield one, words


def together(texts: Iterable[str]) -> str:
    """Texts as lines of one, ready to be searched many times."""
    return readable("\n".join(one[:MOST_CHARACTERS] for one in texts).replace("\0", UNKNOWN))


def first_in(patterns: str, text: str) -> str:
    """The same in one text that is ready."""
    found = compiled(f"(?ims){patterns}").search(text) if text else None
    return "" if found is None else found.group() or ""
