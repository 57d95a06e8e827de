"""Which fields of a node of the small language hold further nodes: all others say words."""

from __future__ import annotations

from collections.abc import Mapping
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
