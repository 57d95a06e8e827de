"""A parsed configuration file that knows where each of its values stands."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ostiary.model.json import JsonValue

MAX_DEPTH = 200
MAX_VALUES = 2_000_000
"""Most values a document may hold; shared YAML nodes count each time they are used."""

Step = str | int
Locate = Callable[[Sequence[Step]], tuple[int, int] | None]

_HALF = re.compile("[\ud800-\udfff]")


class Unreadable(ValueError):
    """The file is not what its format promises. The message never quotes the file."""


def _nowhere(_: Sequence[Step]) -> tuple[int, int] | None:
    return None


@dataclass(frozen=True, slots=True)
class Document:
    """A value with the places of its parts."""

    value: JsonValue
    locate: Locate = _nowhere
    """Line and column, from 1, of a key or an element; ``None`` if it is not there."""
    duplicates: tuple[str, ...] = ()
    """JSON pointers of keys that occur twice."""

    def spot(self, path: Sequence[Step]) -> tuple[int | None, int | None]:
        """The place of ``path``, or of its nearest ancestor that has one."""
        for size in range(len(path), 0, -1):
            found = self.locate(path[:size])
            if found is not None:
                return found
        return (None, None)


class Lines:
    """Offsets of a text as lines and columns, from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def text_of(data: bytes) -> str:
    """``data`` as text without a byte order mark. Raises :class:`Unreadable`."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"byte {error.start} is not valid UTF-8") from None


def pointer(path: Sequence[Step]) -> str:
    """``path`` as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def whole(text: str) -> str:
    """``text`` with halves of surrogate pairs, which no output can carry, replaced."""
    return _HALF.sub("\ufffd", text)


def plain(value: object) -> JsonValue:
    """``value`` as JSON: dates and odd numbers become text. Bounded in depth and size."""
    return _Plain().of(value, 0)


class _Plain:
    def __init__(self) -> None:
        self._count = 0

    def of(self, value: object, depth: int) -> JsonValue:
        self._count += 1
        if self._count > MAX_VALUES:
            raise Unreadable(f"it holds more than {MAX_VALUES:,} values")
        if depth > MAX_DEPTH:
            raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels")
        if isinstance(value, dict):
            return {whole(str(key)): self.of(one, depth + 1) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.of(one, depth + 1) for one in value]
        return scalar(value)


def scalar(value: object) -> JsonValue:
    """One value that holds no others."""
    if isinstance(value, str):
        return whole(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return str(value)
