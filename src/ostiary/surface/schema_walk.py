"""Every schema inside a schema, once, in document order, however deep it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.surface import Tool

MAX_NODES = 20_000

_MAPS = frozenset(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"))
_LISTS = frozenset(("anyOf", "oneOf", "allOf", "prefixItems", "items"))
_SINGLE = frozenset(
    (
        "items",
        "not",
        "if",
        "then",
        "else",
        "contains",
        "additionalProperties",
        "unevaluatedProperties",
        "unevaluatedItems",
        "propertyNames",
        "contentSchema",
    )
)
_HOLDS = _MAPS | _LISTS | _SINGLE


@dataclass(frozen=True, slots=True)
class Node:
    """One schema and where it stands."""

    schema: JsonObject
    pointer: str
    """JSON pointer from the root that was given."""
    name: str
    """Name of the parameter it describes; empty for a schema that describes none."""
    words: str
    """Dotted names of the parameters that lead to it."""
    depth: int
    by: str
    """The keyword that holds it; empty at the root."""
    steady: bool
    """Whether only ``properties`` lead to it, so that it is always in force."""


def walk(root: JsonObject, pointer: str = "") -> Iterator[Node]:
    """At most :data:`MAX_NODES` schemas of ``root``, itself first."""
    pending = [Node(root, pointer, "", "", 0, "", True)]
    budget = MAX_NODES
    while pending and budget > 0:
        budget -= 1
        node = pending.pop()
        yield node
        if len(below := list(_below(node))) > 1:
            below.reverse()
        pending.extend(below)


def _below(node: Node) -> Iterator[Node]:
    for key, value in node.schema.items():
        if key not in _HOLDS:
            continue
        if key in _MAPS and isinstance(value, dict):
            yield from _named(node, key, value)
        elif isinstance(value, dict):
            yield _child(node, key, value, f"{node.pointer}/{key}")
        elif key in _LISTS and isinstance(value, list):
            for index, one in enumerate(value):
                if isinstance(one, dict):
                    yield _child(node, key, one, f"{node.pointer}/{key}/{index}")


def _named(node: Node, key: str, value: dict[str, JsonValue]) -> Iterator[Node]:
    parameters = key == "properties"
    for name, one in value.items():
        if isinstance(one, dict):
            place = f"{node.pointer}/{key}/{escape(name)}"
            called = name if parameters else ""
            words = f"{node.words}.{name}" if node.words else name
            steady = node.steady and parameters
            yield Node(one, place, called, words, node.depth + 1, key, steady)


def _child(node: Node, key: str, schema: JsonObject, pointer: str) -> Node:
    return Node(schema, pointer, node.name, node.words, node.depth + 1, key, False)


def escape(key: str) -> str:
    """One member name as a part of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


_FEW = 200


def schemas(tool: Tool) -> Iterable[Node]:
    """Every schema of a tool, of its parameters first. Several checks ask; the walk is kept."""
    kept = _kept(tool)
    return _both(tool) if kept is None else kept


@lru_cache(maxsize=16_384)
def _kept(tool: Tool) -> tuple[Node, ...] | None:
    """The schemas of an ordinary tool; a huge one is walked again instead of being held."""
    found = tuple(islice(_both(tool), _FEW + 1))
    return found if len(found) <= _FEW else None


def _both(tool: Tool) -> Iterator[Node]:
    yield from walk(tool.input_schema, "/inputSchema")
    if "outputSchema" in tool.raw:
        yield from walk(tool.output_schema, "/outputSchema")
