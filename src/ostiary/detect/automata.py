"""Many patterns in one linear pass: which of them occur in a text."""

from __future__ import annotations

from collections.abc import Iterable

import re2  # type: ignore[import-untyped]

DEFAULT_MEMORY = 8 * 1024 * 1024
"""Bytes one automaton may grow to; beyond, it forgets states and goes on."""


class PatternSet:
    """Patterns that are looked for together."""

    __slots__ = ("_set",)

    def __init__(self, patterns: Iterable[str], memory: int = DEFAULT_MEMORY) -> None:
        self._set = re2.Set.SearchSet(_options(memory))
        for pattern in patterns:
            self._set.Add(pattern)
        self._set.Compile()

    def match(self, text: bytes) -> list[int]:
        """Indexes of the patterns that occur in UTF-8 ``text``, in ascending order."""
        found: list[int] | None = self._set.Match(text)
        return sorted(found) if found else []


def _options(memory: int) -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = memory
    return options
