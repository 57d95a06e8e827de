"""The text of one manifest: bounded, with line numbers, read as JSON, TOML or YAML."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from functools import cached_property

from ostiary.analyze.project import SourceFile
from ostiary.model.json import JsonObject, JsonValue

MAX_BYTES = 16 * 1024 * 1024
"""Lock files of large workspaces have a few megabytes."""

MAX_TOML = 2 * 1024 * 1024
"""Bytes of a hand-written TOML file; lock files are read line by line instead."""

MAX_LINES = 400_000

_MOST_DOTS = 2000
"""In one line of TOML: the parser's time grows with the square of a dotted key."""

_MOST_DIGITS = 300

_SEARCHED = 64 * 1024 * 1024
"""Characters looked through for line numbers of one file; what comes later has the line of its
section."""

# A string or comment that never ends matches too: giving it up means a try at each of its signs.
_STRING = r'"(?:[^"\\\n]|\\.)*+(?:"|\\?(?=\n|\Z))'
_TOKENS = re.compile(_STRING + r"|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?", re.DOTALL)
_COMMAS = re.compile(_STRING + r"|,(?=\s*+[}\]])", re.DOTALL)
_NOT_LINE_END = re.compile(r"[^\n]")


class Unreadable(ValueError):
    """A manifest that cannot be read. The message says why."""


class ManifestText:
    """One manifest's text. Raises :class:`Unreadable` where it is too large."""

    def __init__(self, file: SourceFile) -> None:
        if file.link:
            raise Unreadable("it is a symbolic link, and links are not followed")
        if len(file.data) > MAX_BYTES:
            raise Unreadable(f"it has {len(file.data):,} bytes, more than {MAX_BYTES:,}")
        if file.data.count(b"\n") > MAX_LINES:
            raise Unreadable(f"it has more than {MAX_LINES:,} lines")
        self.path = file.path
        self.text = file.text.removeprefix("\ufeff").replace("\r\n", "\n")
        self.twice: list[str] = []
        """Keys of a JSON object that stand twice; the last one counts, as for package managers."""
        self._left = _SEARCHED

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def line_at(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return bisect_right(self._starts, max(offset, 0))

    def find(self, needle: str, after: int = 0) -> int:
        """Offset of ``needle`` at or behind ``after``; ``after`` if it is not there."""
        if self._left <= 0:
            return after
        at = self.text.find(needle, after)
        self._left -= (at if at >= 0 else len(self.text)) - after + 1
        return at if at >= 0 else after

    def key(self, name: str, after: int = 0) -> int:
        """Offset of the JSON key ``name`` at or behind ``after``."""
        return self.find(json.dumps(name, ensure_ascii=False), after)

    def line_of(self, needle: str, after: int = 0) -> int:
        """Line of ``needle`` at or behind the offset ``after``."""
        return self.line_at(self.find(needle, after))

    def json(self) -> JsonObject:
        """The JSON object, comments and trailing commas allowed. Raises :class:`Unreadable`."""
        try:
            return self._object(self._json(self.text))
        except RecursionError:
            raise Unreadable("it is nested too deep") from None
        except ValueError as error:
            if isinstance(error, Unreadable):
                raise
        try:
            return self._object(self._json(without_comments(self.text)))
        except RecursionError:
            raise Unreadable("it is nested too deep") from None
        except Unreadable:
            raise
        except ValueError as error:
            raise Unreadable(f"not valid JSON: {error}") from None

    def _json(self, text: str) -> JsonValue:
        self.twice.clear()
        value: JsonValue = json.loads(text, object_pairs_hook=self._unique, parse_int=_number)
        return value

    def _unique(self, pairs: list[tuple[str, JsonValue]]) -> JsonObject:
        found = dict(pairs)
        if len(found) != len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen and len(self.twice) < 20:
                    self.twice.append(key[:80])
                seen.add(key)
        return found

    def _object(self, value: JsonValue) -> JsonObject:
        if not isinstance(value, dict):
            raise Unreadable("it holds no object")
        return value

    def toml(self) -> JsonObject:
        """The TOML document; dates stand as text. Raises :class:`Unreadable`."""
        if len(self.text) > MAX_TOML:
            raise Unreadable(f"it has more than {MAX_TOML:,} characters of TOML")
        import tomllib  # noqa: PLC0415 - few targets have any

        if any(line.count(".") > _MOST_DOTS for line in self.lines):
            raise Unreadable(f"a line of it holds more than {_MOST_DOTS:,} dots")
        try:
            return self._object(_plain(tomllib.loads(self.text)))
        except RecursionError:
            raise Unreadable("it is nested too deep") from None
        except tomllib.TOMLDecodeError as error:
            raise Unreadable(f"not valid TOML: {error}") from None

    def yaml(self) -> JsonObject:
        """The first YAML document. Raises :class:`Unreadable`."""
        from ostiary.analyze.manifests.yaml_text import read_yaml  # noqa: PLC0415 - slow to import

        try:
            return self._object(read_yaml(self.text))
        except Unreadable:
            raise
        except ValueError as error:
            raise Unreadable(str(error)) from None


def _number(digits: str) -> int | float:
    """A number of any length: that Python refuses long ones must hide nothing of the file."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def without_comments(text: str) -> str:
    """JSON with comments and trailing commas as plain JSON of the same length and lines."""
    bare = _TOKENS.sub(lambda hit: hit[0] if hit[0][0] == '"' else _blank(hit[0]), text)
    return _COMMAS.sub(lambda hit: hit[0] if hit[0][0] == '"' else " ", bare)


def _blank(comment: str) -> str:
    return _NOT_LINE_END.sub(" ", comment)


def _plain(value: object) -> JsonValue:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
