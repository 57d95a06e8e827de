"""Which package each part of a bundle comes from, by the comments that bundlers write above it."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from ostiary.analyze.ir import Module

_FOLDER: Final = "node_modules/"
_ABOVE: Final = re.compile(
    r"(?:[!*]+\s+)?(?:#region\s+)?((?:[\w@.+~-]+/)*[\w@.+~-]+\.(?:[cm]?[jt]sx?|json))"
    r"(?:\s+[!*]+)?\s*"
)
"""``#region a.ts`` of Rolldown, ``src/a.ts`` of esbuild, ``!*** ./src/a.ts ***!`` of webpack."""
_ENDS: Final = "#endregion"


class Packages:
    """The packages that one file was put together from."""

    def __init__(self, module: Module) -> None:
        named = _FOLDER.rstrip("/")
        comments = module.comments if any(named in text for _, text in module.comments) else ()
        found = [(line, name) for line, text in comments if (name := _named(text)) is not None]
        self._lines = tuple(line for line, _ in found)
        self._names = tuple(name for _, name in found)

    def at(self, line: int) -> str:
        """The name of the package; empty for the target's own code."""
        index = bisect_right(self._lines, line)
        return self._names[index - 1] if index else ""


def _named(comment: str) -> str | None:
    """What begins below a comment; ``None`` where it says nothing of that."""
    if comment.startswith(_ENDS):
        return ""
    above = _ABOVE.fullmatch(comment)
    if above is None:
        return None
    _, inside, path = above[1].rpartition(_FOLDER)
    if not inside:
        return ""
    scope, _, rest = path.partition("/")
    return f"{scope}/{rest.partition('/')[0]}" if scope.startswith("@") else scope
