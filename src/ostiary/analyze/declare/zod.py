"""Schemas that calls of zod and typebox make, as JSON Schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow.value import External, Recipe, Value
from ostiary.analyze.declare.literals import as_json
from ostiary.model.json import JsonObject, JsonValue, as_object, strings

_DEEPEST: Final = 40
"""Calls in one chain and schemas in schemas."""
_ZOD: Final = "zod."
_BOX: Final = "@sinclair/typebox."

_SIMPLE: Final[dict[str, JsonObject]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "int": {"type": "integer"},
    "int32": {"type": "integer"},
    "bigint": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "stringbool": {"type": "boolean"},
    "date": {"type": "string", "format": "date-time"},
    "null": {"type": "null"},
    "email": {"type": "string", "format": "email"},
    "url": {"type": "string", "format": "uri"},
    "httpUrl": {"type": "string", "format": "uri"},
    "uuid": {"type": "string", "format": "uuid"},
    "uuidv4": {"type": "string", "format": "uuid"},
    "guid": {"type": "string", "format": "uuid"},
    "cuid": {"type": "string", "format": "cuid"},
    "cuid2": {"type": "string", "format": "cuid2"},
    "ulid": {"type": "string", "format": "ulid"},
    "nanoid": {"type": "string", "format": "nanoid"},
    "ipv4": {"type": "string", "format": "ipv4"},
    "ipv6": {"type": "string", "format": "ipv6"},
    "iso.date": {"type": "string", "format": "date"},
    "iso.time": {"type": "string", "format": "time"},
    "iso.datetime": {"type": "string", "format": "date-time"},
}
_FORMATS: Final = {
    name: form
    for name, schema in _SIMPLE.items()
    if isinstance(form := schema.get("format"), str) and name != "date"
} | {"datetime": "date-time", "ip": "ip", "time": "time"}
_BOUNDS: Final = {
    "string": {"min": "minLength", "max": "maxLength"},
    "array": {"min": "minItems", "max": "maxItems"},
    "number": {
        "min": "minimum",
        "max": "maximum",
        "gte": "minimum",
        "lte": "maximum",
        "gt": "exclusiveMinimum",
        "lt": "exclusiveMaximum",
    },
}
_BOUNDS["integer"] = _BOUNDS["number"]
_SIGNS: Final[dict[str, JsonObject]] = {
    "positive": {"exclusiveMinimum": 0},
    "nonnegative": {"minimum": 0},
    "negative": {"exclusiveMaximum": 0},
    "nonpositive": {"maximum": 0},
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A schema, and whether the value may be left out."""

    schema: JsonObject
    optional: bool = False


def zod_schema(value: Value) -> JsonObject | None:
    """The schema that a value is: a chain of calls, or an object of them (a "raw shape").
    ``None`` if it is neither."""
    found = _shape(value, 0)
    if found is not None:
        return found.schema
    parts = {name: _shape(part, 1) for name, part in value.fields.items() if name != "*"}
    if not any(parts.values()):
        return None
    return _object({name: one or Shape({}) for name, one in parts.items()})


def _made(value: Value) -> Recipe | None:
    for ref in value.refs:
        made = ref.made_with if isinstance(ref, External) else None
        if made is not None and made.callee.startswith((_ZOD, _BOX)):
            return made
    return None


def _shape(value: Value | None, depth: int) -> Shape | None:
    made = None if value is None or depth > _DEEPEST else _made(value)
    if made is None:
        return None
    if made.callee.startswith(_BOX):
        return _boxed(made, depth)
    return _chained(made, depth)


def _inner(value: Value | None, depth: int) -> Shape:
    return _shape(value, depth + 1) or Shape({})


# ── zod ──────────────────────────────────────────────────────────────────────────────────────────


def _chained(made: Recipe, depth: int) -> Shape:
    method = made.callee.rpartition(".")[2]
    before = None if made.base is None else _shape(made.base, depth + 1)
    if before is None:
        name = made.callee.removeprefix(_ZOD).removeprefix("z.").removeprefix("coerce.")
        return _begun(made, name, depth)
    return _after(before, method, made, depth)


def _begun(made: Recipe, name: str, depth: int) -> Shape:
    simple = _SIMPLE.get(name)
    if simple is not None:
        return Shape(dict(simple))
    maker = _MAKERS.get(name)
    return Shape({}) if maker is None else maker(made.args, depth)


def _literal(args: tuple[Value, ...], _depth: int) -> Shape:
    found = as_json(args[0]) if args else None
    if isinstance(found, list):
        return Shape({"enum": found})
    return Shape({} if found is None else {"const": found})


