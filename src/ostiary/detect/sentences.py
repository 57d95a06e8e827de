"""Cuts text of any language into sentences of bounded length."""

from __future__ import annotations

import re

MAX_SENTENCE = 700
"""Longer stretches are cut at a blank: patterns then cost the same everywhere."""
MAX_TEXT = 8_000_000

_WRAPPED = re.compile(
    r"(?<![.:;!?>\n])[ \t]*\r?\n[ \t]*(?=[a-z(`'\"“])(?!\w{1,40}(?: ?\([^)\n]*\))?:)"
)
_MARKS = re.compile(r"[.!?;][\s\"'”’)\]*_]|[\n<>。！？؟।]|\s[-*•]\s")
"""Without any of these nothing can be cut."""
_END = re.compile(
    r"(?<=[.!?;])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)\s+|(?<=[.!?][\"'”’)\]*_])\s+"
    r"|\s+[-*•]\s+(?=[A-Z*`])|[。！？؟।]+|\s*\n\s*|\s+(?=<)|(?<=>)\s+"
)


_BLANKS = re.compile(r"\s{9,}")


def _shrunk(blanks: re.Match[str]) -> str:
    """A long run of blanks says no more than a short one, and costs patterns more."""
    return "\n" if "\n" in blanks[0] else " "


def sentences(text: str) -> list[str]:
    """The sentences in order, blanks trimmed, none empty or longer than ``MAX_SENTENCE``."""
    text = _BLANKS.sub(_shrunk, text[:MAX_TEXT])
    if len(text) <= MAX_SENTENCE and not _MARKS.search(text):
        return [text] if text else []
    found: list[str] = []
    for piece in _END.split(_WRAPPED.sub(" ", text)):
        if len(piece) <= MAX_SENTENCE:
            if len(piece) > 1:
                found.append(piece)
        else:
            found.extend(_pieces(piece))
    return found


def _pieces(text: str) -> list[str]:
    """A stretch without an end, in pieces cut at a blank where there is one."""
    cut: list[str] = []
    start = 0
    while start < len(text):
        end = start + MAX_SENTENCE
        if end < len(text):
            blank = text.rfind(" ", start + MAX_SENTENCE // 2, end)
            end = blank if blank > 0 else end
        cut.append(text[start:end].strip())
        start = end
    return [piece for piece in cut if piece]
