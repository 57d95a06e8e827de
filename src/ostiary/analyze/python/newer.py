"""Syntax that is newer than the running Python, rewritten to what it reads."""

from __future__ import annotations


def rewritten(text: str) -> str:
    """``text`` in older syntax, the same length where possible; unchanged if there is none."""
    return text
