"""TOML with the line of every table and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

from ostiary.clients.formats.document import Document, Step, Unreadable, plain, text_of

MAX_BYTES = 4 * 1024 * 1024

_PIECE = re.compile(r"""\s*+(?:"((?:[^"\\]|\\.)*+)"|'([^']*+)'|([A-Za-z0-9_-]++))\s*+(\.?)""")
_LONG_KEY = re.compile(
    r"""(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}"""
)
"""The library's time and memory grow with the square of the parts of a dotted key."""
_OPENS = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*+"|\'[^\']*+\'|#.*')
_KEYED = re.compile(r"([A-Za-z0-9_-]++|\"(?:[^\"\\]|\\.)*+\")\s*+=(?!=)")


def read_toml(data: bytes) -> Document:
    """The document in ``data``. Raises :class:`Unreadable`."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"it has {len(data):,} bytes, more than the {MAX_BYTES:,} read as TOML")
    text = text_of(data)
    if _LONG_KEY.search(text):
        raise Unreadable("a dotted key has more than 64 parts")
    try:
        value = plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(_place(str(error))) from None
    except RecursionError:
        raise Unreadable("it is nested too deep") from None
    except ValueError as error:
        raise Unreadable(str(error)) from None
    places: dict[tuple[Step, ...], tuple[int, int]] = {}

    def locate(path: Sequence[Step]) -> tuple[int, int] | None:
        if not places:
            places.update(_places(text))
        return places.get(tuple(path))

    return Document(value, locate)


def _place(message: str) -> str:
    """What the parser says, without what it quotes."""
    found = re.search(r"at (line \d+, column \d+|end of document)", message)
    return f"not valid TOML at {found[1]}" if found else "not valid TOML"


def _places(text: str) -> dict[tuple[Step, ...], tuple[int, int]]:
    found: dict[tuple[Step, ...], tuple[int, int]] = {}
    counts: dict[tuple[Step, ...], int] = {}
    table: tuple[Step, ...] = ()
    closing = ""
    for number, line in enumerate(text.split("\n"), 1):
        if closing:
            closing = "" if closing in line else closing
            continue
        stripped = line.lstrip()
        column = len(line) - len(stripped) + 1
        if stripped.startswith("["):
            table = _header(stripped, counts)
            found.setdefault(table, (number, column))
            _fill(found, table, (number, column))
        elif "=" in stripped:
            _pair(found, table, stripped, (number, column))
            closing = _opens(stripped)
    return found


def _header(line: str, counts: dict[tuple[Step, ...], int]) -> tuple[Step, ...]:
    is_array = line.startswith("[[")
    names, _ = _dotted(line, 2 if is_array else 1)
    path: tuple[Step, ...] = ()
    for position, name in enumerate(names):
        path = (*path, name)
        last = position == len(names) - 1
        if last and is_array:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _pair(
    found: dict[tuple[Step, ...], tuple[int, int]],
    table: tuple[Step, ...],
    line: str,
    place: tuple[int, int],
) -> None:
    names, end = _dotted(line, 0)
    if not names or not line[end:].lstrip().startswith("="):
        return
    path = (*table, *names)
    found.setdefault(path, place)
    _fill(found, path, place)
    if "{" in line:  # one level of an inline table
        for match in _KEYED.finditer(line, line.index("{")):
            found.setdefault((*path, match[1].strip('"')), (place[0], place[1] + match.start()))


def _fill(
    found: dict[tuple[Step, ...], tuple[int, int]], path: tuple[Step, ...], place: tuple[int, int]
) -> None:
    for size in range(1, len(path)):
        found.setdefault(path[:size], place)


def _dotted(line: str, at: int) -> tuple[tuple[str, ...], int]:
    names: list[str] = []
    while match := _PIECE.match(line, at):
        names.append(next(group for group in match.groups()[:3] if group is not None))
        at = match.end()
        if not match[4]:
            break
    return tuple(names), at


def _opens(line: str) -> str:
    """The mark that ends a text which this line begins and does not end."""
    closing = ""
    for match in _OPENS.finditer(line):
        mark = match[0]
        if closing:
            closing = "" if mark == closing else closing
        elif mark in ('"""', "'''"):
            closing = mark
    return closing
