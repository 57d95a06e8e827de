"""What a JSON Schema guarantees of a value that was checked against it."""

from __future__ import annotations

from enum import Enum
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.patterns.guaranteed import matched
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text

_DEEPEST: Final = 6
_LONGEST: Final = 100_000
"""Characters up to which ``maxLength`` counts as a bound."""
_PLAIN_TYPES: Final = frozenset({"integer", "number", "boolean", "null"})
_NAME: Final = g.PLAIN | g.NO_DASH | g.NO_DOTS | g.BASENAME | g.PLAIN_COMMAND | g.SIZE_LIMITED
_FORMATS: Final = {
    "uuid": _NAME,
    "cuid": _NAME,
    "cuid2": _NAME,
    "ulid": _NAME,
    "ipv4": _NAME,
    "date": g.NUMBER,
    "time": g.NUMBER,
    "date-time": g.NUMBER,
    "nanoid": _NAME & ~g.NO_DASH,
    "ip": _NAME & ~g.PLAIN & ~g.PLAIN_COMMAND,
    "ipv6": _NAME & ~g.PLAIN & ~g.PLAIN_COMMAND,
}


class Checked(Enum):
    """How arguments are held against a schema before the handler runs."""

    NOT = "not"
    """The schema is a claim."""
    SCHEMA = "schema"
    """By a validator of JSON Schema, which leaves ``format`` alone."""
    FORMATS = "formats"
    """By the library that the schema is written in (zod), formats included."""


def guarantees_of(schema: JsonObject, checked: Checked, depth: int = 0) -> int:
    """Guarantees of every value that this schema lets through, ``null`` aside."""
    if depth > _DEEPEST or checked is Checked.NOT:
        return 0
    if "const" in schema or "enum" in schema:
        return g.CHOSEN
    for word in ("anyOf", "oneOf"):
        options = [as_object(one) for one in as_list(schema.get(word))]
        if options:
            return _common(options, checked, depth)
    held = 0
    for one in as_list(schema.get("allOf")):
        held |= guarantees_of(as_object(one), checked, depth + 1)
    return held | _of_type(schema, checked, depth)


def _types(value: JsonValue) -> set[str]:
    found = {as_text(one) for one in as_list(value)} or {as_text(value)}
    return found - {"null"} or found


def _of_type(schema: JsonObject, checked: Checked, depth: int) -> int:
    types = _types(schema.get("type"))
    if types <= _PLAIN_TYPES:
        most = schema.get("maximum", schema.get("exclusiveMaximum"))
        bounded = isinstance(most, int | float) and most <= _LONGEST
        return g.NUMBER | (g.SIZE_LIMITED if bounded else 0)
    if types == {"string"}:
        return _of_text(schema, checked)
    if types == {"array"}:
        items = as_object(schema.get("items"))
        return guarantees_of(items, checked, depth + 1) & ~g.SIZE_LIMITED
    return 0


def _of_text(schema: JsonObject, checked: Checked) -> int:
    held = 0
    longest = schema.get("maxLength")
    if isinstance(longest, int) and longest <= _LONGEST:
        held |= g.SIZE_LIMITED
    if checked is Checked.FORMATS:
        held |= _FORMATS.get(as_text(schema.get("format")), 0)
    pattern = as_text(schema.get("pattern"))
    return held | (matched(pattern, "u", "search") if pattern else 0)


def _common(options: list[JsonObject], checked: Checked, depth: int) -> int:
    """What each option guarantees; a number or a choice is harmless, whichever it is."""
    each = [guarantees_of(one, checked, depth + 1) for one in options if one.get("type") != "null"]
    if not each:
        return g.CHOSEN
    held = each[0]
    for one in each[1:]:
        held &= one
    return held | (g.NUMBER if all(one & g.SAFE for one in each) else 0)
