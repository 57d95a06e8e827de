"""What tests of an address make certain: that it is public, or outside of a range that is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ostiary.analyze import ir
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.checks.address_ranges import (
    is_public_range,
    outside_of_any,
    outside_of_network,
    outside_of_number,
    outside_of_text,
)
from ostiary.analyze.dataflow.checks.either import Certain
from ostiary.analyze.dataflow.elements import items_of
from ostiary.analyze.dataflow.expressions import quietly
from ostiary.analyze.dataflow.value import Origin, Param, Source, Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_OPPOSITES = {"!=": "==", "not-in": "in", "is-not": "=="}


TESTS_OF_ADDRESSES: Final = frozenset((ir.Member, ir.Compare, ir.Call))
"""Kinds of tests that may say something of addresses."""


def of_addresses(frame: Frame, test: ir.Expr, truth: bool) -> Iterator[Certain]:
    """What a test says of addresses."""
    match test:
        case ir.Member():
            yield from _said(frame, test, truth)
        case ir.Compare():
            op = _OPPOSITES.get(test.op, test.op)
            yield from _compared(frame, test, op, truth if op == test.op else not truth)
        case ir.Call():
            yield from _called(frame, test, truth)


def _said(frame: Frame, test: ir.Member, truth: bool) -> Iterator[Certain]:
    """``ip_address(x).is_private``: what Python says of an address."""
    said = test.name in ("is_private", "is_global") and truth == (test.name == "is_global")
    if said and any(one.startswith("ipaddress.") for one in quietly(frame, test.base).externals()):
        yield Certain(test.base, g.HOST_PUBLIC)


def _compared(frame: Frame, test: ir.Compare, op: str, truth: bool) -> Iterator[Certain]:
    right = test.right
    if op == "==" and isinstance(right, ir.Constant):
        if type(right.value) is int and not truth:
            yield from _outside(test.left, outside_of_number(right.value))
            yield from _of_another_form(frame, test.left, right.value)
        elif isinstance(right.value, str):
            yield from _in_range(frame, test.left, (quietly(frame, right),), truth)
    elif op == "in":
        row = quietly(frame, right)
        yield from _in_range(frame, test.left, items_of(row)[0], truth)
        if not truth:
            yield from _outside(test.left, outside_of_network(row))


_FOUR: Final = 4


def _of_another_form(frame: Frame, node: ir.Expr, number: int) -> Iterator[Certain]:
    """``isIP(x) !== 4``, or ``x.split(".")`` that has not four parts: what is no address of this
    form is in none of its ranges."""
    if number != _FOUR:
        return
    if (
        isinstance(node, ir.Call)
        and node.args
        and "net.isIP" in quietly(frame, node.callee).externals()
    ):
        yield Certain(node.args[0], g.OUTSIDE)
    elif isinstance(node, ir.Member) and node.name == "length" and _is_dotted(frame, node.base):
        first = ir.Constant(node.line, node.column, 0)
        yield Certain(ir.Index(node.line, node.column, node.base, first), g.OUTSIDE)


def _is_dotted(frame: Frame, node: ir.Expr) -> bool:
    """Whether a variable holds what stands between the dots of something."""
    if not isinstance(node, ir.Name) or not frame.number:
        return False
    function = frame.engine.body(frame.number).closure.function
    return any(
        isinstance(one, ir.Assign)
        and any(isinstance(to, ir.NamePattern) and to.id == node.id for to in one.targets)
        and _splits_at_dots(one.value)
        for one in function.body
    )


def _splits_at_dots(node: ir.Expr | None) -> bool:
    while isinstance(node, ir.Call) and isinstance(node.callee, ir.Member):
        between = node.args[0] if node.callee.name == "split" and node.args else None
        if isinstance(between, ir.Constant) and between.value == ".":
            return True
        node = node.callee.base
    return False


def _in_range(
    frame: Frame, node: ir.Expr, named: tuple[Value, ...], truth: bool
) -> Iterator[Certain]:
    if named and is_public_range(quietly(frame, node), named, truth):
        yield Certain(node, g.HOST_PUBLIC)


def _outside(node: ir.Expr, bits: int) -> Iterator[Certain]:
    if bits:
        yield Certain(node, bits)


def _called(frame: Frame, test: ir.Call, truth: bool) -> Iterator[Certain]:
    callee, first = test.callee, test.args[0] if test.args else None
    if first is None:
        return
    if isinstance(callee, ir.Member) and callee.name == "includes":
        row = quietly(frame, callee.base)
        yield from _in_range(frame, first, items_of(row)[0], truth)
    elif truth:
        return
    elif isinstance(callee, ir.Member) and callee.name in ("startsWith", "startswith"):
        what = quietly(frame, first)
        text = what.known_text
        yield from _outside(
            callee.base, outside_of_any(what) if text is None else outside_of_text(text)
        )
    elif isinstance(callee, ir.Member) and callee.name == "some":
        yield from _none_of(frame, callee.base, first)
    elif _is(callee, "any") and isinstance(first, ir.Comprehension):
        target, over, _ = first.clauses[0]
        yield from _held_against(frame, over, target, first.element)


def _none_of(frame: Frame, row: ir.Expr, given: ir.Expr) -> Iterator[Certain]:
    """``RANGES.some(one => one.test(x))`` that did not hold."""
    for closure in quietly(frame, given).closures():
        body, params = closure.function.body, closure.function.params
        if params and len(body) == 1 and isinstance(body[0], ir.Return) and body[0].value:
            yield from _held_against(frame, row, params[0].pattern, body[0].value)


def _held_against(
    frame: Frame, row: ir.Expr, target: ir.Pattern, test: ir.Expr
) -> Iterator[Certain]:
    """What is held against each range of a row, and is in none of them."""
    subject = _subject(test, target.id) if isinstance(target, ir.NamePattern) else None
    if subject is not None:
        yield from _outside(subject, outside_of_any(quietly(frame, row)))


def _subject(test: ir.Expr, name: str) -> ir.Expr | None:
    """What is held against the range of this name."""
    if isinstance(test, ir.Compare) and test.op == "in" and _is(test.right, name):
        return test.left
    if not (isinstance(test, ir.Call) and isinstance(test.callee, ir.Member) and test.args):
        return None
    if _is(test.callee.base, name):
        return test.args[0]
    begins = test.callee.name in ("startsWith", "startswith") and _is(test.args[0], name)
    return test.callee.base if begins else None


def _is(node: ir.Expr, name: str) -> bool:
    return isinstance(node, ir.Name) and node.id == name


def wholes_of(origin: Origin, bits: int) -> Iterator[Origin]:
    """An origin, and what it is an element of: the addresses of a name are in no other way its
    elements."""
    yield origin
    if not bits & (g.HOST_PUBLIC | g.OUTSIDE):
        return
    parts = list(origin.path) if isinstance(origin, Param) else origin.name.split(".")
    size = len(parts)
    while parts and (parts[-1] == "*" or parts[-1].isdigit()):
        parts.pop()
    if len(parts) == size:
        return
    if isinstance(origin, Param):
        yield Param(origin.function, origin.position, tuple(parts))
    elif parts:
        name = ".".join(parts)
        whole = "" if name == origin.whole else origin.whole
        yield Source(origin.kind, name, origin.owner, whole)
