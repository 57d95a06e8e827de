"""Nodes of the small language as rules on exposure look at them: names, parts, what is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.parts import PARTS

_STRINGERS: Final = (
    "str repr String stringify dumps toString trim strip encode decode format dict join concat "
    "unquote inspect"
)
_TEXTS: Final = frozenset(_STRINGERS.split())
_COMPOSED: Final = (
    ir.Template,
    ir.Sequence,
    ir.Binary,
    ir.Logical,
    ir.Await,
    ir.Spread,
)


def children(node: object) -> Iterable[object]:
    """Everything below a node, one step."""
    for name in PARTS.get(type(node), ()):
        value = getattr(node, name)
        if value is not None:
            yield value


def last_name(node: object) -> str:
    """The last name of ``a.b.c`` or ``a["c"]``; the first argument of ``get("c")``."""
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Member):
        return node.name
    if isinstance(node, ir.Index):
        return literal(node.key)
    if isinstance(node, ir.Call):
        return literal(node.args[0]) if node.args else last_name(node.callee)
    return ""


def dotted(node: object) -> str:
    """``a.b.c`` as it stands; empty for what is no plain name."""
    bits: list[str] = []
    while isinstance(node, ir.Member):
        bits.append(node.name)
        node = node.base
    if not isinstance(node, ir.Name):
        return ""
    bits.append(node.id)
    return ".".join(reversed(bits))


def literal(node: object) -> str:
    """The text of a literal; empty for anything else."""
    return node.value if isinstance(node, ir.Constant) and isinstance(node.value, str) else ""


def shown_names(node: object) -> Iterator[str]:
    """Names of what is written out whole where an expression is put into text."""
    if isinstance(node, ir.Name | ir.Member):
        yield last_name(node)
    elif isinstance(node, ir.Index):
        yield literal(node.key)
    elif isinstance(node, ir.Call):
        yield from _shown_by(node)
    else:
        for one in _written(node):
            yield from shown_names(one)


def _written(node: object) -> Iterable[object]:
    """The parts of an expression that its text is made of."""
    if isinstance(node, ir.Conditional):
        return (node.then, node.other)
    if isinstance(node, ir.Mapping):
        return tuple(value for _, value in node.entries)
    if isinstance(node, tuple):
        return node
    return tuple(children(node)) if isinstance(node, _COMPOSED) else ()


def _shown_by(node: ir.Call) -> Iterator[str]:
    """A call that reads a variable by name, or that writes its argument as text."""
    name = last_name(node.callee)
    if name in ("get", "getenv", "pop"):
        yield literal(node.args[0]) if node.args else ""
    elif name in _TEXTS:
        for one in (*node.args, *(value for _, value in node.keywords)):
            yield from shown_names(one)
        if isinstance(node.callee, ir.Member):
            yield from shown_names(node.callee.base)
