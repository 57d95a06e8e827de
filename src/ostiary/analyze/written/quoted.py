"""Texts that stand in code of languages whose flow is not followed, by their quotes alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts
from ostiary.analyze.modules import is_apart
from ostiary.analyze.verdict.coverage import not_followed, written_by_people

_LARGEST: Final = 400_000
"""Characters of one file that are looked at."""
_MOST: Final = 20_000
"""Texts of one target."""
_LONGEST: Final = 8_000
_HASHED: Final = frozenset({"Ruby", "PHP", "Perl", "Elixir", "PowerShell"})
"""Languages with comments behind ``#`` and texts between single quotes."""
_SINGLE: Final = _HASHED | {"Dart", "Lua"}
_OPENS = re.compile(r'//|/\*|"""|\br#{0,8}"|"|`|\'|(?<!\S)#(?!\[)')
_LINE = re.compile(r'(?:[^"\\\n]|\\.)*"', re.DOTALL)
_SINGLES = re.compile(r"(?:[^'\\\n]|\\.)*'", re.DOTALL)
_MARK = re.compile(r"(?:\\.|[^\\'\n])'")
"""One character between single quotes, which may be a quote."""
_JOINS = re.compile(r"[\s+.~\\&]{0,200}\Z")
"""What stands between two parts of one text."""
_NAME = re.compile(r"([A-Za-z_]\w{0,60})[\"']?\s*(?:[:=]|:=|=>)\s*(?:\w+\()?\s*\Z")
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "'": "'", "\\": "\\", "r": "\r"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Quoted(NamedTuple):
    """One text, its parts put together, and the name it is given where that stands before it."""

    text: str
    name: str
    place: Place


def quoted(facts: Facts) -> tuple[Quoted, ...]:
    """Every text of such code, tests and examples aside, in order of file and line."""
    found: list[Quoted] = []
    for path, file in facts.project.files.items():
        language = not_followed(path)
        if not written_by_people(language) or is_apart(path) or file.link:
            continue
        for one in _texts(path, file.text[:_LARGEST], language):
            if len(found) >= _MOST:
                return tuple(found)
            found.append(one)
    return tuple(found)


def _texts(path: str, source: str, language: str) -> Iterator[Quoted]:
    parts: list[str] = []
    start = end = line = counted = 0
    for part, begins, ends in _parts(source, language):
        if parts and not _JOINS.match(source, end, begins):
            yield _made(path, source, parts, start, line)
            parts = []
        if not parts:
            start = begins
            line += source.count("\n", counted, start)
            counted = start
        parts.append(part)
        end = ends
    if parts:
        yield _made(path, source, parts, start, line)


def _parts(source: str, language: str) -> Iterator[tuple[str, int, int]]:
    """What stands between quotes, from where to where. What is never closed is passed over: each
    character is looked at once or twice."""
    position = 0
    while (opens := _OPENS.search(source, position)) is not None:
        sign, inner = opens[0], opens.end()
        if sign in ("//", "#"):
            comment = sign == "//" or language in _HASHED
            position = _after(source, "\n", inner) if comment else inner
        elif sign == "/*":
            position = _after(source, "*/", inner)
        elif sign in ('"', "'"):
            position = _quote(source, sign, inner, language)
            if source[position - 1] == sign and position - inner > 2:
                yield _plain(source[inner : position - 1]), opens.start(), position
        else:
            closing = '"' + sign.strip('r"') if sign[0] == "r" else sign
            position = _after(source, closing, inner)
            yield source[inner : position - len(closing)], opens.start(), position


def _after(source: str, closing: str, position: int) -> int:
    found = source.find(closing, position)
    return len(source) if found < 0 else found + len(closing)


def _quote(source: str, sign: str, inner: int, language: str) -> int:
    """Behind a text that ends on its line; the end of the line if it does not."""
    if sign == '"':
        closed = _LINE.match(source, inner)
    else:
        closed = (_SINGLES if language in _SINGLE else _MARK).match(source, inner)
    if closed is not None:
        return closed.end()
    return _after(source, "\n", inner) if sign == '"' or language in _SINGLE else inner


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda one: _ESCAPES.get(one[1], one[0]), text)


def _made(path: str, source: str, parts: list[str], start: int, line: int) -> Quoted:
    name = _NAME.search(source[max(0, start - 100) : start])
    text = "".join(parts)[:_LONGEST]
    return Quoted(text, name[1] if name else "", Place(path, line + 1, 1))
