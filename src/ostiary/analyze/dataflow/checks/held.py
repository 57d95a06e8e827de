"""Variables that hold the outcome of a test, while what was tested is still the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir
from ostiary.analyze.parts import nodes

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_TESTS: Final = (ir.Await, ir.Call, ir.Compare, ir.Logical, ir.Unary)
_MOST: Final = 400
"""Nodes of one test, with those of the tests that it is made of."""
_WORDS: Final = {None: "", "and": "and", "&": "and", "or": "or", "|": "or"}
_BY_KEY: Final = "[]"


class Held:
    """A test, and the names that it is about: variables as they are, members after a dot."""

    __slots__ = ("names", "node")

    def __init__(self, node: ir.Expr, names: frozenset[str]) -> None:
        self.node: Final = node
        self.names: Final = names


def held(frame: Frame, name: str, node: ir.Assign | ir.Assigned) -> Held | None:
    """What a variable is about to hold, with what it is made of in the place of its parts: those
    may be set anew, and so may the variable itself."""
    value = node.value
    if value is None or node.op not in _WORDS:
        return None
    if node.op is not None:
        own = ir.Name(node.line, node.column, name)
        value = ir.Logical(node.line, node.column, _WORDS[node.op], own, value)
    if not _is_test(value):
        return None
    whole = _opened(frame, name, value)
    within = tuple(islice(nodes((whole,)), _MOST))
    return None if len(within) == _MOST else Held(whole, frozenset(_names(within)))


def forget(frame: Frame, name: str) -> None:
    """A variable is set anew: what was asked of it was asked of something else."""
    frame.tests = {one: test for one, test in frame.tests.items() if name not in test.names}


def forget_part(frame: Frame, name: str | None) -> None:
    """A part of something is set anew; ``None`` for any part."""
    if frame.tests:
        about = {_BY_KEY, f".{name}"}
        kept = {one: test for one, test in frame.tests.items() if about.isdisjoint(test.names)}
        frame.tests = kept


def _is_test(node: ir.Expr) -> bool:
    if isinstance(node, ir.Index):  # ``items.filter(…)[0]``
        return isinstance(node.base, ir.Call) and isinstance(node.key, ir.Constant)
    if isinstance(node, ir.Binary):  # ``set(names) - ours``
        return node.op == "-"
    return isinstance(node, _TESTS)


def _opened(frame: Frame, name: str, node: ir.Expr) -> ir.Expr:
    """The test with what variables in it hold. Of what its own variable was before, nothing is
    known that is not a test."""
    if isinstance(node, ir.Name):
        known = frame.tests.get(node.id)
        if known is not None:
            return known.node
        return ir.Constant(node.line, node.column, None) if node.id == name else node
    if isinstance(node, ir.Logical):
        left, right = _opened(frame, name, node.left), _opened(frame, name, node.right)
        return ir.Logical(node.line, node.column, node.op, left, right)
    if isinstance(node, ir.Unary) and node.op == "not":
        return ir.Unary(node.line, node.column, node.op, _opened(frame, name, node.value))
    return node


def _names(within: tuple[object, ...]) -> Iterator[str]:
    for node in within:
        if isinstance(node, ir.Name):
            yield node.id
        elif isinstance(node, ir.Member):
            yield f".{node.name}"
        elif isinstance(node, ir.Index):
            yield _BY_KEY
