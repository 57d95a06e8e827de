"""Constraints of one schema: loosened, tightened, or given another default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.model.grade import Severity
from ostiary.model.json import JsonObject, JsonValue, as_list, strings
from ostiary.surface.drift.values import shown
from ostiary.surface.drift.words import ADDRESS, COMMAND, PATH, text_words, themes

_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_SHAPES = ("pattern", "format", "const", "multipleOf", "contentEncoding", "propertyNames")
_CLOSED = ("additionalProperties", "unevaluatedProperties", "additionalItems")
_COMPOUND = (
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "$defs",
    "definitions",
    "$ref",
    "patternProperties",
    "dependentSchemas",
    "dependentRequired",
    "prefixItems",
    "contains",
    "x-mcp-header",
)


@dataclass(frozen=True, slots=True)
class Shift:
    """One constraint that moved, in words that follow the parameter's name."""

    says: str
    severity: Severity
    before: str
    after: str


def shifts(before: JsonObject, after: JsonObject, kind: str | None, guard: bool) -> Iterator[Shift]:
    """Every constraint of one schema that moved.

    ``kind`` is what sensitive thing the parameter asks for and ``guard`` whether it lets a caller
    hold the tool back: both make a loosening heavier.
    """
    heavy = kind in (COMMAND, ADDRESS, PATH) or guard
    loose = Severity.HIGH if heavy else Severity.MEDIUM
    yield from _types(before, after, loose)
    for key in _UPPER:
        yield from _limit(before, after, key, upper=True)
    for key in _LOWER:
        yield from _limit(before, after, key, upper=False)
    yield from _enums(before, after, loose)
    for key in _SHAPES:
        yield from _shape(before, after, key, loose)
    for key in _CLOSED:
        yield from _closed(before, after, key)
    yield from _defaults(before, after, kind, guard)
    for key in _COMPOUND:
        if before.get(key) != after.get(key):
            severity = Severity.HIGH if key == "$ref" and _remote(after) else Severity.MEDIUM
            yield _shift(f"has another {key}", severity, before.get(key), after.get(key))


def _shift(says: str, severity: Severity, before: JsonValue, after: JsonValue) -> Shift:
    return Shift(says, severity, _or_none(before), _or_none(after))


def _or_none(value: JsonValue) -> str:
    return "" if value is None else shown(value)


def _remote(schema: JsonObject) -> bool:
    target = schema.get("$ref")
    return isinstance(target, str) and not target.startswith("#")


def _types(before: JsonObject, after: JsonObject, loose: Severity) -> Iterator[Shift]:
    old, new = before.get("type"), after.get("type")
    if old == new:
        return
    names_old, names_new = frozenset(strings(old)), frozenset(strings(new))
    if "number" in names_new:
        names_new |= {"integer"}
    if not names_new or (names_old and names_old < names_new):
        yield _shift("accepts more types", loose, old, new)
    elif not names_old or names_new <= names_old:
        yield _shift("accepts fewer types", Severity.INFO, old, new)
    else:
        yield _shift("has another type", Severity.MEDIUM, old, new)


def _limit(before: JsonObject, after: JsonObject, key: str, *, upper: bool) -> Iterator[Shift]:
    old, new = _number(before.get(key)), _number(after.get(key))
    if old == new:
        return
    if new is None or (old is not None and (new > old) == upper):
        yield _shift(f"has a looser {key}", Severity.MEDIUM, before.get(key), after.get(key))
    else:
        yield _shift(f"has a tighter {key}", Severity.INFO, before.get(key), after.get(key))


def _number(value: JsonValue) -> float | int | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _enums(before: JsonObject, after: JsonObject, loose: Severity) -> Iterator[Shift]:
    old, new = before.get("enum"), after.get("enum")
    if old == new:
        return
    if new is None:
        yield _shift("accepts any value where a list was fixed", loose, old, new)
    elif old is None:
        yield _shift("is limited to a fixed list", Severity.INFO, old, new)
    else:
        yield from _members(as_list(old), as_list(new))


def _members(old: list[JsonValue], new: list[JsonValue]) -> Iterator[Shift]:
    seen_old, seen_new = {shown(one) for one in old}, {shown(one) for one in new}
    added = [one for one in new if shown(one) not in seen_old]
    removed = [one for one in old if shown(one) not in seen_new]
    if added:
        weighty = themes(_split(added))
        severity = Severity.HIGH if weighty else Severity.LOW
        about = f", about {' and '.join(weighty)}" if weighty else ""
        yield _shift(f"accepts new values{about}", severity, None, added)
    if removed:
        yield _shift("accepts fewer values", Severity.INFO, removed, None)


def _split(values: list[JsonValue]) -> frozenset[str]:
    texts = " ".join(one for one in values if isinstance(one, str))
    return text_words(texts.replace("_", " ").replace("-", " "))


def _shape(before: JsonObject, after: JsonObject, key: str, loose: Severity) -> Iterator[Shift]:
    old, new = before.get(key), after.get(key)
    if old == new:
        return
    if new is None:
        yield _shift(f"has lost its {key}", loose, old, new)
    elif old is None:
        yield _shift(f"is held to a {key}", Severity.INFO, old, new)
    else:
        yield _shift(f"has another {key}", Severity.MEDIUM, old, new)


def _closed(before: JsonObject, after: JsonObject, key: str) -> Iterator[Shift]:
    old, new = before.get(key), after.get(key)
    if old == new:
        return
    if old is False:
        yield _shift("accepts parameters it does not name", Severity.MEDIUM, old, new)
    elif new is False:
        yield _shift("refuses parameters it does not name", Severity.INFO, old, new)
    elif {shown(old), shown(new)} != {"true", "null"}:
        yield _shift(f"has other {key}", Severity.MEDIUM, old, new)


def _defaults(
    before: JsonObject, after: JsonObject, kind: str | None, guard: bool
) -> Iterator[Shift]:
    old, new = before.get("default"), after.get("default")
    if old == new:
        return
    if guard and old is True and new is not True:
        yield _shift("no longer holds the tool back by default", Severity.HIGH, old, new)
    elif kind is not None and new not in (None, "", False):
        yield _shift(f"asks for {kind} and has another default", Severity.HIGH, old, new)
    else:
        yield _shift("has another default", Severity.LOW, old, new)
