"""Simple conditions on the facts of a request as Python functions: no call of Cedar is needed.

A small part of Cedar only: logic, comparisons, ``like``, sets and tags, over facts and literals.
Everything else is left to Cedar. Tests hold each condition to what Cedar says of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from cedarpy import pst

from ostiary.model.pattern import fits_pieces
from ostiary.policy.arguments import MISSING
from ostiary.policy.expressions import Read, read_of
from ostiary.policy.facts import Fact

Test: TypeAlias = "Callable[[tuple[Fact, ...]], Fact]"


class NotPlain(Exception):
    """An expression, or a value met in it, is left to Cedar."""


LEFT_TO_CEDAR = frozenset({"decimals", "grant"})
"""Facts whose Cedar type has no equal here."""


def plain(clauses: tuple[pst.Clause, ...], facts: tuple[Read, ...]) -> Test | None:
    """A function that tells whether all ``clauses`` hold, given ``facts`` in this order; ``None``
    if only Cedar can tell. The function raises :class:`NotPlain` where Cedar would fail."""
    if any(read.fact in LEFT_TO_CEDAR for read in facts):
        return None
    places = {read: at for at, read in enumerate(facts)}
    try:
        tests = [
            _not(_test(one.expr, places))
            if isinstance(one, pst.Unless)
            else _test(one.expr, places)
            for one in clauses
        ]
    except NotPlain:
        return None
    return _every(tests)


def _every(tests: list[Test]) -> Test:
    def holds(given: tuple[Fact, ...]) -> bool:
        for test in tests:  # noqa: SIM110 - a third faster than all()
            if not test(given):
                return False
        return True

    return tests[0] if len(tests) == 1 else holds


Places: TypeAlias = "Mapping[Read, int]"


def _test(node: object, places: Places) -> Test:
    """``node`` as a function. Raises :class:`NotPlain`."""
    make = _MAKERS.get(type(node))
    if make is None:
        raise NotPlain
    return make(node, places)


def _literal(node: object, _places: Places) -> Test:
    assert isinstance(node, pst.BoolLit | pst.LongLit | pst.StringLit)
    value = node.value
    return lambda _given: value


def _set(node: object, _places: Places) -> Test:
    assert isinstance(node, pst.Set)
    if not all(isinstance(one, pst.StringLit) for one in node.elements):
        raise NotPlain
    found = frozenset(one.value for one in node.elements if isinstance(one, pst.StringLit))
    return lambda _given: found


def _attribute(node: object, places: Places) -> Test:
    at = _place(node, places)

    def value(given: tuple[Fact, ...]) -> Fact:
        found = given[at]
        if found is MISSING:
            raise NotPlain
        return found

    return value


def _place(node: object, places: Places) -> int:
    read = read_of(node)
    at = None if read is None else places.get(read)
    if at is None:
        raise NotPlain
    return at


def _unary(node: object, places: Places) -> Test:
    assert isinstance(node, pst.UnaryOp)
    inner = _test(node.arg, places) if node.op in ("not", "is_empty") else None
    if inner is None:
        raise NotPlain
    return _not(inner)


def _not(inner: Test) -> Test:
    """The negation of a truth value, or whether a set is empty: for Python the same."""
    return lambda given: not inner(given)


def _if(node: object, places: Places) -> Test:
    assert isinstance(node, pst.IfThenElse)
    parts = (node.cond, node.then_expr, node.else_expr)
    cond, yes, no = (_test(one, places) for one in parts)
    return lambda given: yes(given) if cond(given) else no(given)


def _binary(node: object, places: Places) -> Test:
    assert isinstance(node, pst.BinaryOp)
    if node.op == "has_tag":
        at = _place(node, places)
        return lambda given: given[at] is not MISSING
    if node.op == "get_tag":
        return _attribute(node, places)
    make = _OPERATORS.get(node.op)
    if make is None:
        raise NotPlain
    return make(_test(node.left, places), _test(node.right, places))


# The validator made sure that both sides have the type that an operator takes.
_OPERATORS: dict[str, Callable[[Test, Test], Test]] = {
    "and": lambda a, b: lambda given: a(given) and b(given),
    "or": lambda a, b: lambda given: a(given) or b(given),
    "eq": lambda a, b: lambda given: a(given) == b(given),
    "not_eq": lambda a, b: lambda given: a(given) != b(given),
    "less": lambda a, b: lambda given: a(given) < b(given),  # type: ignore[operator]
    "less_eq": lambda a, b: lambda given: a(given) <= b(given),  # type: ignore[operator]
    "greater": lambda a, b: lambda given: a(given) > b(given),  # type: ignore[operator]
    "greater_eq": lambda a, b: lambda given: a(given) >= b(given),  # type: ignore[operator]
    "contains": lambda a, b: lambda given: b(given) in a(given),  # type: ignore[operator]
    "contains_all": lambda a, b: lambda given: b(given) <= a(given),  # type: ignore[operator]
    "contains_any": lambda a, b: lambda given: not a(given).isdisjoint(b(given)),  # type: ignore[union-attr,arg-type]
}


def _like(node: object, places: Places) -> Test:
    assert isinstance(node, pst.Like)
    base = _test(node.base, places)
    fits = pattern(node.pattern)
    return lambda given: fits(base(given))  # type: ignore[arg-type]


def pattern(elements: tuple[pst.PatternElem, ...]) -> Callable[[str], bool]:
    """``like``: every wildcard stands for any characters, none too."""
    pieces = [""]
    for one in elements:
        if isinstance(one, pst.Char):
            pieces[-1] += one.value
        else:
            pieces.append("")
    if len(pieces) == 1:
        whole = pieces[0]
        return lambda text: text == whole
    first, *middle, last = pieces
    if not middle and not last:
        return lambda text: text.startswith(first)
    return lambda text: fits_pieces(pieces, text)


_MAKERS: dict[type, Callable[[object, Places], Test]] = {
    pst.BoolLit: _literal,
    pst.LongLit: _literal,
    pst.StringLit: _literal,
    pst.Set: _set,
    pst.GetAttr: _attribute,
    pst.UnaryOp: _unary,
    pst.BinaryOp: _binary,
    pst.IfThenElse: _if,
    pst.Like: _like,
}
