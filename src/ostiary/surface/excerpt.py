"""Short excerpts of a stranger's text, visible and free of secrets."""

from __future__ import annotations

from ostiary.detect import masked
from ostiary.model.visible import EXCERPT, one_line


def excerpt(text: str, limit: int = EXCERPT) -> str:
    """``text`` on one line, credentials masked, hidden characters named, cut."""
    return one_line(masked(text[: limit * 4]) if len(text) >= 12 else text, limit)


def changed(before: str, after: str, around: int = 24) -> tuple[str, str]:
    """The differing middles of two texts with a little context, each made visible."""
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    first = max(0, start - around)
    return (
        _window(before, first, len(before) - end + around),
        _window(after, first, len(after) - end + around),
    )


def _shared(one: str, other: str) -> int:
    """Length of the common prefix."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _window(text: str, start: int, end: int) -> str:
    if not text:
        return ""
    lead = "… " if start > 0 else ""
    shown = excerpt(text[start:end])
    tail = " …" if end < len(text) and not shown.endswith("…") else ""
    return f"{lead}{shown}{tail}"
