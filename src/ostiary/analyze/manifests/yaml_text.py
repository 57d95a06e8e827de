"""YAML of strangers as plain values: one document, bounded, aliases counted each time."""

from __future__ import annotations

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ostiary.model.json import JsonObject, JsonValue

MAX_CHARACTERS = 512 * 1024
MAX_NODES = 50_000
MAX_DEPTH = 60


class RefusedYaml(ValueError):
    """The text is no YAML, or more of it than is read. The message says which."""


def read_yaml(text: str) -> JsonValue:
    """The first document; ``{}`` for an empty text. Raises :class:`RefusedYaml`.

    Every scalar stays the text that was written, so that ``1.10`` does not become ``1.1``; only
    plain ``true``, ``false`` and ``null`` are read.
    """
    if len(text) > MAX_CHARACTERS:
        raise RefusedYaml(f"it has more than {MAX_CHARACTERS:,} characters of YAML")
    parser = YAML(typ="safe", pure=True)
    parser.Composer = _Bounded
    try:
        node = parser.compose(text)
    except RefusedYaml:
        raise
    except RecursionError:
        raise RefusedYaml(f"it is nested deeper than {MAX_DEPTH} levels") from None
    except (YAMLError, ValueError, AttributeError, TypeError):
        raise RefusedYaml("not valid YAML") from None
    return {} if node is None else _Values().of(node, 0)


class _Bounded(Composer):
    """Stops while it composes, before memory is spent on what is not kept."""

    _nodes = 0
    _depth = 0

    def compose_node(self, parent: Node | None, index: object) -> Node | None:
        self._nodes += 1
        if self._nodes > MAX_NODES or self._depth > MAX_DEPTH:
            raise RefusedYaml(f"more than {MAX_NODES:,} values or {MAX_DEPTH} levels")
        self._depth += 1
        node: Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


class _Values:
    """Nodes to values; an alias that multiplies is stopped by the count."""

    def __init__(self) -> None:
        self._count = 0

    def of(self, node: Node, depth: int) -> JsonValue:
        self._count += 1
        if self._count > MAX_NODES or depth > MAX_DEPTH:
            raise RefusedYaml(f"more than {MAX_NODES:,} values, each use of an alias counted")
        if isinstance(node, SequenceNode):
            return [self.of(one, depth + 1) for one in node.value]
        if isinstance(node, MappingNode):
            return self._mapping(node, depth)
        return _scalar(node)

    def _mapping(self, node: MappingNode, depth: int) -> JsonObject:
        found: JsonObject = {}
        merged: JsonObject = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else "(not a scalar)"
            inner = self.of(value, depth + 1)
            if name == "<<" and isinstance(inner, dict):
                merged = {**inner, **merged}
            else:
                found[name] = inner
        return {**merged, **found}


def _scalar(node: Node) -> JsonValue:
    text = str(node.value)
    if getattr(node, "style", None) is None:
        lowered = text.lower()
        if lowered in {"true", "false"}:
            return lowered == "true"
        if lowered in {"", "null", "~"}:
            return None
    return text
