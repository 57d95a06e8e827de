"""Every string of a surface that a model would read, with its place."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.detect.passage import Passage
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object
from ostiary.model.surface import Item, Surface

MAX_STRINGS = 200_000
"""Strings read of one item; a schema beyond this is answered by the structural checks."""

_KEYED_BY_NAME = frozenset(
    {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
)
_FIELDS = {
    "title": "schema-title",
    "description": "schema-description",
    "enum": "enum",
    "default": "default",
    "examples": "examples",
    "example": "examples",
    "const": "const",
    "pattern": "pattern",
    "$comment": "schema-comment",
}
_PLUMBING = frozenset({"type", "$schema", "$ref", "$id", "format", "required", "mimeType"})
_WORDS = {
    "inputSchema": "input schema",
    "outputSchema": "output schema",
    "uriTemplate": "URI template",
    "uri": "URI",
}


def passages(surface: Surface, neighbours: tuple[Surface, ...] = ()) -> Iterator[Passage]:
    """Names, titles, descriptions and every string in schemas, annotations and ``_meta``.

    ``neighbours`` are the other surfaces that the same model sees; their tool names are given to
    the passages so that talk about them is noticed.
    """
    own = frozenset(tool.name for tool in surface.tools)
    foreign = frozenset(tool.name for other in neighbours for tool in other.tools) - own
    servers = frozenset(other.server for other in neighbours if other.server != surface.server)
    if surface.instructions:
        yield Passage(
            surface.instructions,
            "instructions",
            "",
            "instructions",
            "instructions",
            surface.server,
            siblings=own,
            foreign=foreign,
            foreign_servers=servers,
        )
    for item in surface.items():
        yield from _of_item(item, own - {item.name}, foreign, servers)


def _of_item(
    item: Item, siblings: frozenset[str], foreign: frozenset[str], servers: frozenset[str]
) -> Iterator[Passage]:
    label = f"{item.kind} {visible_name(item.name)}"
    parameters = frozenset(_parameters(item.raw))
    for pointer, field, words, text in strings_of(item.raw):
        yield Passage(
            text,
            f"{label}, {words}" if words else label,
            pointer,
            item.kind,
            field,
            item.name,
            parameters,
            siblings,
            foreign,
            servers,
        )


def visible_name(name: str) -> str:
    """A name that is safe to print: unprintable characters escaped, cut at 80."""
    shown = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in name[:80])
    return shown + ("…" if len(name) > 80 else "")


def _parameters(raw: JsonObject) -> Iterator[str]:
    """Names of parameters at any depth of the input schema, or a prompt's arguments."""
    for argument in as_list(raw.get("arguments")):
        name = as_object(argument).get("name")
        if isinstance(name, str):
            yield name
    pending: list[JsonValue] = [raw.get("inputSchema")]
    budget = MAX_STRINGS
    while pending and budget > 0:
        budget -= 1
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, dict):
            yield from as_object(value.get("properties"))
            pending.extend(value.values())


def strings_of(raw: JsonObject) -> Iterator[tuple[str, str, str, str]]:
    """``(pointer, field, words, text)`` of every string in an item, in document order."""
    # (value, pointer, field, words, whether keys are names of the author's choosing)
    pending: list[tuple[JsonValue, str, str, str, bool]] = [(raw, "", "", "", False)]
    budget = MAX_STRINGS
    while pending and budget > 0:
        value, pointer, field, words, named = pending.pop()
        budget -= 1
        if isinstance(value, str):
            if value:
                yield pointer, field or "value", words, value
        elif isinstance(value, list):
            below = [
                (one, f"{pointer}/{index}", field, words, False) for index, one in enumerate(value)
            ]
            pending.extend(reversed(below))
        elif isinstance(value, dict):
            steps = [_step(key, one, pointer, field, words, named) for key, one in value.items()]
            if named or field in ("_meta", "annotations", "default", "examples", "const", "enum"):
                for key in value:
                    yield f"{pointer}/{_escape(key)}", "schema-key", _below(words, key), key
            pending.extend(reversed([step for step in steps if step is not None]))


def _step(
    key: str, value: JsonValue, pointer: str, field: str, words: str, named: bool
) -> tuple[JsonValue, str, str, str, bool] | None:
    """Where one member of an object leads; ``None`` for protocol plumbing with fixed values."""
    place = f"{pointer}/{_escape(key)}"
    if named:
        return value, place, "", _below(words, key), False
    if not pointer:
        return _top(key, value, place)
    if field:
        return value, place, field, _below(words, key), False
    if key in _PLUMBING and not _is_prose(value):
        return None
    if key in _KEYED_BY_NAME and isinstance(value, dict):
        return value, place, "", words, True
    return value, place, _FIELDS.get(key, ""), _below(words, key), False


def _top(key: str, value: JsonValue, place: str) -> tuple[JsonValue, str, str, str, bool] | None:
    """A member of the item itself."""
    if key in ("inputSchema", "outputSchema", "arguments", "messages"):
        return value, place, "", _WORDS.get(key, key), False
    if key == "icons" or (key in _PLUMBING and not _is_prose(value)):
        return None
    return value, place, _WORDS.get(key, key) if key == "uri" else key, _WORDS.get(key, key), False


def _is_prose(value: JsonValue) -> bool:
    """Whether something stands where only a keyword belongs: long, spaced, or not ASCII."""
    if isinstance(value, str):
        return len(value) > 120 or " " in value.strip() or not value.isascii()
    if isinstance(value, list):
        return any(_is_prose(one) for one in value)
    return isinstance(value, dict)


def _below(words: str, key: str) -> str:
    return f"{words} {visible_name(key)}".strip()


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
