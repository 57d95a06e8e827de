"""All nodes of a function or a statement, without the functions and classes defined in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Final, TypeVar

from ostiary.analyze import ir
from ostiary.analyze.parts import PARTS

_Kind = TypeVar("_Kind")
_DEFINITIONS: Final = frozenset({ir.FunctionDef, ir.ClassDef})


def _taker(names: tuple[str, ...]) -> Callable[[Any], tuple[object, ...]] | None:
    """What takes the parts of a node, last first; ``None`` for a kind that has none."""
    if not names:
        return None
    parts: Callable[[Any], Any] = attrgetter(*names[::-1])
    return parts if len(names) > 1 else lambda node: (parts(node),)


_PARTS: Final = {kind: _taker(names) for kind, names in PARTS.items()}
_OTHER: Final = object()


def inside(root: object) -> Iterator[Any]:
    """``root`` and all nodes in it, outer first, in order of the source. Functions and classes that
    are defined in it come too; what is in them does not."""
    stack: list[object] = [root]
    take, known = stack.pop, _PARTS.get
    while stack:
        item = take()
        kind = type(item)
        if kind is tuple:
            stack += item[::-1]  # type: ignore[index]
            continue
        parts = known(kind, _OTHER)
        if parts is _OTHER:
            continue
        yield item
        if parts is not None and (kind not in _DEFINITIONS or item is root):
            stack += parts(item)  # type: ignore[operator]


def below(node: object) -> tuple[object, ...]:
    """Everything below a node, one step, last first."""
    parts = _PARTS.get(type(node))
    return () if parts is None else parts(node)


class Nodes:
    """All nodes in one root, walked once for everybody who looks for some."""

    __slots__ = ("_by_kind", "every")

    def __init__(self, root: object) -> None:
        self.every: tuple[Any, ...] = tuple(inside(root))
        """As :func:`inside` gives them."""
        self._by_kind: dict[type[Any], list[Any]] = {}
        for node in self.every:
            kind = type(node)
            if kind in self._by_kind:
                self._by_kind[kind].append(node)
            else:
                self._by_kind[kind] = [node]

    def of(self, kind: type[_Kind]) -> Sequence[_Kind]:
        """Those of one kind, in order of the source."""
        return self._by_kind.get(kind, ())

    def among(self, *kinds: type[Any]) -> Sequence[Any]:
        """Those of several kinds, in order of the source."""
        held = [one for one in kinds if one in self._by_kind]
        if len(held) < 2:
            return self._by_kind[held[0]] if held else ()
        return [node for node in self.every if type(node) in held]
