"""Strangers' words inside Markdown: in code spans, or as prose that cannot become markup."""

from __future__ import annotations

import re

from ostiary.model.visible import visible

_TICKS = re.compile("`+")
_MARKUP = re.compile(r"([\\`*_\[\]<>|~&$])")
_AUTOLINK = re.compile(r"(@|#|GH-|(?:https?|ftp|mailto|xmpp):|www\.)", re.IGNORECASE)
_BAR = re.compile(r"(\\*)\|")
_NOTHING = "<!-- -->"
"""Splits a mention, an issue number or an address so that forges do not link it."""


def code(text: str, limit: int = 200) -> str:
    """``text`` as a code span that holds in prose and in table cells; nothing for nothing."""
    shown = visible(text, limit)
    if not shown.strip():
        return ""
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def cell(text: str, limit: int = 200) -> str:
    """A code span for a table cell, where a bar must be escaped even inside code."""
    return _BAR.sub(r"\1\1\\|", code(text, limit))


def prose(text: str, limit: int = 600) -> str:
    """``text`` as words: no markup, no HTML, no mention, no link. Not for the start of a line."""
    escaped = _MARKUP.sub(r"\\\1", visible(text, limit))
    return _AUTOLINK.sub(rf"\1{_NOTHING}", escaped)
