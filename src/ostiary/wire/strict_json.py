"""Strict JSON: one reading of one text, or a refusal.

Duplicate keys, NaN and infinities, invalid UTF-8, lone surrogates, excess depth and excess size
are refused: two parsers may read them as two different messages (RFC 8259, sections 4 and 8).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import orjson

from ostiary.model.json import JsonValue

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 128

_SMALL = 256 * 1024
"""Bytes up to which a text is tried the quick way first."""

# A string that never ends matches too: giving it up would mean a new try at each of its quotes.
_STRUCTURE = re.compile(r'"(?:[^"\\]+|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


class RefusedJson(ValueError):
    """The text is not one unambiguous JSON value. The message says why and where."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader accepts: ``size`` in bytes, ``depth`` in nested containers."""

    size: int = MAX_BYTES
    depth: int = MAX_DEPTH


DEFAULT_LIMITS = Limits()


def decode(data: bytes, limits: Limits = DEFAULT_LIMITS) -> JsonValue:
    """The value of ``data``. Raises :class:`RefusedJson`."""
    if len(data) > limits.size:
        raise RefusedJson(f"{len(data):,} bytes is more than the limit of {limits.size:,}")
    if len(data) <= _SMALL and data.count(b"[") + data.count(b"{") <= limits.depth:
        try:
            value: JsonValue = orjson.loads(data)
            # A lenient parser is right about a text that it would write just so: whatever it
            # drops, mends or rounds would be missing or different here.
            if orjson.dumps(value) == data:
                return value
        except ValueError:
            pass
    return _decode(data, limits)


def _decode(data: bytes, limits: Limits) -> JsonValue:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedJson(f"byte {error.start} is not valid UTF-8") from None
    if text.startswith("\ufeff"):
        raise RefusedJson("it begins with a byte order mark (BOM)")
    _refuse_depth(text, limits.depth)
    try:
        value: JsonValue = _DECODER.decode(text)
    except RefusedJson:
        raise
    except json.JSONDecodeError as error:
        raise RefusedJson(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except ValueError as error:
        raise RefusedJson(str(error)) from None
    if "\\u" in text:
        _refuse_surrogates(value)
    return value


def _unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise RefusedJson(f"the key {key[:80]!r} occurs twice in one object")
            seen.add(key)
    return found


def _refuse_constant(word: str) -> JsonValue:
    raise RefusedJson(f"{word} is not a JSON number")


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise RefusedJson(f"the number {digits[:40]} is out of range")
    return value


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite
)


def _refuse_depth(text: str, limit: int) -> None:
    """Refuse deep nesting before a recursive parser meets it."""
    if text.count("[") + text.count("{") <= limit:
        return
    depth = 0
    for token in _STRUCTURE.finditer(text):
        char = token[0]
        if char in "[{":
            depth += 1
            if depth > limit:
                raise RefusedJson(f"nested deeper than {limit} levels")
        elif char in "]}":
            depth -= 1


def _refuse_surrogates(value: JsonValue) -> None:
    """Refuse half of a surrogate pair, which has no UTF-8 form."""
    pending: list[JsonValue] = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            if any("\ud800" <= char <= "\udfff" for char in one):
                raise RefusedJson("a string holds half of a surrogate pair")
        elif isinstance(one, list):
            pending.extend(one)
        elif isinstance(one, dict):
            pending.extend(one)
            pending.extend(one.values())
