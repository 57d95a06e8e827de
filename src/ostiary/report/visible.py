"""Strangers' text made safe to look at: what is hidden is shown, and nothing can act."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})

_BLANK = frozenset(
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
    | set(range(0x180B, 0x1810))
    | set(range(0xFE00, 0xFE10))
    | set(range(0xE0000, 0xE1000))
)
"""Characters of visible categories that draw nothing (Default_Ignorable_Code_Point, blanks)."""

_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_PILE = re.compile(f"([{_MARKS}]{{3}})([{_MARKS}]+)")
"""More than three combining marks on one letter draw over the lines around them."""


def code_point(code: int) -> str:
    """A character by number, as in ``⟨U+200B⟩``."""
    return f"⟨U+{code:04X}⟩"


class _Signs(dict[int, str]):
    """Translation table that decides about a character when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        hidden = unicodedata.category(char) in _HIDDEN_CATEGORIES or code in _BLANK
        self[code] = code_point(code) if hidden else char
        return self[code]


_SIGNS = _Signs({0x20: " ", 0x09: " ", 0x0A: "⏎", 0xA0: " ", 0x3000: " "})


def visible(text: str, limit: int = 400) -> str:
    """``text`` on one line of at most ``limit`` characters, with nothing hidden in it.

    Control, bidirectional, zero-width, tag, private and blank characters become ``⟨U+200B⟩``, line
    ends become ``⏎``; what does not fit is cut and ends in ``…``. Applying it twice changes
    nothing.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    shown = text[: limit + 1].replace("\r\n", "\n").translate(_SIGNS)
    shown = _PILE.sub(lambda hit: hit[1] + "".join(code_point(ord(c)) for c in hit[2]), shown)
    if len(text) <= limit and len(shown) <= limit:
        return shown
    return _cut(shown, limit)


def _cut(shown: str, limit: int) -> str:
    kept = shown[: max(limit - 1, 0)]
    opened = kept.rfind("⟨")
    if opened > kept.rfind("⟩") and len(kept) - opened <= len("⟨U+10FFFF"):
        kept = kept[:opened]
    return f"{kept}…"
