"""Every string of a surface that a model would read, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ostiary.detect.passage import Passage
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object
from ostiary.model.surface import Item, Surface
from ostiary.model.visible import NAME, visible

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
_FREE = frozenset({"_meta", "annotations", "default", "examples", "const", "enum"})
"""Fields whose objects have keys that the author makes up."""
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
        yield from _of_item(item, own, foreign, servers)


def _of_item(
    item: Item, siblings: frozenset[str], foreign: frozenset[str], servers: frozenset[str]
) -> Iterator[Passage]:
    label = f"{item.kind} {visible(item.name, NAME)}"
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


class _Place(NamedTuple):
    """Where a value stands while an item is walked."""

    pointer: str
    field: str
    words: str
    named: bool = False
    """Whether the keys of the object here are names of the author's choosing."""


def strings_of(raw: JsonObject) -> Iterator[tuple[str, str, str, str]]:
    """``(pointer, field, words, text)`` of every string in an item, in document order."""
    pending: list[tuple[JsonValue, _Place]] = [(raw, _Place("", "", ""))]
    budget = MAX_STRINGS
    while pending and budget > 0:
        value, place = pending.pop()
        budget -= 1
        if isinstance(value, str):
            if value:
                yield place.pointer, place.field or "value", place.words, value
        elif isinstance(value, list):
            pointer, field, words, _ = place
            pending.extend(
                (value[index], _Place(f"{pointer}/{index}", field, words))
                for index in range(len(value) - 1, -1, -1)
            )
        elif isinstance(value, dict):
            if place.named or place.field in _FREE:
                for key in value:
                    words = _below(place.words, key)
                    yield f"{place.pointer}/{_escape(key)}", "schema-key", words, key
            below = [(one, _step(key, one, place)) for key, one in value.items()]
            pending.extend((one, step) for one, step in reversed(below) if step is not None)


def _step(key: str, value: JsonValue, at: _Place) -> _Place | None:
    """Where one member of an object leads; ``None`` for protocol plumbing with fixed values."""
    pointer = f"{at.pointer}/{_escape(key)}"
    if at.named:
        return _Place(pointer, "", _below(at.words, key))
    if not at.pointer:
        return _top(key, value, pointer)
    if at.field:
        return _Place(pointer, at.field, _below(at.words, key))
    if key in _PLUMBING and not _is_prose(value):
        return None
    if key in _KEYED_BY_NAME and isinstance(value, dict):
        return _Place(pointer, "", at.words, named=True)
    return _Place(pointer, _FIELDS.get(key, ""), _below(at.words, key))


def _top(key: str, value: JsonValue, pointer: str) -> _Place | None:
    """A member of the item itself."""
    words = _WORDS.get(key, key)
    if key in ("inputSchema", "outputSchema", "arguments", "messages"):
        return _Place(pointer, "", words)
    if key == "icons" or (key in _PLUMBING and not _is_prose(value)):
        return None
    return _Place(pointer, "uri" if key == "uriTemplate" else key, words)


def _is_prose(value: JsonValue) -> bool:
    """Whether something stands where only a keyword belongs: long, spaced, or not ASCII."""
    if isinstance(value, str):
        return len(value) > 120 or " " in value.strip() or not value.isascii()
    if isinstance(value, list):
        return any(_is_prose(one) for one in value)
    return isinstance(value, dict)


def _below(words: str, key: str) -> str:
    return f"{words} {visible(key, NAME)}".strip()


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
