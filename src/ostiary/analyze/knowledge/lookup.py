"""Tables of library knowledge, compiled so that the engine finds the facts of a name at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Generic, TypeVar

from ostiary.analyze.knowledge.known import Known, Library, Read, Typed

_Fact = TypeVar("_Fact")

_MOST_CACHED: Final = 100_000
"""A cache that a target fills with more names than this is thrown away and begun again."""

_MOST_ALIASES: Final = 16
"""Aliases may lead to aliases; a chain longer than this is cut."""

_MOST_LETTERS: Final = 400
"""Longer names come from chains of calls no table has; only their end is looked at."""


class _Patterns(Generic[_Fact]):
    """Names with facts. Exact names first, then the wildcard with the longest literal part that is
    anchored at its beginning, then the longest of those that begin with ``*.``."""

    __slots__ = ("_anchored", "_exact", "_loose", "_suffixes")

    def __init__(self, entries: Iterable[tuple[str, _Fact]]) -> None:
        self._exact: dict[str, tuple[_Fact, ...]] = {}
        self._anchored: dict[str, list[tuple[str, str, tuple[_Fact, ...]]]] = {}
        self._loose: list[tuple[str, str, tuple[_Fact, ...]]] = []
        self._suffixes: dict[str, list[tuple[str, tuple[_Fact, ...]]]] = {}
        with_star: dict[str, tuple[_Fact, ...]] = {}
        for name, fact in entries:
            group = with_star if "*" in name else self._exact
            group[name] = (*group.get(name, ()), fact)
        for name in sorted(with_star, key=lambda name: (-len(name), name)):
            self._add(name, with_star[name])

    def _add(self, name: str, facts: tuple[_Fact, ...]) -> None:
        head, _, tail = name.partition("*")
        if not head:
            self._suffixes.setdefault(tail.rpartition(".")[2], []).append((tail, facts))
        elif (root := _root(head)) != head:
            self._anchored.setdefault(root, []).append((head, tail, facts))
        else:
            self._loose.append((head, tail, facts))

    def find(self, name: str) -> tuple[_Fact, ...]:
        """The facts under the pattern that fits best; empty if none does."""
        facts = self._exact.get(name)
        if facts is not None:
            return facts
        for patterns in (self._anchored.get(_root(name), []), self._loose):
            for head, tail, found in patterns:
                if _fits(name, head, tail):
                    return found
        return self.by_end(name)

    def by_end(self, name: str) -> tuple[_Fact, ...]:
        """The facts under the longest pattern beginning with ``*.`` that fits."""
        for tail, found in self._suffixes.get(name.rpartition(".")[2], ()):
            if name.endswith(tail):
                return found
        return ()


def _root(name: str) -> str:
    """The name up to its first dot or call: the module, as a bucket to look in."""
    for at, letter in enumerate(name):
        if letter in ".(":
            return name[:at]
    return name


def _fits(name: str, head: str, tail: str) -> bool:
    return len(name) >= len(head) + len(tail) and name.startswith(head) and name.endswith(tail)


class Knowledge:
    """What is known of libraries, by qualified name. Safe to share: only its caches change."""

    __slots__ = ("_aliases", "_calls", "_found", "_names", "_reads", "_reads_found", "_typed")

    def __init__(self, libraries: Iterable[Library]) -> None:
        libraries = tuple(libraries)
        self._aliases = {k: v for one in libraries for k, v in one.aliases.items() if k != v}
        self._calls = _Patterns(
            (n, fact) for one in libraries for fact in one.known for n in fact.names
        )
        self._reads = _Patterns(
            (n, fact) for one in libraries for fact in one.reads for n in fact.names
        )
        self._typed = _Patterns(
            (n, fact) for one in libraries for fact in one.typed for n in fact.annotations
        )
        self._names: dict[str, str] = {}
        self._found: dict[str, tuple[Known, ...]] = {}
        self._reads_found: dict[str, Read | None] = {}

    def calls(self, name: str) -> tuple[Known, ...]:
        """All facts of calls of this qualified name; empty if nothing is known."""
        found = self._found.get(name)
        if found is None:
            found = self._calls.find(self.canonical(name))
            _keep(self._found, name, found)
        return found

    def unknown_method(self, name: str) -> tuple[Known, ...]:
        """Facts of a method (``execute``) of a receiver of which nothing is known."""
        return self._calls.by_end("." + name.removeprefix("*").removeprefix("."))

    def reads(self, name: str) -> Read | None:
        """The source that reading this member is."""
        try:
            return self._reads_found[name]
        except KeyError:
            facts = self._reads.find(self.canonical(name))
            found = facts[0] if facts else None
            _keep(self._reads_found, name, found)
            return found

    def typed(self, name: str) -> Typed | None:
        """What a parameter annotated with this qualified type is."""
        facts = self._typed.find(self.canonical(name))
        return facts[0] if facts else None

    def canonical(self, name: str) -> str:
        """The name the tables use: aliases of modules followed, an interoperability ``default`` of
        a module taken off (``axios.default.get`` is ``axios.get``)."""
        known = self._names.get(name)
        if known is None:
            known = self._resolve(name[-_MOST_LETTERS:])
            _keep(self._names, name, known)
        return known

    def _resolve(self, name: str) -> str:
        name = _without_default(name.removeprefix("node:"))
        for _ in range(_MOST_ALIASES):
            shorter = self._follow(name)
            if shorter == name:
                break
            name = _without_default(shorter)
        return name

    def _follow(self, name: str) -> str:
        """One alias, the one of the longest prefix that ends where a part of the name ends."""
        if name in self._aliases:
            return self._aliases[name]
        for at in range(len(name) - 1, 0, -1):
            if name[at] in ".(" and (target := self._aliases.get(name[:at])) is not None:
                return target + name[at:]
        return name


def _without_default(name: str) -> str:
    head, paren, rest = name.partition("(")
    while ".default." in head + ".":
        head = (head + ".").replace(".default.", ".", 1).removesuffix(".")
    return head + paren + rest


_Held = TypeVar("_Held")


def _keep(cache: dict[str, _Held], name: str, value: _Held) -> None:
    if len(cache) >= _MOST_CACHED:
        cache.clear()
    cache[name] = value
