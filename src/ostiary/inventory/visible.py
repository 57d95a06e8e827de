"""Text of strangers as a person may safely read it: nothing hidden, nothing that moves a cursor."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5\u034f")


def is_hidden(char: str) -> bool:
    """Whether a reader would not see this character, or not as what it is."""
    if " " <= char <= "~":
        return False
    if char in _BLANK or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return True
    kind = unicodedata.category(char)
    return kind in _HIDDEN or (kind == "Zs" and char != " ")


def visible(text: str) -> str:
    """``text`` with every hidden character written as ``\\u{…}``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{{{ord(char):x}}}" if is_hidden(char) else char for char in text)
