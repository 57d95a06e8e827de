"""Every node of a piece of the small language, without a call for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ostiary.analyze import ir
from ostiary.analyze.parts import PARTS

_NAMES: Final[dict[type[Any], tuple[str, ...]]] = {
    kind: names[::-1] for kind, names in PARTS.items()
}
"""The parts of each kind of node, last first."""
_DEFINITIONS: Final = frozenset({ir.FunctionDef, ir.ClassDef})


def inside(root: object) -> Iterator[Any]:
    """``root`` and all nodes in it, outer first, in order of the source. Functions and classes that
    are defined in it come too; what is in them does not."""
    stack: list[object] = [root]
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind is tuple:
            stack += item[::-1]  # type: ignore[index]
            continue
        names = _NAMES.get(kind)
        if names is None:
            continue
        yield item
        if kind not in _DEFINITIONS or item is root:
            for name in names:
                stack.append(getattr(item, name))
