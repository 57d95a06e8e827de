"""Regular expressions of Python and JavaScript read into a small tree.

The tree may match more than the pattern does, never less: lookarounds are taken to hold. What is
not understood (back references, verbose patterns, set operations) is not read at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

LONGEST: Final = 2000
"""Characters of a pattern that is read."""
_DEEPEST = 40
"""Groups in groups."""
_WIDEST = 30_000
"""Characters of a range that are looked at one by one: those of a script fit."""

# A set of characters is a number: a bit for each of ASCII, and one each for all other letters, all
# other digits and all other characters of Unicode.
LETTERS_BEYOND: Final = 1 << 128
DIGITS_BEYOND: Final = 1 << 129
OTHERS_BEYOND: Final = 1 << 130
EVERYTHING: Final = (1 << 131) - 1
WORDS_BEYOND: Final = LETTERS_BEYOND | DIGITS_BEYOND
BEYOND: Final = WORDS_BEYOND | OTHERS_BEYOND


def chars(text: str) -> int:
    """The set of these ASCII characters."""
    found = 0
    for char in text:
        found |= 1 << ord(char)
    return found


LOWER: Final = chars("abcdefghijklmnopqrstuvwxyz")
UPPER: Final = chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS: Final = chars("0123456789")
BLANKS: Final = chars(" \t\n\r\f\v")
WORD: Final = LOWER | UPPER | DIGITS | chars("_")


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    may: int
    """Every character it can be, and perhaps more beyond ASCII."""
    must: int
    """Characters it certainly can be."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The beginning or the end of the whole text."""

    end: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """One after another; none is the empty text."""

    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    options: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Several times; ``most`` is ``None`` without a bound."""

    item: Tree
    least: int
    most: int | None


Tree: TypeAlias = Chars | Edge | Chain | Choice | Repeat

EMPTY: Final = Chain(())

_Member: TypeAlias = "tuple[Chars, int | None]"
"""A member of a class, and its code if it can begin a range."""

_CLASSES: Final = {"d": DIGITS, "s": BLANKS, "w": WORD}
_SEPARATORS: Final = chars("\x1c\x1d\x1e\x1f")
"""Blanks to Python and not to JavaScript."""
_BEYOND: Final = {"d": DIGITS_BEYOND, "s": OTHERS_BEYOND, "w": WORDS_BEYOND}
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "0": "\0", "a": "\a"}
_COUNT = re.compile(r"\{(\d{0,6})(,?)(\d{0,6})\}")
_GROUP = re.compile(r"\?(?:P?<(?![=!])[^>]{1,80}>|:|>|([imsux]{1,5}):)")
_LOOK = re.compile(r"\?<?[=!]")
_FLAGS = re.compile(r"\(\?([aiLmsux]{1,7})\)")
_HEX = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}")


class _NotUnderstood(Exception):
    pass


def read(pattern: str, flags: str) -> Tree | None:
    """The tree of a pattern. ``flags`` are JavaScript's, or ``py`` for a pattern of Python."""
    python = flags == "py"
    inline = _FLAGS.match(pattern) if python else None
    marks = inline[1] if inline else ("" if python else flags)
    if len(pattern) > LONGEST or "x" in marks or "v" in marks:
        return None
    reader = _Reader(pattern, inline.end() if inline else 0, python, marks)
    try:
        return reader.whole()
    except (_NotUnderstood, IndexError):
        return None


