"""Calls of functions that declare one thing for each object of a list they are given.

Seen from inside such a function, a list is one parameter and its elements are alike. Seen from a
call with a known list, each element declares something of its own: the call is then looked at once
for each.
"""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.calls.substitute import Bound
from ostiary.analyze.dataflow.effect import Effect
from ostiary.analyze.dataflow.elements import rows
from ostiary.analyze.dataflow.join import part_of
from ostiary.analyze.dataflow.value import Origin, Param, Value

_DEEPEST = 3


def narrowed(effect: Effect, number: int, bound: Bound) -> Iterator[Bound]:
    """The arguments of a call, once for each element of a list that the declaration ``effect`` is
    made for; nothing if it is not made for each of a list."""
    for origin in _origins(effect):
        if isinstance(origin, Param) and origin.function == number and "*" in origin.path:
            yield from _each(origin, bound)
            return


def _origins(effect: Effect) -> Iterator[Origin]:
    for role, value in effect.operands.items():
        if role not in ("callee", "base"):
            yield from _inside(value, 0)


def _inside(value: Value, depth: int) -> Iterator[Origin]:
    yield from value.flows
    if depth < _DEEPEST:
        for part in value.fields.values():
            yield from _inside(part, depth + 1)


def _each(origin: Param, bound: Bound) -> Iterator[Bound]:
    path = origin.path[: origin.path.index("*")]
    whole = bound.parameter(origin.position)
    listed = whole
    for name in path:
        listed = part_of(listed, name)
    for row in rows(listed):
        yield bound.with_parameter(origin.position, _put(whole, path, row))


def _put(whole: Value, path: tuple[str, ...], row: Value) -> Value:
    """The argument with just one element in the list at this path."""
    if not path:
        return whole.with_fields({"0": row})
    inner = part_of(whole, path[0])
    return whole.with_fields({**whole.fields, path[0]: _put(inner, path[1:], row)})
