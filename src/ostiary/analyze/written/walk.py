"""Every node of a piece of the small language, without a call for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from ostiary.analyze import ir

_PLACE: Final = ("line", "column", "end_line")
_NAMES: Final[dict[type[Any], tuple[str, ...]]] = {
    kind: tuple(one.name for one in reversed(fields(kind)) if one.name not in _PLACE)
    for kind in (*ir.Node.__subclasses__(), ir.Parameter, ir.ClassField)
}
"""The parts of each kind of node, last first."""


def inside(root: object) -> Iterator[Any]:
    """``root`` and all nodes in it, outer first, in order of the source. Functions and classes that
    are defined in it come too; what is in them does not."""
    stack: list[object] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack.extend(reversed(item))
            continue
        names = _NAMES.get(type(item))
        if names is None:
            continue
        yield item
        if item is root or not isinstance(item, ir.FunctionDef | ir.ClassDef):
            stack.extend(getattr(item, name) for name in names)
