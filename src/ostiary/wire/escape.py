"""JSON that people compare line by line: every character in it shows."""

from __future__ import annotations

import re
import unicodedata

_BEYOND_ASCII = re.compile(r"[^\x20-\x7e\n]")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs", "Mn", "Me"})
"""General categories that a reader of a diff cannot see or that change their neighbours."""


def escaped(json: str) -> str:
    """``json`` with the characters that do not show escaped; it means the same."""
    return _BEYOND_ASCII.sub(_escape, json)


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    if unicodedata.category(char) not in _UNSEEN:
        return char
    point = ord(char)
    if point < 0x10000:
        return f"\\u{point:04x}"
    point -= 0x10000
    return f"\\u{0xD800 + (point >> 10):04x}\\u{0xDC00 + (point & 0x3FF):04x}"