class _Reader:
    def __init__(self, text: str, at: int, python: bool, marks: str) -> None:
        self._text = text
        self._at = at
        self._python = python
        self._caseless = "i" in marks
        self._lines = "m" in marks
        self._dot = EVERYTHING if "s" in marks else EVERYTHING & ~chars("\n")
        self._braces = "u" in marks
        self._wide = python and "a" not in marks
        self._depth = 0

    def whole(self) -> Tree:
        tree = self._choice()
        if self._at < len(self._text):
            raise _NotUnderstood
        return tree

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _choice(self) -> Tree:
        options = [self._chain()]
        while self._peek() == "|":
            self._at += 1
            options.append(self._chain())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _chain(self) -> Tree:
        items: list[Tree] = []
        while self._peek() and self._peek() not in "|)":
            items.append(self._repeated(self._atom()))
        return items[0] if len(items) == 1 else Chain(tuple(items))

    def _repeated(self, item: Tree) -> Tree:
        least, most = self._bounds()
        if least < 0:
            return item
        if self._peek() == "?" or (self._peek() == "+" and self._python):
            self._at += 1
        if self._bounds()[0] >= 0:
            raise _NotUnderstood
        return Repeat(item, least, most)

    def _bounds(self) -> tuple[int, int | None]:
        sign = self._peek()
        simple = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if sign and sign in simple:
            self._at += 1
            return simple[sign]
        found = _COUNT.match(self._text, self._at) if sign == "{" else None
        if found is None or not (found[1] or found[3]):
            return -1, None
        self._at = found.end()
        least = int(found[1] or 0)
        if not found[2]:
            return least, least
        return least, int(found[3]) if found[3] else None

    def _atom(self) -> Tree:
        char = self._text[self._at]
        self._at += 1
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        if char == ".":
            return Chars(self._dot, self._dot)
        if char in "^$":
            return EMPTY if self._lines else Edge(char == "$")
        if char in "*+?":
            raise _NotUnderstood
        return self._literal(char)

    def _group(self) -> Tree:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NotUnderstood
        look = _LOOK.match(self._text, self._at)
        plain = _GROUP.match(self._text, self._at)
        caseless = self._caseless
        if look or plain:
            self._at = look.end() if look else self._at
            self._at = plain.end() if plain else self._at
        elif self._peek() == "?":
            raise _NotUnderstood
        if plain and plain[1]:
            self._within(plain[1])
        inside = self._choice()
        self._caseless = caseless
        if self._peek() != ")":
            raise _NotUnderstood
        self._at += 1
        self._depth -= 1
        return EMPTY if look else inside

    def _within(self, marks: str) -> None:
        if set(marks) - {"i"}:
            raise _NotUnderstood
        self._caseless = True

    def _literal(self, char: str) -> Chars:
        code = ord(char)
        if code > 127:
            return Chars(_beyond(char), 0)
        found = 1 << code
        if self._caseless and char.isalpha():
            found |= chars(char.swapcase())
            return Chars(found | LETTERS_BEYOND if char in "kKsS" else found, found)
        return Chars(found, found)

    def _escape(self) -> Tree:
        char = self._text[self._at]
        if char in "AZz" and self._python:
            self._at += 1
            return Edge(char != "A")
        if char in "bB":
            self._at += 1
            return EMPTY
        return self._escaped()[0]

    def _escaped(self) -> _Member:
        """An escape that stands for a character, in a class or outside."""
        char = self._text[self._at]
        hexadecimal = _HEX.match(self._text, self._at)
        if hexadecimal:
            self._at = hexadecimal.end()
            code = int(hexadecimal[1] or hexadecimal[2] or hexadecimal[3], 16)
            if code > 0x10FFFF or (hexadecimal[3] and not self._braces):
                raise _NotUnderstood
            return self._literal(chr(code)), code
        self._at += 1
        if char.lower() in _CLASSES:
            return self._named(char), None
        if char in _CONTROLS and not self._peek().isdigit():
            char = _CONTROLS[char]
        elif char.isalnum():
            raise _NotUnderstood
        return self._literal(char), ord(char)

    def _named(self, char: str) -> Chars:
        low = char.lower()
        ascii_part = _CLASSES[low]
        beyond = _BEYOND[low] if self._wide or low == "s" else 0
        beyond |= _SEPARATORS if low == "s" else 0
        # Blanks beyond ASCII are some of its other characters, not all of them.
        sure = ascii_part | (beyond if low != "s" else 0)
        if low == char:
            return Chars(ascii_part | beyond, sure)
        return Chars(EVERYTHING & ~sure, EVERYTHING & ~(ascii_part | beyond))

    def _class(self) -> Chars:
        negated = self._peek() == "^"
        self._at += negated
        may = must = 0
        first = True
        while first or self._peek() != "]":
            if not self._python and self._peek() == "]":
                break
            one, code = self._member()
            if code is not None and self._peek() == "-" and self._text[self._at + 1] != "]":
                one = self._range(code)
            may, must, first = may | one.may, must | one.must, False
        self._at += 1
        if negated:
            return Chars(EVERYTHING & ~must, EVERYTHING & ~may)
        return Chars(may, must)

    def _member(self) -> _Member:
        char = self._text[self._at]
        self._at += 1
        if char != "\\":
            return self._literal(char), ord(char)
        if self._peek() == "b":
            self._at += 1
            return self._literal("\b"), ord("\b")
        return self._escaped()

    def _range(self, first: int) -> Chars:
        """The rest of ``a-z`` in a class, from the hyphen on."""
        self._at += 1
        _, last = self._member()
        if last is None or last < first:
            raise _NotUnderstood
        may, must = (_between(max(first, 128), last), 0) if last > 127 else (0, 0)
        for code in range(first, min(last, 127) + 1):
            one = self._literal(chr(code))
            may, must = may | one.may, must | one.must
        return Chars(may, must)


@lru_cache(maxsize=64)
def _between(first: int, last: int) -> int:
    """The sets that characters beyond ASCII from one to another may lie in."""
    if last - first > _WIDEST:
        return BEYOND
    found = 0
    for code in range(first, last + 1):
        found |= _beyond(chr(code))
        if found == BEYOND:
            break
    return found


def _beyond(char: str) -> int:
    """The set that a character beyond ASCII lies in."""
    if char.isdecimal():
        return DIGITS_BEYOND
    return LETTERS_BEYOND if char.isalnum() else OTHERS_BEYOND
