"""Lists of tool names and globs, compared quickly however long they are."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

_MOST_GLOBS = 200
"""Globs compared one by one; a configuration with more is taken to mean every tool."""


class Patterns:
    """What a list approves. A list of very many globs is taken to approve everything."""

    def __init__(self, written: Iterable[str]) -> None:
        names = list(dict.fromkeys(written))
        self._exact = frozenset(names)
        globs = [one for one in names if any(sign in one for sign in "*?[")]
        self._globs = globs if len(globs) <= _MOST_GLOBS else ["*"]

    def match(self, tool: str) -> bool:
        """Whether the list names ``tool``."""
        return tool in self._exact or any(fnmatchcase(tool, one) for one in self._globs)
