"""Which fields of a node of the small language hold further nodes: all others say words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from ostiary.analyze import ir

_WORDS: Final = frozenset(
    {
        "int",
        "str",
        "bool",
        "Scalar",
        "str | None",
        "tuple[str, ...]",
        "tuple[tuple[str, str], ...]",
    }
)

PARTS: Final[Mapping[type[Any], tuple[str, ...]]] = {
    kind: tuple(one.name for one in fields(kind) if one.type not in _WORDS)
    for kind in (*ir.Node.__subclasses__(), ir.Parameter, ir.ClassField)
}
"""The parts of each kind of node, in order of the source."""


def nodes(roots: Iterable[object], *, into_functions: bool = True) -> Iterator[object]:
    """All nodes in some, in no order: those of functions in them, too, unless told otherwise."""
    stack = list(roots)
    while stack:
        one = stack.pop()
        if isinstance(one, tuple):
            stack.extend(one)
        elif type(one) in PARTS:
            yield one
            if into_functions or not isinstance(one, ir.FunctionDef):
                stack.extend(getattr(one, part) for part in PARTS[type(one)])
