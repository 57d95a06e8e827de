"""YAML, safely: no tags are obeyed, aliases are counted, keys may not repeat unseen."""

from __future__ import annotations

from collections.abc import Sequence

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ostiary.clients.formats.document import (
    MAX_DEPTH,
    Document,
    Step,
    Unreadable,
    pointer,
    scalar,
    text_of,
    whole,
)
from ostiary.model.json import JsonValue

MAX_BYTES = 512 * 1024
MAX_WRITTEN = 25_000
"""Most keys and values that are written out; the parser takes some 50 microseconds for each."""
MAX_NODES = 200_000
"""Most values a document may hold; a shared node counts each time it is used."""

_TAG = "tag:yaml.org,2002:"


def read_yaml(data: bytes) -> Document:
    """The document in ``data``; its first, if it holds several. Raises :class:`Unreadable`."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"it has {len(data):,} bytes, more than the {MAX_BYTES:,} read as YAML")
    text = text_of(data)
    if not text.strip():
        return Document({})
    try:
        node = _parser().compose(text)
    except RecursionError:
        raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Unreadable(f"not valid YAML{where}") from None
    except Unreadable:
        raise
    except (YAMLError, ValueError, AttributeError):
        raise Unreadable("not valid YAML") from None
    if node is None:
        return Document({})
    reading = _Reading()
    value = reading.of(node, ())
    places = reading.places

    def locate(path: Sequence[Step]) -> tuple[int, int] | None:
        return places.get(tuple(path))

    return Document(value, locate, tuple(reading.duplicates))


def _parser() -> YAML:
    parser = YAML(typ="safe", pure=True)
    parser.Composer = _Bounded
    return parser


class _Bounded(Composer):
    """Stops while it reads, before time and memory are spent on what is not kept."""

    _written = 0
    _depth = 0

    def compose_node(self, parent: Node | None, index: object) -> Node | None:
        self._written += 1
        if self._written > MAX_WRITTEN:
            raise Unreadable(f"it holds more than {MAX_WRITTEN:,} keys and values")
        if self._depth > MAX_DEPTH:
            raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels")
        self._depth += 1
        node: Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


class _Reading:
    def __init__(self) -> None:
        self._count = 0
        self.places: dict[tuple[Step, ...], tuple[int, int]] = {}
        self.duplicates: list[str] = []

    def of(self, node: Node, path: tuple[Step, ...]) -> JsonValue:
        self._count += 1
        if self._count > MAX_NODES:
            raise Unreadable(
                f"it holds more than {MAX_NODES:,} values, each use of an alias counted"
            )
        if len(path) > MAX_DEPTH:
            raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels")
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return self._sequence(node, path)
        return _scalar(node)

    def _sequence(self, node: SequenceNode, path: tuple[Step, ...]) -> JsonValue:
        found: list[JsonValue] = []
        for position, one in enumerate(node.value):
            here = (*path, position)
            self._place(here, one)
            found.append(self.of(one, here))
        return found

    def _mapping(self, node: MappingNode, path: tuple[Step, ...]) -> JsonValue:
        found: dict[str, JsonValue] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _TAG + "merge":
                self._merge(found, value_node, path)
                continue
            key = _key(key_node)
            here = (*path, key)
            if key in found and here in self.places and len(self.duplicates) < 100:
                self.duplicates.append(pointer(here))
            self._place(here, key_node)
            found[key] = self.of(value_node, here)
        return found

    def _merge(self, found: dict[str, JsonValue], node: Node, path: tuple[Step, ...]) -> None:
        """``<<``: keys of another mapping, unless the mapping has its own."""
        for one in node.value if isinstance(node, SequenceNode) else (node,):
            inner = _Reading()
            inner._count = self._count
            merged = inner.of(one, path)
            self._count = inner._count
            if isinstance(merged, dict):
                for key, value in merged.items():
                    found.setdefault(key, value)

    def _place(self, path: tuple[Step, ...], node: Node) -> None:
        mark = node.start_mark
        self.places[path] = (mark.line + 1, mark.column + 1)


def _key(node: Node) -> str:
    if isinstance(node, ScalarNode):
        return whole(str(node.value))
    return "(a key that is not a scalar)"


def _scalar(node: Node) -> JsonValue:
    text = str(node.value)
    tag = str(node.tag)
    try:
        if tag == _TAG + "int":
            return int(text.replace("_", ""), 0)
        if tag == _TAG + "float":
            return scalar(float(text.replace("_", "")))
    except ValueError:
        return whole(text)
    if tag == _TAG + "bool":
        return text.lower() in ("true", "yes", "on", "y")
    if tag == _TAG + "null":
        return None
    return whole(text)
