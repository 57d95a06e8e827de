"""Long chains of one operator, kept flat enough to recurse over."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Run
from typing import Final

from ostiary.analyze.ir import Binary, Expr, Logical, Opaque

LONG: Final = 24
"""Operands up to which a chain leans left as the language has it."""

_ASSOCIATIVE: Final = frozenset({"+", "|", "&"})

Link = tuple[str, Expr, tuple[int, int]]
"""Operator, right operand, and where the whole up to here begins."""


def arithmetic(first: Expr, links: Run[Link]) -> Expr:
    """``first op right op right …``, evaluated from the left.

    A long chain of one associative operator becomes a balanced tree: joining text has the same
    result. Another long chain is opaque over its operands.
    """
    if len(links) <= LONG:
        for op, right, (line, column) in links:
            first = Binary(line, column, op, first, right)
        return first
    operands = [first, *(right for _, right, _ in links)]
    only = links[0][0]
    if only not in _ASSOCIATIVE or any(op != only for op, _, _ in links):
        return Opaque(*links[-1][2], tuple(operands))
    return _balanced(
        operands, lambda left, right: Binary(left.line, left.column, only, left, right)
    )


def logical(op: str, operands: Run[Expr]) -> Expr:
    """``a op b op …`` for ``and`` and ``or``, which are associative."""
    if len(operands) > LONG:
        return _balanced(
            operands, lambda left, right: Logical(left.line, left.column, op, left, right)
        )
    first = operands[0]
    for right in operands[1:]:
        first = Logical(first.line, first.column, op, first, right)
    return first


def _balanced(operands: Run[Expr], join: Callable[[Expr, Expr], Expr]) -> Expr:
    level = list(operands)
    while len(level) > 1:
        paired = [join(*level[i : i + 2]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]
