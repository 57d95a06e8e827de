"""What is known of one target's code: the subject of every rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any, TypeVar

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Value
from ostiary.analyze.declare.entry import Entry, EntryKind, Unread
from ostiary.analyze.declare.servers import DeclaredServer
from ostiary.analyze.ir import Module
from ostiary.analyze.manifests.package import Manifest
from ostiary.analyze.project import Project
from ostiary.analyze.written.index import Written
from ostiary.model.outcome import NotChecked

_FIRST = itemgetter(0)
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """One entry and everything its code does, calls followed."""

    entry: Entry
    effects: tuple[Effect, ...]
    returns: Value
    """What goes back to whoever called."""
    reads: frozenset[str]
    """Names of the entry's parameters that its code reads; ``*`` if all go somewhere whole."""


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything learned of the code of one target. Same files, same facts, same order."""

    project: Project
    modules: Mapping[str, Module]
    """Lowered files, by path."""
    manifests: tuple[Manifest, ...]
    reached: tuple[Reached, ...]
    """Every entry with its reach, in order of kind, file and line."""
    effects: tuple[Effect, ...]
    """Every effect where it stands, seen from its own function: operands may hold parameters."""
    not_checked: tuple[NotChecked, ...] = field(default=())
    unread: tuple[Unread, ...] = ()
    """Declarations that were seen and could not be read whole; told in ``not_checked`` too."""
    servers: tuple[DeclaredServer, ...] = ()
    """What the code says of the servers it makes."""

    _made: dict[Callable[[Facts], Any], Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, make: Callable[[Facts], _Made]) -> _Made:
        """What ``make`` makes of these facts: made once, however many rules ask."""
        if make not in self._made:
            self._made[make] = make(self)
        made: _Made = self._made[make]
        return made

    def of_kind(self, *kinds: EffectKind) -> Iterator[tuple[Reached, Effect]]:
        """Effects of these kinds with the entry that reaches each; one effect may come twice, by
        two entries."""
        held = [self._by_kind[kind] for kind in dict.fromkeys(kinds) if kind in self._by_kind]
        found = held[0] if len(held) == 1 else sorted(chain.from_iterable(held), key=_FIRST)
        for _, reached, effect in found:
            yield reached, effect

    @cached_property
    def _by_kind(self) -> dict[EffectKind, list[tuple[int, Reached, Effect]]]:
        """Effects by their kind, numbered in the order of all."""
        found: dict[EffectKind, list[tuple[int, Reached, Effect]]] = {}
        number = 0
        for reached in self.reached:
            for effect in reached.effects:
                found.setdefault(effect.kind, []).append((number, reached, effect))
                number += 1
        return found

    @cached_property
    def tools(self) -> tuple[Reached, ...]:
        """Entries that a model calls as tools."""
        return tuple(one for one in self.reached if one.entry.kind is EntryKind.TOOL)

    @cached_property
    def written(self) -> Written:
        """What each function says in words."""
        return Written(self.modules)
