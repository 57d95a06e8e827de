"""Declaring calls become entries. One way of declaring is one reader, listed here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.declare.decorated import decorated
from ostiary.analyze.declare.entry import Entry, EntryKind, Unread

READERS: tuple[Callable[[Engine, Effect], Iterator[Entry | Unread]], ...] = (decorated,)


def read_entries(engine: Engine) -> tuple[tuple[Entry, ...], tuple[Unread, ...]]:
    """Every entry of the target, and what was seen and could not be read."""
    entries: list[Entry] = []
    unread: list[Unread] = []
    for effect in engine.outermost():
        if effect.kind not in (EffectKind.DECLARE, EffectKind.ROUTE):
            continue
        for reader in READERS:
            for found in reader(engine, effect):
                if isinstance(found, Entry):
                    entries.append(found)
                else:
                    unread.append(found)
    entries.extend(_imports(engine))
    return tuple(sorted(entries, key=_order)), tuple(unread)


def _imports(engine: Engine) -> Iterator[Entry]:
    """A module whose own statements do something outside."""
    for path, linked in engine.modules.items():
        if any(one.kind is not EffectKind.DECLARE for one in linked.effects):
            yield Entry(EntryKind.IMPORT, path, Place(path, 1), "module")


def _order(entry: Entry) -> tuple[str, str, int, str]:
    return entry.kind.value, entry.place.file, entry.place.line, entry.name
