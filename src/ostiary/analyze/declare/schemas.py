"""What a JSON Schema guarantees of a value that was checked against it."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.patterns import matched
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text

_DEEPEST: Final = 6
_LONGEST: Final = 100_000
"""Characters up to which ``maxLength`` counts as a bound."""
_PLAIN_TYPES: Final = frozenset({"integer", "number", "boolean", "null"})


def guarantees_of(schema: JsonObject, depth: int = 0) -> int:
    """Guarantees of every value that this schema lets through, ``null`` aside.

    ``format`` guarantees nothing: validators do not check it unless they are told to.
    """
    if depth > _DEEPEST:
        return 0
    if "const" in schema or as_list(schema.get("enum")):
        return g.CHOSEN
    for word in ("anyOf", "oneOf"):
        options = [as_object(one) for one in as_list(schema.get(word))]
        if options:
            return _common(options, depth)
    return _of_type(schema, _types(schema.get("type")), depth)


def _types(value: JsonValue) -> set[str]:
    found = {as_text(one) for one in as_list(value)} or {as_text(value)}
    return found - {"null"} or found


def _of_type(schema: JsonObject, types: set[str], depth: int) -> int:
    if types <= _PLAIN_TYPES:
        return g.NUMBER
    if types == {"string"}:
        return _of_text(schema)
    if types == {"array"}:
        return guarantees_of(as_object(schema.get("items")), depth + 1) & ~g.SIZE_LIMITED
    return 0


def _of_text(schema: JsonObject) -> int:
    held = 0
    longest = schema.get("maxLength")
    if isinstance(longest, int) and longest <= _LONGEST:
        held |= g.SIZE_LIMITED
    pattern = as_text(schema.get("pattern"))
    return held | (matched(pattern, "u", "search") if pattern else 0)


def _common(options: list[JsonObject], depth: int) -> int:
    """What each option guarantees; a number or a choice is harmless, whichever it is."""
    each = [guarantees_of(one, depth + 1) for one in options if one.get("type") != "null"]
    if not each:
        return g.CHOSEN
    held = each[0]
    for one in each[1:]:
        held &= one
    return held | (g.NUMBER if all(one & g.SAFE for one in each) else 0)
