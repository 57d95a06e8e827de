"""RE2 with types: patterns over strangers' text that cannot be made slow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Protocol

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
    return _Encoded(re2.compile(pattern.encode(), options))


class _Encoded:
    """A pattern that looks at encoded text: characters are counted only where it matches."""

    __slots__ = ("_pattern", "groupindex")

    def __init__(self, pattern: Any) -> None:
        self._pattern = pattern
        self.groupindex = {name.decode(): at for name, at in pattern.groupindex.items()}

    def search(self, text: str, /) -> Match | None:
        data = text.encode()
        found = self._pattern.search(data)
        return None if found is None else _Found(data, found)

    def fullmatch(self, text: str, /) -> Match | None:
        data = text.encode()
        found = self._pattern.fullmatch(data)
        return None if found is None else _Found(data, found)

    def finditer(self, text: str, /) -> Iterator[Match]:
        data = text.encode()
        for found in self._pattern.finditer(data):
            at = found.start()
            if found.end() > at or not data[at : at + 1] or data[at] & 0xC0 != 0x80:
                yield _Found(data, found)


class _Found:
    """One match, told in characters."""

    __slots__ = ("_data", "_found")

    def __init__(self, data: bytes, found: Any) -> None:
        self._data = data
        self._found = found

    def span(self, group: int = 0, /) -> tuple[int, int]:
        start, end = self._found.span(group)
        if start < 0 or self._data.isascii():
            return start, end
        before = len(self._data[:start].decode())
        return before, before + len(self._data[start:end].decode())

    def group(self, group: int = 0, /) -> str | None:
        found = self._found.group(group)
        return None if found is None else found.decode()


def readable(text: str) -> str:
    """``text`` with lone surrogates as question marks, so that every offset stays the same."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


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
