"""Lowered Python and its nodes, for the tests of the Python front end."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TypeVar

from ostiary.analyze.ir import Assign, Expr, Module, Node, Parameter, Stmt
from ostiary.analyze.project import SourceFile
from ostiary.analyze.python.lower import lower

N = TypeVar("N", bound=object)


def module(source: str | bytes) -> Module:
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    return lower(SourceFile("pkg/file.py", data))


def nodes(root: object, kind: type[N]) -> list[N]:
    """Every node of this kind, in the order of the source as far as fields keep it."""
    return [node for node in _walk(root) if isinstance(node, kind)]


def only(root: object, kind: type[N]) -> N:
    (found,) = nodes(root, kind)
    return found


def _walk(root: object) -> Iterator[object]:
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting.extend(reversed(one))
        elif dataclasses.is_dataclass(one):
            yield one
            waiting.extend(getattr(one, field.name) for field in reversed(dataclasses.fields(one)))


def depth(root: object) -> int:
    """The deepest nesting of nodes."""
    deepest, waiting = 0, [(root, 0)]
    while waiting:
        one, level = waiting.pop()
        if isinstance(one, tuple):
            waiting.extend((item, level) for item in one)
        elif dataclasses.is_dataclass(one):
            level += 1
            deepest = max(deepest, level)
            waiting.extend((getattr(one, field.name), level) for field in dataclasses.fields(one))
    return deepest


_APART = {"line", "column", "end_line", "optional", "hoisted", "label"}


def shape(node: object) -> object:
    """A node as nested tuples without places, and without what only scripts have: what a test
    compares."""
    if isinstance(node, tuple):
        return tuple(shape(one) for one in node)
    if isinstance(node, Node | Module | Parameter) or dataclasses.is_dataclass(node):
        kept = [field.name for field in dataclasses.fields(node) if field.name not in _APART]
        return (type(node).__name__, *(shape(getattr(node, name)) for name in kept))
    return node


def statements(source: str) -> tuple[Stmt, ...]:
    lowered = module(source)
    assert lowered.problems == ()
    return lowered.body


def expression(source: str) -> Expr:
    (statement,) = statements(f"_ = {source}")
    assert isinstance(statement, Assign)
    assert statement.value is not None
    return statement.value
