"""JSON and its relaxed forms (JSONC, JSON5), with the place of every key.

Plain JSON is parsed by the standard library and places are looked up only when asked for;
anything else goes through a scanner that never recurses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ostiary.clients.formats.c_json import quoted, value_at
from ostiary.clients.formats.document import (
    MAX_DEPTH,
    Document,
    Lines,
    Step,
    Unreadable,
    text_of,
    whole,
)
from ostiary.clients.formats.relaxed import Relaxed
from ostiary.model.json import JsonObject, JsonValue

MAX_CONTAINERS = 300_000
MAX_RELAXED = 4 * 1024 * 1024
"""Characters of the largest text that is read with comments or duplicate keys."""

_SPACE = re.compile(r"[ \t\r\n]*+")
_HALF_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(data: bytes) -> Document:
    """The document in ``data``. An empty file is an empty object. Raises :class:`Unreadable`."""
    text = text_of(data)
    if not text.strip():
        return Document({})
    if text.count("{") + text.count("[") > MAX_CONTAINERS:
        raise Unreadable(f"it holds more than {MAX_CONTAINERS:,} objects and arrays")
    strict = _strict(text)
    if strict is not None:
        return strict
    if len(text) > MAX_RELAXED:
        raise Unreadable("it is not plain JSON, and too large to be read any other way")
    return _relaxed(text)


def _relaxed(text: str) -> Document:
    scanner = Relaxed(text)
    value = scanner.read()
    lines = Lines(text)

    def locate(path: Sequence[Step]) -> tuple[int, int] | None:
        here, key = scanner.start, -1
        for step in path:
            found = scanner.places.get(here, {}).get(step)
            if found is None:
                return None
            key, here = found
        return lines.at(key) if key >= 0 else None

    return Document(_mended(text, value), locate, tuple(scanner.duplicates))


class _Doubled(Exception):
    pass


def _pairs(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Doubled
    return found


def _strict(text: str) -> Document | None:
    """Plain JSON without duplicate keys, or ``None``."""
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=str, parse_float=_number)
    except (_Doubled, RecursionError, ValueError):
        return None
    if _deep(value):
        raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels")
    return Document(_mended(text, value), _Places(text).locate)


def _number(digits: str) -> float | str:
    value = float(digits)
    return digits if value in (float("inf"), float("-inf")) else value


def _deep(value: JsonValue) -> bool:
    level: list[JsonValue] = [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[JsonValue] = []
        for one in level:
            inner = one.values() if isinstance(one, dict) else one
            if isinstance(one, dict | list):
                below.extend(x for x in inner if isinstance(x, dict | list))  # type: ignore[union-attr]
        if not below:
            return False
        level = below
    return True


def _mended(text: str, value: JsonValue) -> JsonValue:
    return _whole(value) if _HALF_ESCAPE.search(text) else value


def _whole(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {whole(key): _whole(one) for key, one in value.items()}
    return value


class _Places:
    """Looks up places in text known to be plain JSON, reading only along the path asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: Lines | None = None
        self._start = self._skip(0)
        self._known: dict[int, dict[Step, tuple[int, int]]] = {}

    def locate(self, path: Sequence[Step]) -> tuple[int, int] | None:
        here, key = self._start, -1
        for step in path:
            found = self._members(here).get(step)
            if found is None:
                return None
            key, here = found
        if key < 0:
            return None
        if self._lines is None:
            self._lines = Lines(self._text)
        return self._lines.at(key)

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at

    def _members(self, at: int) -> dict[Step, tuple[int, int]]:
        found = self._known.get(at)
        if found is None:
            opening = self._text[at]
            if opening == "{":
                found = self._object(at)
            else:
                found = self._array(at) if opening == "[" else {}
            self._known[at] = found
        return found

    def _object(self, start: int) -> dict[Step, tuple[int, int]]:
        found: dict[Step, tuple[int, int]] = {}
        at = self._skip(start + 1)
        while self._text[at] == '"':
            name, end = quoted(self._text, at + 1, True)
            value = self._skip(self._skip(end) + 1)
            found[name] = (at, value)
            _, end = value_at(self._text, value)
            at = self._skip(self._skip(end) + 1) if self._text[self._skip(end)] == "," else end
            if self._text[self._skip(end)] == "}":
                break
        return found

    def _array(self, start: int) -> dict[Step, tuple[int, int]]:
        found: dict[Step, tuple[int, int]] = {}
        at = self._skip(start + 1)
        while self._text[at] != "]":
            found[len(found)] = (at, at)
            _, end = value_at(self._text, at)
            at = self._skip(end)
            if self._text[at] == ",":
                at = self._skip(at + 1)
        return found
