"""A scanner for JSON with comments, trailing commas and the liberties of JSON5.

It keeps the place of every key, reports duplicate keys (the last one wins) and never recurses.
"""

from __future__ import annotations

import re

from ostiary.clients.formats.c_json import quoted
from ostiary.clients.formats.document import MAX_DEPTH, Lines, Step, Unreadable, pointer
from ostiary.model.json import JsonValue

MAX_DUPLICATES = 100
MAX_TOKENS = 500_000
"""Each costs up to 200 bytes; no client writes a commented file of this size."""

_TOKEN = re.compile(
    r"""(?:[\s\ufeff]++|//[^\n\r]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+
    (?:(?P<mark>[{}\[\]:,])
    |(?P<double>"(?:[^"\\]++|\\.)*+")
    |(?P<single>'(?:[^'\\]++|\\.)*+')
    |(?P<word>[^\s{}\[\]:,"'/]++)
    |(?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|.)", re.DOTALL)
_SHORT = {
    "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0",
    "\n": "", "\r": "", "\r\n": "", "\u2028": "", "\u2029": "",
}  # fmt: skip
_WORDS: dict[str, JsonValue] = {"true": True, "false": False, "null": None}
_NUMBER = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\Z")
_ODD = re.compile(r"[+-]?(?:NaN|Infinity)\Z")


class _Open:
    """A container that is still being read."""

    __slots__ = ("array", "at", "object", "places", "step", "step_at", "want")

    def __init__(self, at: int, is_array: bool) -> None:
        self.at = at
        self.array: list[JsonValue] | None = [] if is_array else None
        self.object: dict[str, JsonValue] = {}
        self.places: dict[Step, tuple[int, int]] = {}
        self.step: Step = ""
        self.step_at = at
        self.want = "value" if is_array else "key"
        """``key``, ``colon``, ``value`` or ``comma``."""


class Relaxed:
    """One reading of one text. Call :meth:`read` once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[_Open] = []
        self._done = False
        self._value: JsonValue = None
        self.start = 0
        self.places: dict[int, dict[Step, tuple[int, int]]] = {}
        """For each container, by its offset: place of each key and of its value."""
        self.duplicates: list[str] = []

    def read(self) -> JsonValue:
        """The value. Raises :class:`Unreadable` with line and column."""
        at = 0
        for _ in range(MAX_TOKENS):
            match = _TOKEN.match(self._text, at)
            if match is None:
                at += len(self._text[at:]) - len(self._text[at:].lstrip())
                raise self._stop(at, "this is neither a value nor a comment that ends")
            kind = match.lastgroup
            if kind == "end":
                break
            begin = match.start(kind or 0)
            at = match.end()
            if self._done:
                raise self._stop(begin, "the value has ended, and more follows")
            if kind == "mark":
                self._mark(self._text[begin], begin)
            else:
                self._token(kind or "", begin, at)
        else:
            raise self._stop(at, f"more than {MAX_TOKENS:,} words and marks, with comments")
        if not self._done:
            if not self._open:
                return {}
            raise self._stop(len(self._text), "the text ends in the middle of a value")
        return self._value

    def _stop(self, at: int, why: str) -> Unreadable:
        line, column = Lines(self._text).at(at)
        return Unreadable(f"line {line}, column {column}: {why}")

    def _mark(self, mark: str, at: int) -> None:
        if mark in "{[":
            self._begin(mark == "[", at)
        elif mark in "}]":
            self._end(mark == "]", at)
        else:
            self._between(mark, at)

    def _begin(self, is_array: bool, at: int) -> None:
        self._expect_value(at)
        if len(self._open) >= MAX_DEPTH:
            raise self._stop(at, f"nested deeper than {MAX_DEPTH} levels")
        self._open.append(_Open(at, is_array))

    def _end(self, is_array: bool, at: int) -> None:
        top = self._open[-1] if self._open else None
        if top is None or (top.array is not None) != is_array:
            raise self._stop(at, "a bracket closes what was not opened")
        if top.want == "colon" or (not is_array and top.want == "value"):
            raise self._stop(at, "a key has no value")
        self._open.pop()
        self.places[top.at] = top.places
        self._put(top.object if top.array is None else top.array, top.at)

    def _between(self, mark: str, at: int) -> None:
        top = self._open[-1] if self._open else None
        if top is None or top.want != ("comma" if mark == "," else "colon"):
            raise self._stop(at, f"a {'comma' if mark == ',' else 'colon'} is out of place")
        if mark == ":":
            top.want = "value"
        else:
            top.want = "key" if top.array is None else "value"

    def _token(self, kind: str, begin: int, end: int) -> None:
        top = self._open[-1] if self._open else None
        if top is not None and top.want == "key":
            self._key(top, kind, begin, end)
            return
        self._expect_value(begin)
        self._put(self._word(begin, end) if kind == "word" else self._string(begin, end), begin)

    def _key(self, top: _Open, kind: str, begin: int, end: int) -> None:
        key = self._text[begin:end] if kind == "word" else self._string(begin, end)
        if key in top.object and len(self.duplicates) < MAX_DUPLICATES:
            self.duplicates.append(pointer([*(one.step for one in self._open[:-1]), key]))
        top.step, top.step_at, top.want = key, begin, "colon"

    def _expect_value(self, at: int) -> None:
        if self._open and self._open[-1].want != "value":
            raise self._stop(at, "a comma, a colon or a key is missing before this")
        if self._open and self._open[-1].array is not None:
            top = self._open[-1]
            top.step, top.step_at = len(top.places), at

    def _put(self, value: JsonValue, at: int) -> None:
        if not self._open:
            self.start, self._value, self._done = at, value, True
            return
        top = self._open[-1]
        if top.array is None:
            top.object[str(top.step)] = value
        else:
            top.array.append(value)
        top.places[top.step] = (top.step_at, at)
        top.want = "comma"

    def _string(self, begin: int, end: int) -> str:
        inner = self._text[begin + 1 : end - 1]
        if "\\" not in inner:
            return inner
        if self._text[begin] == '"':
            try:
                return quoted(self._text, begin + 1, False)[0]
            except ValueError:
                pass
        return _ESCAPE.sub(_escaped, inner)

    def _word(self, begin: int, end: int) -> JsonValue:
        word = self._text[begin:end]
        if word in _WORDS:
            return _WORDS[word]
        if _ODD.match(word):
            return word
        if _NUMBER.match(word):
            return _number(word)
        raise self._stop(begin, "this word is not a value")


def _escaped(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _SHORT.get(code, code)


def _number(word: str) -> int | float | str:
    """A number, or its digits where Python would refuse or lose it."""
    try:
        if "x" in word or "X" in word:
            return int(word, 16)
        if any(mark in word for mark in ".eE"):
            value = float(word)
            return word if value in (float("inf"), float("-inf")) else value
        return int(word)
    except ValueError:
        return word
