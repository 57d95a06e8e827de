"""The text of one JavaScript or TypeScript file: slices, places, comments."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from tree_sitter import Node

_CONTINUATION = re.compile(rb"[\x80-\xbf]")
_STAR = re.compile(r"^[ \t]*\*[ \t]?", re.MULTILINE)
_WIDE_COLUMN = 400
"""A comment that begins further right documents nothing below it."""


class Source:
    """UTF-8 bytes with the look-ups lowering needs.

    A parser counts bytes; people count characters. Where a row is no ASCII, columns are counted
    from a list of its continuation bytes.
    """

    __slots__ = ("_ascii", "_continuations", "_names", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._ascii = data.decode("ascii") if data.isascii() else ""
        self._continuations = {} if self._ascii else _continuations(data)
        self._names: dict[str, str] = {}

    def slice(self, start: int, end: int) -> str:
        """The text between two offsets in bytes."""
        if self._ascii:
            return self._ascii[start:end]
        return self.data[start:end].decode("utf-8", "replace")

    def text(self, node: Node) -> str:
        return self.slice(node.start_byte, node.end_byte)

    def name(self, node: Node) -> str:
        """The text of an identifier; equal names are one object, there are many of them."""
        start, end = node.start_byte, node.end_byte
        if self._ascii:
            text = self._ascii[start:end]
        else:
            text = self.data[start:end].decode("utf-8", "replace")
        if "\\" in text:
            text = _unescaped(text)
        return self._names.setdefault(text, text)

    def at(self, node: Node) -> tuple[int, int]:
        """Line and column of its first character, both from 1."""
        row, column = node.start_point
        if row in self._continuations:
            column -= bisect_left(self._continuations[row], column)
        return row + 1, column + 1


def _continuations(data: bytes) -> dict[int, list[int]]:
    """The columns of continuation bytes on each row that has some."""
    found: dict[int, list[int]] = {}
    row = begin = last = 0
    for match in _CONTINUATION.finditer(data):
        at = match.start()
        breaks = data.count(b"\n", last, at)
        if breaks:
            row += breaks
            begin = data.rindex(b"\n", last, at) + 1
        last = at
        found.setdefault(row, []).append(at - begin)
    return found


def _unescaped(name: str) -> str:
    r"""An identifier may be written ``\u0065val`` or ``\u{65}val``."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match[0]

    return re.sub(r"\\u(?:\{([0-9a-fA-F]{1,8})\}|([0-9a-fA-F]{4}))", character, name)


@dataclass(frozen=True, slots=True)
class _Comment:
    first: int
    """Row, from 0."""
    text: str
    single: bool
    """``//``."""


class Comments:
    """All comments of a file, and which of them stand directly above a row."""

    __slots__ = ("_ending", "all")

    def __init__(self, source: Source, nodes: list[Node]) -> None:
        self.all: tuple[tuple[int, str], ...] = ()
        self._ending: dict[int, _Comment] = {}
        found: list[tuple[int, str]] = []
        for node in nodes:
            raw = source.text(node)
            text = _without_markers(raw)
            row, column = node.start_point
            found.append((row + 1, text))
            before = source.data[node.start_byte - column : node.start_byte]
            if column < _WIDE_COLUMN and not before.strip():
                self._ending[node.end_point[0]] = _Comment(row, text, raw.startswith("//"))
        self.all = tuple(found)

    def above(self, row: int) -> str:
        """The comment that ends on the row before this one; a run of ``//`` lines is one."""
        comment = self._ending.get(row - 1)
        if comment is None:
            return ""
        lines = [comment.text]
        while comment.single:
            upper = self._ending.get(comment.first - 1)
            if upper is None or not upper.single:
                break
            lines.append(upper.text)
            comment = upper
        return "\n".join(reversed(lines))

    def heading(self) -> str:
        """The comment that begins the file (below ``#!``), which speaks of the module."""
        for row in sorted(self._ending)[:1]:
            comment = self._ending[row]
            if comment.first <= 1:
                return self.above(self._last_of_run(row) + 1)
        return ""

    def _last_of_run(self, row: int) -> int:
        while self._ending[row].single and (after := self._ending.get(row + 1)) and after.single:
            row += 1
        return row


def _without_markers(raw: str) -> str:
    if raw.startswith("//"):
        return raw.lstrip("/").strip()
    body = raw.removeprefix("/*").removesuffix("*/")
    return _STAR.sub("", body.lstrip("*!")).strip()
