"""Definitions of tools, prompts and resources that stand in a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Class, Closure, Instance, Place, Value
from ostiary.analyze.declare.entry import EntryParameter
from ostiary.analyze.declare.literals import as_json
from ostiary.analyze.declare.python_types import class_schema
from ostiary.analyze.declare.recipes import elements, function, prose, recipes, text
from ostiary.analyze.declare.schemas import Checked, guarantees_of
from ostiary.analyze.declare.zod import zod_schema
from ostiary.model.json import JsonObject, as_object, strings

SCHEMAS = ("inputSchema", "input_schema", "parameters", "schema", "args_schema")
_HANDLERS = (
    "handler",
    "execute",
    "callback",
    "cb",
    "run",
    "handle",
    "call",
    "func",
    "fn",
    "action",
)
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Listed:
    """One definition as it stands in a list."""

    name: str
    place: Place | None
    title: str = ""
    description: str = ""
    parameters: tuple[EntryParameter, ...] | None = None
    annotations: JsonObject = field(default_factory=dict)
    uri: str = ""
    handler: Closure | None = None
    """Its own function, in lists that carry one."""
    schema: Value | None = None
    """The value that its schema was read from."""


def listed(engine: Engine, value: Value, *, checked: Checked, depth: int = 0) -> Iterator[Listed]:
    """Every definition in a value, which may be a list, a result with a list, or one of them.

    ``checked`` says how arguments are held against the schema before the handler runs.
    """
    if depth > _DEEPEST:
        return
    for one in forms(engine, value):
        if _name_in(one):
            yield definition(engine, one, value, checked=checked)
            return
    for wrapped in ("tools", "prompts", "resources", "resourceTemplates", "resource_templates"):
        for one in forms(engine, value):
            if wrapped in one:
                yield from listed(engine, one[wrapped], checked=checked, depth=depth + 1)
                return
    yield from _inside(engine, value, checked, depth)


def _name_in(parts: dict[str, Value]) -> str:
    """The name of a definition; its URI; an ``id`` where a function stands beside it."""
    for word in ("name", "uri", "uriTemplate"):
        if text(parts.get(word)):
            return text(parts[word])
    works = any(function(parts.get(word)) for word in _HANDLERS)
    return text(parts.get("id")) if works and "description" in parts else ""


def _inside(engine: Engine, value: Value, checked: Checked, depth: int) -> Iterator[Listed]:
    for part in elements(value):
        parts = _apart(part) or [part]
        for one in parts:
            yield from listed(engine, one, checked=checked, depth=depth + 1)


def _apart(value: Value) -> list[Value]:
    """A value that may be several made things, one by one."""
    made = [
        ref for ref in value.refs if getattr(ref, "made_with", None) or isinstance(ref, Instance)
    ]
    return [Value(refs=(ref,)) for ref in made] if len(made) > 1 else []


def forms(engine: Engine, value: Value) -> Iterator[dict[str, Value]]:
    """The named parts of an object, a call with keywords, an instance."""
    if value.fields:
        yield dict(value.fields)
    for one in recipes(value):
        parts = dict(one.keywords)
        if one.args and one.args[0].fields:
            parts = {**one.args[0].fields, **parts}
        yield parts
    for ref in value.refs:
        if isinstance(ref, Instance):
            yield instance_parts(engine, ref)


def instance_parts(engine: Engine, ref: Instance) -> dict[str, Value]:
    """Fields of an instance with its methods, the nearest class winning."""
    parts: dict[str, Value] = {}
    for one in reversed(engine.lineage(ref.of)):
        parts.update(engine.class_statics.get(one.number, {}))
        parts.update(engine.class_fields.get(one.number, {}))
        for name, method in engine.class_methods.get(one.number, {}).items():
            parts[name] = Value(refs=(method,))
    return parts


def definition(
    engine: Engine, parts: dict[str, Value], value: Value, *, checked: Checked
) -> Listed:
    schema = next((parts[word] for word in SCHEMAS if word in parts), None)
    handler = next((found for word in _HANDLERS if (found := function(parts.get(word)))), None)
    place = next((one.place for one in recipes(value)), value.place)
    annotations = parts.get("annotations")
    uri = text(parts.get("uri")) or text(parts.get("uriTemplate"))
    return Listed(
        name=_name_in(parts),
        place=place,
        title=text(parts.get("title")),
        description=prose(parts.get("description")),
        parameters=_prompt_arguments(parts)
        if schema is None
        else parameters_of(schema_in(engine, schema), checked=checked),
        annotations=as_object(None if annotations is None else as_json(annotations)),
        uri=uri,
        handler=handler,
        schema=schema,
    )


def _prompt_arguments(parts: dict[str, Value]) -> tuple[EntryParameter, ...] | None:
    given = parts.get("arguments")
    if given is None:
        return None
    found: list[EntryParameter] = []
    for one in elements(given):
        made = next((made.keywords for made in recipes(one)), one.fields)
        name = text(made.get("name"))
        if name:
            needed = made.get("required")
            found.append(
                EntryParameter(name, {"type": "string"}, 0, bool(needed and needed.scalar))
            )
    return tuple(found)


def schema_in(engine: Engine, value: Value) -> JsonObject | None:
    """The JSON Schema that a value is or makes; ``None`` if that is not known."""
    for one in recipes(value):
        if one.callee.endswith((".model_json_schema", ".schema")) and one.base is not None:
            for ref in one.base.refs:
                if isinstance(ref, Class):
                    return class_schema(engine, ref)
    found = zod_schema(value)
    if found is not None:
        return found
    if value.place is not None and not (value.fields or value.flows or value.refs or value.text):
        return {}
    plain = as_json(value)
    return _known(plain) if isinstance(plain, dict) else None


def _known(schema: JsonObject) -> JsonObject:
    """The schema without what could not be read."""
    return {
        name: _known(one) if isinstance(one, dict) else one
        for name, one in schema.items()
        if one is not None
    }


def parameters_of(
    schema: JsonObject | None, *, checked: Checked
) -> tuple[EntryParameter, ...] | None:
    """The parameters that an object schema describes."""
    if schema is None:
        return None
    required = strings(schema.get("required"))
    return tuple(
        EntryParameter(
            name,
            as_object(one),
            guarantees_of(as_object(one), checked),
            name in required,
        )
        for name, one in as_object(schema.get("properties")).items()
    )