def _enum(args: tuple[Value, ...], _depth: int) -> Shape:
    found = as_json(args[0]) if args else None
    options = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(options, list) or None in options:
        return Shape({"type": "string", "enum": []} if args else {})
    return Shape({"type": "string", "enum": options})


def _array(args: tuple[Value, ...], depth: int) -> Shape:
    return Shape({"type": "array", "items": _inner(args[0] if args else None, depth).schema})


def _tuple(args: tuple[Value, ...], depth: int) -> Shape:
    parts = args[0].fields.values() if args else ()
    items: list[JsonValue] = [_inner(one, depth).schema for one in parts]
    return Shape({"type": "array", "prefixItems": items})


def _record(args: tuple[Value, ...], depth: int) -> Shape:
    inner = _inner(args[-1] if args else None, depth)
    return Shape({"type": "object", "additionalProperties": inner.schema})


def _union(args: tuple[Value, ...], depth: int) -> Shape:
    parts = args[-1].fields.values() if args else ()
    found = [_inner(one, depth) for one in parts]
    options: list[JsonValue] = [one.schema for one in found]
    return Shape({"anyOf": options} if options else {}, any(one.optional for one in found))


def _both(args: tuple[Value, ...], depth: int) -> Shape:
    parts: list[JsonValue] = [_inner(one, depth).schema for one in args]
    return Shape({"allOf": parts})


def _members(args: tuple[Value, ...], depth: int) -> Shape:
    fields = args[0].fields if args else {}
    return Shape(_object({name: _inner(one, depth) for name, one in fields.items() if name != "*"}))


def _object(parts: dict[str, Shape]) -> JsonObject:
    schema: JsonObject = {
        "type": "object",
        "properties": {name: one.schema for name, one in parts.items()},
    }
    required: list[JsonValue] = [name for name, one in parts.items() if not one.optional]
    if required:
        schema["required"] = required
    return schema


def _lazy(args: tuple[Value, ...], depth: int) -> Shape:
    del args, depth
    return Shape({})


def _given(args: tuple[Value, ...], depth: int) -> Shape:
    return _inner(args[-1] if args else None, depth)


def _given_optional(args: tuple[Value, ...], depth: int) -> Shape:
    return Shape(_inner(args[0] if args else None, depth).schema, optional=True)


def _given_nullable(args: tuple[Value, ...], depth: int) -> Shape:
    return _nullable(_inner(args[0] if args else None, depth))


_MAKERS: Final[dict[str, Callable[[tuple[Value, ...], int], Shape]]] = {
    "literal": _literal,
    "enum": _enum,
    "nativeEnum": _enum,
    "array": _array,
    "set": _array,
    "tuple": _tuple,
    "object": _members,
    "strictObject": _members,
    "looseObject": _members,
    "record": _record,
    "map": _record,
    "union": _union,
    "discriminatedUnion": _union,
    "intersection": _both,
    "optional": _given_optional,
    "nullish": _given_optional,
    "nullable": _given_nullable,
    "preprocess": _given,
    "lazy": _lazy,
}


def _nullable(before: Shape) -> Shape:
    return Shape({"anyOf": [before.schema, {"type": "null"}]}, before.optional)


def _after(before: Shape, method: str, made: Recipe, depth: int) -> Shape:
    """A schema after one more call in its chain."""
    change = _CHANGES.get(method)
    if change is not None:
        return change(before, made, depth)
    schema = before.schema
    if method in _SIGNS:
        return Shape({**schema, **_SIGNS[method]}, before.optional)
    bound = _BOUNDS.get(str(schema.get("type")), {}).get(method)
    if bound is not None:
        value = as_json(made.args[0]) if made.args else None
        return before if value is None else Shape({**schema, bound: value}, before.optional)
    if method in _FORMATS and schema.get("type") == "string":
        return Shape({**schema, "format": _FORMATS[method]}, before.optional)
    return before


def _described(before: Shape, made: Recipe, _depth: int) -> Shape:
    found = made.args[0] if made.args else None
    words = None if found is None else found.known_text
    if found is not None and found.fields:
        words = getattr(found.fields.get("description"), "known_text", None)
    return (
        before if words is None else Shape({**before.schema, "description": words}, before.optional)
    )


def _defaulted(before: Shape, made: Recipe, _depth: int) -> Shape:
    value = as_json(made.args[0]) if made.args else None
    schema = before.schema if value is None else {**before.schema, "default": value}
    return Shape(schema, optional=True)


