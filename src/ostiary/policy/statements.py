"""Takes Cedar text apart into its statements, so that every message can name file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r'//[^\n]*|"(?:[^"\\]|\\.)*"|;', re.DOTALL)
"""Comments, strings and the end of a statement: the only things a statement's end depends on
(Cedar grammar, lexical structure)."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of policies."""

    name: str
    """The file's name as the user knows it."""
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The text of one policy and where it stands."""

    file: str
    line: int
    """Of the first character that is neither blank nor comment; counted from 1."""
    text: str
    nth: int = 1
    """Of those that begin on its line."""

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


def statements(source: Source) -> tuple[Statement, ...]:
    """The statements of a file in order. A remainder without ``;`` is one too: it does not parse,
    and is told with its line."""
    found: list[Statement] = []
    begin = 0
    for token in _TOKEN.finditer(source.text):
        if token[0] == ";":
            found.append(_statement(source, begin, token.end(), found))
            begin = token.end()
    rest = _statement(source, begin, len(source.text), found)
    if rest.text:
        found.append(rest)
    return tuple(found)


_LEAD = re.compile(r"(?:\s|//[^\n]*)*")


def _statement(source: Source, begin: int, end: int, before: list[Statement]) -> Statement:
    lead = _LEAD.match(source.text, begin, end)
    start = lead.end() if lead else begin
    line = source.text.count("\n", 0, start) + 1
    nth = before[-1].nth + 1 if before and before[-1].line == line else 1
    return Statement(source.name, line, source.text[start:end], nth)
