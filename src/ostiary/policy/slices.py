"""The rules that some requests depend on, taken apart by what they look at, and what was found out
about them before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import cedarpy

from ostiary.policy.expressions import Read
from ostiary.policy.facts import Fact, Wanted, wanted
from ostiary.policy.plain import NotPlain, Test, plain
from ostiary.policy.rules import Rule

UNKNOWN = "(unknown)"
"""Stands for a rule that Cedar did not name."""
COMBINATIONS = 64

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The values used last, by key."""

    __slots__ = ("_kept", "_most")

    def __init__(self, most: int) -> None:
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._most = most

    def get(self, key: Key) -> Value | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Key, value: Value) -> None:
        self._kept[key] = value
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)


_SMALL = 512


def small(facts: tuple[Fact, ...]) -> bool:
    """Whether facts are worth keeping: a caller must not fill the memory with long arguments."""
    size = 0
    for fact in facts:
        if isinstance(fact, str):
            size += len(fact)
        elif isinstance(fact, frozenset):
            size += sum(map(len, fact)) if len(fact) <= 16 else _SMALL
    return size <= _SMALL


@dataclass(frozen=True, slots=True)
class Met:
    """What some rules came to: those that apply, and the ids of those that cannot be evaluated."""

    applying: tuple[Rule, ...] = ()
    faulty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Rules of a slice that look at the same facts."""

    rules: tuple[Rule, ...]
    ids: frozenset[str]
    at: tuple[int, ...]
    """Where their facts stand among the slice's."""
    tests: tuple[tuple[Rule, Test], ...] | None = field(hash=False, compare=False)
    """The rules as functions of these facts; ``None`` where one of them needs Cedar."""

    def plainly(self, own: tuple[Fact, ...]) -> Met | None:
        """What the rules come to with these facts; ``None`` if only Cedar can tell."""
        return _plainly(self.tests, own)

    def of(self, met: Met) -> Met:
        """What of ``met`` is about these rules. A fault that names no known rule is everybody's."""
        return Met(
            tuple(rule for rule in met.applying if rule.id in self.ids),
            tuple(one for one in met.faulty if one in self.ids or one == UNKNOWN),
        )


@dataclass(frozen=True, slots=True)
class Slice:
    """The rules that may apply to some requests, depending on what these hold."""

    rules: tuple[Rule, ...]
    policies: cedarpy.PolicySet = field(hash=False)
    want: Wanted = field(hash=False)
    parts: tuple[Part, ...]
    combinations: Recent[tuple[int, ...], Slice] = field(hash=False, compare=False)
    """Some of the parts as a slice of their own, by their places."""
    tests: tuple[tuple[Rule, Test], ...] | None = field(hash=False, compare=False)
    """The rules as functions of all facts; ``None`` where one of them needs Cedar."""

    def plainly(self, facts: tuple[Fact, ...]) -> Met | None:
        """What all rules come to; ``None`` if only Cedar can tell."""
        return _plainly(self.tests, facts)


def parts_of(rules: Iterable[Rule], want: Wanted) -> tuple[Part, ...]:
    """Rules by the facts that they look at."""
    together: dict[tuple[int, ...], list[Rule]] = {}
    for rule in rules:
        own = wanted(rule.reads).reads
        together.setdefault(tuple(want.reads.index(read) for read in own), []).append(rule)
    return tuple(
        Part(
            tuple(of),
            frozenset(rule.id for rule in of),
            at,
            tests_of(of, tuple(want.reads[one] for one in at)),
        )
        for at, of in together.items()
    )


def _plainly(tests: tuple[tuple[Rule, Test], ...] | None, facts: tuple[Fact, ...]) -> Met | None:
    if tests is None:
        return None
    try:
        return Met(tuple([rule for rule, test in tests if test(facts)]))
    except NotPlain:
        return None


def tests_of(
    rules: Iterable[Rule], facts: tuple[Read, ...]
) -> tuple[tuple[Rule, Test], ...] | None:
    """Rules as functions of ``facts``; ``None`` where one of them needs Cedar."""
    found = []
    for rule in rules:
        test = plain(rule.rest, facts)
        if test is None:
            return None
        found.append((rule, test))
    return tuple(found)
