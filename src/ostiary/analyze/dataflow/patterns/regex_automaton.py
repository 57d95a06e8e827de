"""A pattern as positions and which may follow which (Glushkov's construction)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow.patterns.regex_syntax import (
    BEYOND,
    Chain,
    Chars,
    Choice,
    Edge,
    Repeat,
    Tree,
)

POSITIONS: Final = 400
"""Characters of a pattern, repetitions written out, up to which it is looked at."""
_WRITTEN_OUT: Final = 3
"""Times a counted repetition is written out; a longer one may follow itself."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """What texts of the pattern are made of."""

    sets: tuple[int, ...]
    """The characters of each position."""
    following: tuple[int, ...]
    """A bit for each position that may come after this one."""
    first_positions: int
    last_positions: int
    nullable: bool
    longest: int | None
    """Characters of the longest text; ``None`` without a bound."""
    literal: bool
    """Whether it is a choice between texts that are written out."""

    @property
    def every(self) -> int:
        """All characters that texts may hold."""
        found = 0
        for one in self.sets:
            found |= one
        return found

    @property
    def first(self) -> int:
        """Characters that texts may begin with."""
        found = 0
        for index, one in enumerate(self.sets):
            if self.first_positions >> index & 1:
                found |= one
        return found

    def follows(self, one: int, other: int) -> bool:
        """Whether a text may hold a character of ``one`` and then one of ``other``."""
        after = self._holding(other)
        return any(
            held & one and self.following[index] & after for index, held in enumerate(self.sets)
        )

    def is_only(self, one: int, other: int) -> bool:
        """Whether a whole text may be a character of ``one`` and then one of ``other``."""
        last = self._holding(other) & self.last_positions
        return any(
            held & one and self.first_positions >> index & 1 and self.following[index] & last
            for index, held in enumerate(self.sets)
        )

    def _holding(self, some: int) -> int:
        return sum(1 << index for index, held in enumerate(self.sets) if held & some)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a pattern: whether it may read nothing, the places it begins and ends with, and how
    many characters it reads at most; ``None`` without a bound."""

    nullable: bool
    first: int
    last: int
    longest: int | None


NOTHING: Final = Part(True, 0, 0, 0)


def automaton(tree: Tree) -> Automaton | None:
    """The automaton of a pattern, edges left out; ``None`` if it is too large."""
    building = Positions()
    try:
        part = building.part(tree)
    except OverflowError:
        return None
    single = all(_is_single(one) for one in building.sets)
    return Automaton(
        tuple(building.sets),
        tuple(building.following),
        part.first,
        part.last,
        part.nullable,
        part.longest,
        single and not building.repeats,
    )


def _is_single(found: int) -> bool:
    """Whether a set is one character, or both cases of one letter."""
    if found & BEYOND:
        return False
    low = found & -found
    return found in {low, low | low << 32}


class Positions:
    """Numbers the places of a pattern that read a character, and which may follow which. Sets of
    places are bits of an integer. :class:`OverflowError` where there are more than ``most``."""

    def __init__(self, most: int = POSITIONS) -> None:
        self.most = most
        self.sets: list[int] = []
        self.following: list[int] = []
        self.repeats = False

    def part(self, tree: Tree) -> Part:
        match tree:
            case Chars():
                return self._position(self.taken(tree))
            case Edge():
                return NOTHING
            case Chain():
                whole = NOTHING
                for item in tree.items:
                    whole = self.joined(whole, self.part(item))
                return whole
            case Choice():
                return self._chosen([self.part(one) for one in tree.options])
            case Repeat():
                return self.repeated(tree)

    def taken(self, chars: Chars) -> int:
        """The characters that a place stands for: those it may read."""
        return chars.may

    def _position(self, held: int) -> Part:
        if len(self.sets) >= self.most:
            raise OverflowError
        bit = 1 << len(self.sets)
        self.sets.append(held)
        self.following.append(0)
        return Part(False, bit, bit, 1)

    def joined(self, left: Part, right: Part) -> Part:
        self.link(left.last, right.first)
        return Part(
            left.nullable and right.nullable,
            left.first | (right.first if left.nullable else 0),
            right.last | (left.last if right.nullable else 0),
            None if None in (left.longest, right.longest) else _sum(left, right),
        )

    def _chosen(self, parts: list[Part]) -> Part:
        first = last = 0
        for one in parts:
            first, last = first | one.first, last | one.last
        lengths = [one.longest for one in parts if one.longest is not None]
        longest = max(lengths) if len(lengths) == len(parts) else None
        return Part(any(one.nullable for one in parts), first, last, longest)

    def repeated(self, tree: Repeat) -> Part:
        if tree.most == 0:
            return NOTHING
        if tree.most is not None and tree.most <= _WRITTEN_OUT:
            return self.written_out(tree, tree.most)
        self.repeats = True
        part = self.part(tree.item)
        self.link(part.last, part.first)
        longest = None
        if tree.most is not None and part.longest is not None:
            longest = part.longest * tree.most
        return Part(part.nullable or tree.least == 0, part.first, part.last, longest)

    def written_out(self, tree: Repeat, most: int) -> Part:
        whole = NOTHING
        for count in range(most):
            part = self.part(tree.item)
            if count >= tree.least:
                part = Part(True, part.first, part.last, part.longest)
            whole = self.joined(whole, part)
        return whole

    def link(self, before: int, after: int) -> None:
        for index in range(len(self.sets)):
            if before >> index & 1:
                self.following[index] |= after


def _sum(left: Part, right: Part) -> int:
    return (left.longest or 0) + (right.longest or 0)
