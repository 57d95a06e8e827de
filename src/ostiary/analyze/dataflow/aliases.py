"""Variables that are another name for an object: what is put into one is in the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ostiary.analyze import ir
from ostiary.analyze.dataflow.value import Value

if TYPE_CHECKING:
    from ostiary.analyze.dataflow.frame import Frame

_READS: Final = frozenset(("get", "setdefault"))
_ALL_OF: Final = frozenset(("values",))
_MOST: Final = 6
"""Other names of one object."""


class Alias(NamedTuple):
    """Where else an object is found, as long as the variable that this begins with is the same."""

    place: ir.Expr
    root: str
    set_before: int


def note_alias(frame: Frame, name: str, node: ir.Expr | None, value: Value) -> None:
    """A variable was set to what may be an object that lies elsewhere, too."""
    if (
        value.literal
        or value.text
        or not isinstance(node, ir.Name | ir.Member | ir.Index | ir.Call)
    ):
        return
    _note(frame, name, node)
    if isinstance(node, ir.Name):
        _note(frame, node.id, ir.Name(node.line, node.column, name))


def note_element(frame: Frame, name: str, over: ir.Expr | None) -> None:
    """A variable of a loop is an element of what the loop goes through."""
    callee = over.callee if isinstance(over, ir.Call) else None
    if isinstance(callee, ir.Member) and callee.name in _ALL_OF:
        over = callee.base
    if isinstance(over, ir.Name | ir.Member):
        _note(frame, name, ir.Index(over.line, over.column, over, ir.Opaque(0, 0, ())))


def _note(frame: Frame, name: str, place: ir.Expr) -> None:
    root = _root(place)
    known = frame.same.setdefault(name, [])
    if root and root != name and len(known) < _MOST:
        known.append(Alias(place, root, frame.sets.get(root, 0)))


def also_at(frame: Frame, name: str) -> Iterator[ir.Expr]:
    """Where else the object lies that a variable holds."""
    for one in frame.same.get(name, ()):
        if frame.sets.get(one.root, 0) == one.set_before:
            yield one.place


def _root(place: ir.Expr) -> str:
    """The variable that a way to a part begins with; empty for what is made there."""
    while not isinstance(place, ir.Name):
        if isinstance(place, ir.Member | ir.Index):
            place = place.base
        elif (
            isinstance(place, ir.Call)
            and isinstance(place.callee, ir.Member)
            and place.callee.name in _READS
        ):
            place = place.callee.base
        else:
            return ""
    return place.id
