"""What a type of TypeScript says, from its text: the classes it names, the schema it describes.

TypeScript's types are gone when the program runs. A schema read here is what the author meant; its
guarantees hold only where a framework checks arguments against the declared type.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.python.type_names import Declared
from ostiary.analyze.typescript.literals import decoded, number_value
from ostiary.model.json import JsonObject, JsonValue

LONGEST: Final = 20_000
"""Characters of a type that is read."""
_DEEPEST: Final = 16
"""Types inside types."""

_TOKEN = re.compile(
    r"\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?"
    r"|(?P<text>\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?)|(?P<template>`(?:[^`\\]|\\.)*+`?)"
    r"|(?P<number>-?\d[\w.]*)|(?P<name>[A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*)"
    r"|(?P<sign>=>|\.\.\.|\?:|.)",
    re.DOTALL,
)
_NOTHING: Final = frozenset({"null", "undefined", "void"})
_TRANSPARENT: Final = frozenset(
    {"Promise", "PromiseLike", "Awaited", "Readonly", "NonNullable", "Required"}
)
_ARRAYS: Final = frozenset({"Array", "ReadonlyArray", "Set", "ReadonlySet", "Iterable"})
_UNKNOWN: Final = Declared()
_SIMPLE: Final = {
    "string": Declared({"type": "string"}),
    "number": Declared({"type": "number"}, g.NUMBER),
    "bigint": Declared({"type": "integer"}, g.NUMBER),
    "boolean": Declared({"type": "boolean"}, g.NUMBER),
    "true": Declared({"const": True}, g.CHOSEN),
    "false": Declared({"const": False}, g.CHOSEN),
    "object": Declared({"type": "object"}),
    "Date": Declared({"type": "string", "format": "date-time"}, g.NUMBER),
}


def schema_of(annotation: str) -> Declared:
    """The JSON Schema of a type; ``{}`` for what is not understood. A union of literals is an
    ``enum`` and guarantees ``CHOSEN``; ``null`` and ``undefined`` in a union say only that the
    value may be missing."""
    if not annotation or len(annotation) > LONGEST:
        return _UNKNOWN
    reader = _Reader(_tokens(annotation))
    found = reader.union()
    return found if reader.is_whole else _UNKNOWN


def _tokens(annotation: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(annotation[:LONGEST]):
        if match.lastgroup == "name":
            found.append(("name", re.sub(r"\s+", "", match[0])))
        elif match.lastgroup is not None:
            found.append((match.lastgroup, match[0]))
    return found


class _Reader:
    """Reads a type by descent, a bounded number of levels."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._tokens)

    @property
    def is_whole(self) -> bool:
        """Whether all was read, and understood."""
        return self._at == len(self._tokens)

    def _give_up(self) -> Declared:
        self._at = len(self._tokens) + 1
        return _UNKNOWN

    def _next(self) -> str:
        return "" if self.at_end else self._tokens[self._at][1]

    def _take(self, sign: str) -> bool:
        if self._next() != sign:
            return False
        self._at += 1
        return True

    def union(self) -> Declared:
        """``A | B``."""
        if self._depth >= _DEEPEST:
            return self._give_up()
        self._depth += 1
        self._take("|")
        parts = [self._both()]
        while self._take("|"):
            parts.append(self._both())
        self._depth -= 1
        return _joined(parts)

    def _both(self) -> Declared:
        """``A & B``: what either says holds; the schema is kept where only one says something."""
        parts = [self._postfix()]
        while self._take("&"):
            parts.append(self._postfix())
        if len(parts) == 1:
            return parts[0]
        schemas: list[JsonValue] = [one.schema for one in parts if one.schema]
        guarantees = 0
        for one in parts:
            guarantees |= one.guarantees
        return Declared({"allOf": schemas} if schemas else {}, guarantees)

    def _postfix(self) -> Declared:
        found = self._primary()
        while self._take("["):
            if self._take("]"):
                found = Declared({"type": "array", "items": found.schema})
            else:
                self.union()
                self._take("]")
                found = _UNKNOWN
        return found

    def _primary(self) -> Declared:
        if self.at_end:
            return self._give_up()
        kind, text = self._tokens[self._at]
        self._at += 1
        match kind:
            case "text":
                return Declared({"const": decoded(text[1:-1])}, g.CHOSEN)
            case "number":
                return _number(text)
            case "template":
                return Declared({"type": "string"})
            case "name":
                return self._named(text)
        form = _SIGNS.get(text)
        return form(self) if form else _UNKNOWN

    def _named(self, name: str) -> Declared:
        if name in {"readonly", "unique"}:
            return self._postfix()
        if name in {"keyof", "typeof", "infer"}:
            self._postfix()
            return _UNKNOWN
        args: list[Declared] = []
        if self._take("<"):
            args = self._list(">")
        if name in _NOTHING:
            return Declared({"type": "null"})
        if name in _SIMPLE:
            return _SIMPLE[name]
        return _generic(name, args)

    def _list(self, end: str) -> list[Declared]:
        found: list[Declared] = []
        while not self.at_end and not self._take(end):
            self._take("...")
            found.append(self.union())
            if not self._take(",") and self._next() != end:
                self._give_up()
        return found

    def group(self) -> Declared:
        """``(A | B)``. What turns out to be a function's parameters is not understood."""
        found = self.union()
        if not self._take(")") or self._next() == "=>":
            return self._give_up()
        return found

    def tuple(self) -> Declared:
        items: list[JsonValue] = [one.schema for one in self._list("]")]
        return Declared({"type": "array", "prefixItems": items})

    def object(self) -> Declared:
        """``{a: A; b?: B}``; an index signature or a method makes the rest open."""
        properties: JsonObject = {}
        required: list[JsonValue] = []
        while not self.at_end and not self._take("}"):
            if self._next() in {";", ","}:
                self._at += 1
                continue
            kind, text = self._tokens[self._at]
            self._at += 1
            if text == "readonly" and self._next() not in {":", "?:"}:
                continue
            optional = self._next() == "?:"
            if kind not in {"name", "text", "number"} or not (self._take("?:") or self._take(":")):
                return self._give_up()
            key = decoded(text[1:-1]) if kind == "text" else text
            properties[key] = self.union().schema
            if not optional:
                required.append(key)
        schema: JsonObject = {"type": "object", "properties": properties}
        return Declared({**schema, "required": required} if required else schema)


