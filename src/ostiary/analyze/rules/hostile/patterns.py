"""Words of commands and scripts that leave little doubt, compiled for linear matching."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ostiary.detect.linear import compiled, readable

MOST_CHARACTERS = 6000


def matching(patterns: str, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Texts in which one of the patterns is found, each with what matched."""
    search = compiled(f"(?is){patterns}")
    for text in texts:
        found = search.search(readable(text[:MOST_CHARACTERS].replace("\0", "□")))
        if found is not None:
            yield text, found.group() or ""


def first(patterns: str, texts: Iterable[str]) -> str:
    """What matched first; empty if nothing did."""
    return next((match for _, match in matching(patterns, texts)), "")
