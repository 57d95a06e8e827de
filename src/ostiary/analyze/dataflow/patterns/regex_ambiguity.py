"""Whether a backtracking matcher may take exponential time on a text: a loop of the pattern that
can read the same text in two ways, and something after it that can fail.

Only that is claimed which holds: characters count as shared if both sides certainly take them, and
a pattern that is too large or not understood is not called slow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Generic, TypeVar

from ostiary.analyze.dataflow.patterns.regex_automaton import NOTHING, Part, Positions
from ostiary.analyze.dataflow.patterns.regex_syntax import (
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
    building = _Certain()
    try:
        part = building.part(tree)
    except OverflowError:
        return False
    ends = _ends_anchored(tree)
    for group in _loops(building):
        accepting = any(part.last >> at & 1 for at in group)
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


class _Certain(Positions):
    """Places with the characters that they certainly read, and which follow in two ways."""

    def __init__(self) -> None:
        super().__init__(_POSITIONS)
        self.twice: set[tuple[int, int]] = set()

    def taken(self, chars: Chars) -> int:
        return chars.must

    def repeated(self, tree: Repeat) -> Part:
        whole = NOTHING
        copies = tree.least if tree.most is None else tree.most
        for index in range(max(copies, 1) if tree.most is None else copies):
            one = self.part(tree.item)
            if tree.most is None and index == max(copies, 1) - 1:
                self.link(one.last, one.first)
            if index >= tree.least:
                one = replace(one, nullable=True)
            whole = self.joined(whole, one)
        return whole

    def link(self, before: int, after: int) -> None:
        for one in _places(before):
            self.twice.update((one, other) for other in _places(self.following[one] & after))
        super().link(before, after)


def _places(bits: int) -> list[int]:
    return [at for at in range(bits.bit_length()) if bits >> at & 1]


# ── two readers side by side ─────────────────────────────────────────────────────────────────────


def _loops(building: _Certain) -> list[frozenset[int]]:
    """Positions that lead back to themselves, in groups."""
    edges = {at: _places(after) for at, after in enumerate(building.following)}
    return [
        group
        for group in _components(edges)
        if len(group) > 1 or any(building.following[at] >> at & 1 for at in group)
    ]


def _ambiguous(building: _Certain, group: frozenset[int]) -> bool:
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
    building: _Certain, group: frozenset[int], pair: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    ones, others = ([at for at in _places(building.following[one]) if at in group] for one in pair)
    for one in ones:
        for other in others:
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
