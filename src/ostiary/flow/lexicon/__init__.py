"""Word tables: what verbs do, what nouns hold, what parameters take."""

from __future__ import annotations


def wordset(text: str) -> frozenset[str]:
    """The words of a table, written as running text."""
    return frozenset(text.split())
