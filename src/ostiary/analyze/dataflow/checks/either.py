"""What is certain where at least one of two tests came out a way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g


@dataclass(slots=True, eq=False)
class Certain:
    """One thing a test settles: these bits hold for what this expression stands for."""

    node: Final[ir.Expr]
    bits: Final[int]


def either(
    test: ir.Logical, left: list[Certain], right: list[Certain], truth: bool
) -> list[Certain]:
    """What holds whichever side decided: what both give, and, as an empty value is harmless, what
    one gives of a value that the other says is empty (``if x and bad(x)`` that did not hold)."""
    return [
        *shared(left, right),
        *_unless_empty(test.left, right, truth),
        *_unless_empty(test.right, left, truth),
    ]


def asked_about(node: ir.Expr) -> ir.Expr | None:
    """What a test of ``node`` is about: of one thing or another it says nothing of either, but
    that what stands in for an empty value is tested where the value is empty."""
    if isinstance(node, ir.Logical) and node.op != "and":
        return asked_about(node.left)
    return None if isinstance(node, ir.Conditional | ir.Logical) else node


def shared(left: list[Certain], right: list[Certain]) -> Iterator[Certain]:
    """What either side gives of the same thing."""
    for one in left:
        for other in right:
            if _same(one.node, other.node) and (held := g.both(one.bits, other.bits)):
                yield Certain(one.node, held)


def _unless_empty(side: ir.Expr, others: list[Certain], truth: bool) -> Iterator[Certain]:
    empty = empty_where(side, truth) or _no_text(side, truth)
    if empty is not None:
        yield from (one for one in others if _same(one.node, empty))


def empty_where(test: ir.Expr, truth: bool) -> ir.Expr | None:
    """What is empty, or not there, where a test comes out this way."""
    if isinstance(test, ir.Unary) and test.op == "not":
        return empty_where(test.value, not truth)
    if isinstance(test, ir.Name | ir.Member):
        return None if truth else test
    if isinstance(test, ir.Compare) and test.op in ("==", "is", "!=", "is-not"):
        nothing = isinstance(test.right, ir.Constant) and test.right.value in (None, "")
        return test.left if nothing and truth == (test.op in ("==", "is")) else None
    return None


def _no_text(test: ir.Expr, truth: bool) -> ir.Expr | None:
    """``typeof x !== "string"``: what is no text is nothing that a check of texts is about."""
    if not isinstance(test, ir.Compare) or test.op not in ("==", "!="):
        return None
    kind, named = test.left, test.right
    if not isinstance(kind, ir.Unary) or kind.op != "typeof":
        return None
    text = isinstance(named, ir.Constant) and named.value == "string"
    return kind.value if text and truth == (test.op == "!=") else None


def _same(one: ir.Expr, two: ir.Expr) -> bool:
    if isinstance(one, ir.Name) and isinstance(two, ir.Name):
        return one.id == two.id
    if isinstance(one, ir.Member) and isinstance(two, ir.Member):
        return one.name == two.name and _same(one.base, two.base)
    return one is two
