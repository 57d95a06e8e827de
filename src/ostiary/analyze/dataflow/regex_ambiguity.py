"""Whether a backtracking matcher may take exponential time on a text: a loop of the pattern that
can read the same text in two ways, and something after it that can fail.

Only that is claimed which holds: characters count as shared if both sides certainly take them, and
a pattern that is too large or not understood is not called slow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from ostiary.analyze.dataflow.regex_syntax import (
    Chain,
    Chars,
    Choice,
    Edge,
    Repeat,
    Tree,
    read,
)

_Node = TypeVar("_Node")

_POSITIONS: Final = 120
_PAIRS: Final = 60_000
"""Steps of two readers side by side that are looked at."""


def is_slow(pattern: str, flags: str) -> bool:
    """Whether texts exist on which matching takes time that doubles with every few characters.
    ``flags`` are JavaScript's, or ``py`` for a pattern of Python."""
    tree = read(pattern, flags)
    if tree is None:
        return False
    building = _Building()
    try:
        part = building.part(tree)
    except OverflowError:
        return False
    ends = _ends_anchored(tree)
    for group in _loops(building):
        accepting = any(at in part.last for at in group)
        if (ends or not accepting) and _ambiguous(building, group):
            return True
    return False


def _ends_anchored(tree: Tree) -> bool:
    match tree:
        case Edge():
            return tree.end
        case Choice():
            return any(_ends_anchored(one) for one in tree.options)
        case Repeat():
            return tree.least > 0 and _ends_anchored(tree.item)
        case Chain():
            return bool(tree.items) and _ends_anchored(tree.items[-1])
        case Chars():
            return False


# ── positions ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Part:
    nullable: bool
    first: frozenset[int]
    last: frozenset[int]


_NOTHING: Final = _Part(True, frozenset(), frozenset())


@dataclass(slots=True)
class _Building:
    """Positions of a pattern and which may follow which, and which may in two ways."""

    sets: list[int] = field(default_factory=list)
    following: list[set[int]] = field(default_factory=list)
    twice: set[tuple[int, int]] = field(default_factory=set)

    def part(self, tree: Tree) -> _Part:
        match tree:
            case Chars():
                return self._position(tree.must)
            case Edge():
                return _NOTHING
            case Chain():
                whole = _NOTHING
                for item in tree.items:
                    whole = self._joined(whole, self.part(item))
                return whole
            case Choice():
                parts = [self.part(one) for one in tree.options]
                return _Part(
                    any(one.nullable for one in parts),
                    frozenset().union(*(one.first for one in parts)),
                    frozenset().union(*(one.last for one in parts)),
                )
            case Repeat():
                return self._repeated(tree)

    def _position(self, held: int) -> _Part:
        if len(self.sets) >= _POSITIONS:
            raise OverflowError
        at = frozenset({len(self.sets)})
        self.sets.append(held)
        self.following.append(set())
        return _Part(False, at, at)

    def _joined(self, left: _Part, right: _Part) -> _Part:
        self._link(left.last, right.first)
        return _Part(
            left.nullable and right.nullable,
            left.first | right.first if left.nullable else left.first,
            right.last | left.last if right.nullable else right.last,
        )

    def _repeated(self, tree: Repeat) -> _Part:
        whole = _NOTHING
        copies = tree.least if tree.most is None else tree.most
        for index in range(max(copies, 1) if tree.most is None else copies):
            one = self.part(tree.item)
            if tree.most is None and index == max(copies, 1) - 1:
                self._link(one.last, one.first)
            if index >= tree.least:
                one = _Part(True, one.first, one.last)
            whole = self._joined(whole, one)
        return whole

    def _link(self, left: frozenset[int], right: frozenset[int]) -> None:
        for one in left:
            for other in right:
                if other in self.following[one]:
                    self.twice.add((one, other))
                self.following[one].add(other)


# ── two readers side by side ─────────────────────────────────────────────────────────────────────


def _loops(building: _Building) -> list[frozenset[int]]:
    """Positions that lead back to themselves, in groups."""
    edges = {at: sorted(after) for at, after in enumerate(building.following)}
    return [
        group
        for group in _components(edges)
        if len(group) > 1 or any(at in building.following[at] for at in group)
    ]


def _ambiguous(building: _Building, group: frozenset[int]) -> bool:
    if any(one in group and other in group for one, other in building.twice):
        return True
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = {}
    waiting = [(at, at) for at in sorted(group)]
    steps = 0
    while waiting:
        pair = waiting.pop()
        if pair in pairs:
            continue
        pairs[pair] = list(_together(building, group, pair))
        steps += len(pairs[pair]) + 1
        if steps > _PAIRS:
            return False
        waiting.extend(pairs[pair])
    return any(
        any(one == other for one, other in found) and any(one != other for one, other in found)
        for found in _components(pairs)
    )


def _together(
    building: _Building, group: frozenset[int], pair: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    for one in sorted(building.following[pair[0]] & group):
        for other in sorted(building.following[pair[1]] & group):
            if building.sets[one] & building.sets[other]:
                yield (one, other)


def _components(edges: dict[_Node, list[_Node]]) -> list[frozenset[_Node]]:
    """Groups of nodes that reach each other (Tarjan's algorithm, without recursion)."""
    walk = _Walk(edges)
    for node in edges:
        if node not in walk.order:
            walk.begin(node)
    return walk.groups


class _Walk(Generic[_Node]):
    def __init__(self, edges: dict[_Node, list[_Node]]) -> None:
        self.order: dict[_Node, int] = {}
        self.groups: list[frozenset[_Node]] = []
        self._edges = edges
        self._low: dict[_Node, int] = {}
        self._open: list[_Node] = []
        self._held: set[_Node] = set()

    def begin(self, start: _Node) -> None:
        path = [(start, iter(self._enter(start)))]
        while path:
            node, rest = path[-1]
            for other in rest:
                if other not in self.order:
                    path.append((other, iter(self._enter(other))))
                    break
                if other in self._held:
                    self._low[node] = min(self._low[node], self.order[other])
            else:
                path.pop()
                if path:
                    before = path[-1][0]
                    self._low[before] = min(self._low[before], self._low[node])
                if self._low[node] == self.order[node]:
                    self._close(node)

    def _enter(self, node: _Node) -> list[_Node]:
        self.order[node] = self._low[node] = len(self.order)
        self._open.append(node)
        self._held.add(node)
        return self._edges[node]

    def _close(self, node: _Node) -> None:
        group: set[_Node] = set()
        while node not in group:
            one = self._open.pop()
            self._held.discard(one)
            group.add(one)
        self.groups.append(frozenset(group))