def _matching(before: Shape, made: Recipe, _depth: int) -> Shape:
    fields = made.args[0].fields if made.args else {}
    source = fields["source"].known_text if "source" in fields else None
    flags = fields["flags"].known_text if "flags" in fields else ""
    if not source or set(flags or "") & set("im"):
        return before
    return Shape({**before.schema, "pattern": source}, before.optional)


def _extended(before: Shape, made: Recipe, _depth: int) -> Shape:
    more = zod_schema(made.args[0]) if made.args else None
    if more is None:
        return before
    properties = {**as_object(before.schema.get("properties")), **as_object(more.get("properties"))}
    kept = [
        name
        for name in strings(before.schema.get("required"))
        if name not in as_object(more.get("properties"))
    ]
    return Shape(_with(before.schema, properties, [*kept, *strings(more.get("required"))]))


def _with(schema: JsonObject, properties: JsonObject, required: list[str]) -> JsonObject:
    result: JsonObject = {**schema, "properties": properties}
    result.pop("required", None)
    if required:
        listed: list[JsonValue] = list(required)
        result["required"] = listed
    return result


def _picked(before: Shape, made: Recipe, _depth: int) -> Shape:
    names = set(made.args[0].fields) if made.args else set()
    omits = made.callee.endswith(".omit")
    properties = {
        name: one
        for name, one in as_object(before.schema.get("properties")).items()
        if (name in names) != omits
    }
    required = [one for one in strings(before.schema.get("required")) if one in properties]
    return Shape(_with(before.schema, properties, required), before.optional)


def _partial(before: Shape, _made: Recipe, _depth: int) -> Shape:
    return Shape(_with(before.schema, as_object(before.schema.get("properties")), []))


def _listed(before: Shape, _made: Recipe, _depth: int) -> Shape:
    return Shape({"type": "array", "items": before.schema})


def _transformed(before: Shape, _made: Recipe, _depth: int) -> Shape:
    """What the handler gets need no longer be what was checked."""
    kept = {name: one for name, one in before.schema.items() if name not in _HOLDS}
    return Shape(kept, before.optional)


def _either(before: Shape, made: Recipe, depth: int) -> Shape:
    other = _inner(made.args[0] if made.args else None, depth)
    return Shape({"anyOf": [before.schema, other.schema]}, before.optional)


def _also(before: Shape, made: Recipe, depth: int) -> Shape:
    other = _inner(made.args[0] if made.args else None, depth)
    return Shape({"allOf": [before.schema, other.schema]}, before.optional)


def _sized(before: Shape, made: Recipe, _depth: int) -> Shape:
    size = as_json(made.args[0]) if made.args else None
    if not isinstance(size, int):
        return before
    return Shape({**before.schema, "minLength": size, "maxLength": size}, before.optional)


_HOLDS: Final = frozenset({"pattern", "format", "enum", "const"})
_CHANGES: Final[dict[str, Callable[[Shape, Recipe, int], Shape]]] = {
    "optional": lambda before, _made, _depth: Shape(before.schema, optional=True),
    "nullish": lambda before, _made, _depth: Shape(_nullable(before).schema, optional=True),
    "nullable": lambda before, _made, _depth: _nullable(before),
    "int": lambda before, _made, _depth: Shape(
        {**before.schema, "type": "integer"}, before.optional
    ),
    "describe": _described,
    "meta": _described,
    "default": _defaulted,
    "prefault": _defaulted,
    "catch": _defaulted,
    "regex": _matching,
    "length": _sized,
    "extend": _extended,
    "safeExtend": _extended,
    "merge": _extended,
    "pick": _picked,
    "omit": _picked,
    "partial": _partial,
    "deepPartial": _partial,
    "array": _listed,
    "transform": _transformed,
    "or": _either,
    "and": _also,
}

# ── typebox ──────────────────────────────────────────────────────────────────────────────────────


def _boxed(made: Recipe, depth: int) -> Shape:
    name = made.callee.removeprefix(_BOX)
    first = made.args[0] if made.args else None
    options = as_json(made.args[-1]) if made.args else None
    extra = {k: v for k, v in as_object(options).items() if v is not None}
    if name == "Optional":
        return Shape(_inner(first, depth).schema, optional=True)
    if name in ("String", "Number", "Integer", "Boolean", "Null"):
        return Shape({"type": name.lower(), **extra})
    maker = _BOXES.get(name)
    return Shape({}) if maker is None else maker(made.args, depth)


_BOXES: Final[dict[str, Callable[[tuple[Value, ...], int], Shape]]] = {
    "Object": _members,
    "Array": _array,
    "Union": _union,
    "Literal": _literal,
    "Enum": _enum,
    "Record": _record,
    "Intersect": _both,
}
