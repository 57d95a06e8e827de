"""RE2 with types: patterns over strangers' text that cannot be made slow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Protocol

import re2  # type: ignore[import-untyped]


class Match(Protocol):
    """One match. Groups are asked for by number; ``Pattern.groupindex`` knows the names."""

    def span(self, group: int = 0, /) -> tuple[int, int]: ...

    def group(self, group: int = 0, /) -> str | None: ...


class Pattern(Protocol):
    """A compiled pattern."""

    @property
    def groupindex(self) -> Mapping[str, int]: ...

    def search(self, text: str, /) -> Match | None: ...

    def fullmatch(self, text: str, /) -> Match | None: ...

    def finditer(self, text: str, /) -> Iterator[Match]: ...


@cache
def compiled(pattern: str) -> Pattern:
    """The pattern, compiled once. What is wrong with one is raised, and not printed too."""
    options = re2.Options()
    options.log_errors = False
    one: Pattern = re2.compile(pattern, options)
    return one


def readable(text: str) -> str:
    """``text`` with lone surrogates as question marks, so that every offset stays the same."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Words:
    """Which of many literal words a text holds, in one pass and whatever their case."""

    def __init__(self, words: Iterable[str]) -> None:
        options = re2.Options()
        options.case_sensitive = False
        options.literal = True
        self._set = re2.Set.SearchSet(options)
        for word in words:
            self._set.Add(word)
        self._set.Compile()

    def held(self, text: str) -> list[int]:
        """Positions of the words that ``text`` holds, ascending."""
        return sorted(self._set.Match(text) or ())
