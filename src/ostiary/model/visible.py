"""Strangers' text made safe to look at: what is hidden is shown, and nothing can act."""

from __future__ import annotations

import re
import unicodedata

NAME = 80
"""Characters of a stranger's name that are shown inside a sentence."""

EXCERPT = 240
"""Characters of a stranger's text that are shown as proof."""

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

_BLANKS = re.compile("(?:[ \t\n\u0085\u00a0\u2028\u2029\u3000]|\r\n)+")
"""Blanks and line ends of honest text. A carriage return alone overwrites a line: it stays."""


def is_hidden(char: str) -> bool:
    """Whether a reader would not see this character, or not as what it is."""
    if " " <= char <= "~":
        return False
    return unicodedata.category(char) in _HIDDEN_CATEGORIES or ord(char) in _BLANK


def _named(code: int) -> str:
    return f"⟨U+{code:04X}⟩"


class _Signs(dict[int, str]):
    """Translation table that decides about a character when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = _named(code) if is_hidden(char) else char
        return self[code]


_SIGNS = _Signs({0x0A: "⏎"})


def visible(text: str, limit: int | None = None) -> str:
    """``text`` on one line of at most ``limit`` characters, with nothing hidden in it.

    Control, bidirectional, zero-width, tag, private and blank characters, and every space but the
    ordinary one, become ``⟨U+200B⟩``; line ends become ``⏎``; what does not fit is cut and ends in
    ``…``. Applying it twice changes nothing.
    """
    fits = limit is None or len(text) <= limit
    if fits and text.isascii() and text.isprintable():
        return text
    kept = text if limit is None else text[: limit + 1]
    shown = kept.replace("\r\n", "\n").translate(_SIGNS)
    shown = _PILE.sub(lambda hit: hit[1] + "".join(_named(ord(c)) for c in hit[2]), shown)
    if limit is None or (fits and len(shown) <= limit):
        return shown
    return _cut(shown, limit)


def one_line(text: str, limit: int = EXCERPT) -> str:
    """``text`` as prose: runs of blanks and line ends become one space, the rest is visible.

    Reads at most four times ``limit`` characters, so that a flood of blanks costs nothing.
    """
    most = limit * 4
    line = _BLANKS.sub(" ", text[:most]).strip(" ")
    return visible(f"{line}…" if len(text) > most else line, limit)


def _cut(shown: str, limit: int) -> str:
    kept = shown[: max(limit - 1, 0)]
    opened = kept.rfind("⟨")
    if opened > kept.rfind("⟩") and len(kept) - opened <= len("⟨U+10FFFF"):
        kept = kept[:opened]
    return f"{kept}…"