_SIGNS: Final[dict[str, Callable[[_Reader], Declared]]] = {
    "(": _Reader.group,
    "[": _Reader.tuple,
    "{": _Reader.object,
}


def _number(text: str) -> Declared:
    value = number_value(text.removeprefix("-"))
    if value is None:
        return _UNKNOWN
    return Declared({"const": -value if text.startswith("-") else value}, g.CHOSEN)


def _generic(name: str, args: list[Declared]) -> Declared:
    if not args:
        return _UNKNOWN
    if name in _TRANSPARENT:
        return args[0]
    if name in _ARRAYS:
        return Declared({"type": "array", "items": args[0].schema})
    if name in {"Record", "Map", "ReadonlyMap"} and len(args) > 1:
        return Declared({"type": "object", "additionalProperties": args[1].schema})
    if name == "Partial":
        return Declared({key: one for key, one in args[0].schema.items() if key != "required"})
    return _UNKNOWN


def _joined(parts: list[Declared]) -> Declared:
    """A union: only what every part guarantees holds."""
    kept = [one for one in parts if one.schema.get("type") != "null"]
    if len(kept) <= 1:
        return kept[0] if kept else parts[0]
    guarantees = kept[0].guarantees
    for one in kept[1:]:
        guarantees &= one.guarantees
    if all("const" in one.schema for one in kept):
        return Declared({"enum": [one.schema["const"] for one in kept]}, g.CHOSEN)
    if any(not one.schema for one in kept):
        return _UNKNOWN
    return Declared({"anyOf": [one.schema for one in kept]}, guarantees)
