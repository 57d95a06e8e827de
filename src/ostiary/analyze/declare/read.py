"""Declaring calls become entries. One way of declaring is one reader, listed here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.declare.annotated import annotated
from ostiary.analyze.declare.classes import OWN_CLASS, class_tools
from ostiary.analyze.declare.decorated import decorated
from ostiary.analyze.declare.entry import Entry, EntryKind, Unread
from ostiary.analyze.declare.events import events
from ostiary.analyze.declare.exported import exported
from ostiary.analyze.declare.file_tools import file_tools
from ostiary.analyze.declare.formed import formed
from ostiary.analyze.declare.low_level import low_level
from ostiary.analyze.declare.registered import registered
from ostiary.analyze.declare.route_tools import route_tools
from ostiary.analyze.declare.routes import routes
from ostiary.analyze.declare.shaped import shaped
from ostiary.analyze.declare.sign_in import sign_ins
from ostiary.analyze.declare.surface import ANY
from ostiary.analyze.declare.toolsets import toolsets

READERS: tuple[Callable[[Engine, Effect], Iterator[Entry | Unread]], ...] = (
    decorated,
    annotated,
    registered,
    routes,
)
"""Ways in which one call declares one thing."""
GATHERERS: tuple[Callable[[Engine, tuple[Effect, ...]], Iterator[Entry | Unread]], ...] = (
    low_level,
    class_tools,
    route_tools,
    events,
    file_tools,
    toolsets,
)
"""Ways in which several calls declare things together: a list here, its handler there."""

UNKNOWN = "unknown framework"
"""What declares by a name that several libraries use, on something of which nothing is known."""
_DECLARED = (EntryKind.TOOL, EntryKind.PROMPT, EntryKind.RESOURCE)
_KINDS = (EffectKind.DECLARE, EffectKind.ROUTE)


def read_entries(engine: Engine) -> tuple[tuple[Entry, ...], tuple[Unread, ...]]:
    """Every entry of the target, and what was seen and could not be read."""
    effects = tuple(one for one in engine.outermost() if one.kind in _KINDS)
    entries: list[Entry] = [*_imports(engine), *sign_ins(engine)]
    unread: list[Unread] = []
    for found in _found(engine, effects):
        if isinstance(found, Entry):
            entries.append(found)
        else:
            unread.append(found)
    entries = _filled(engine, effects, entries, unread)
    if not any(one.kind in _DECLARED for one in entries):
        entries.extend(exported(engine))
    places = {one.place for one in entries if not one.name.startswith(ANY)}
    missed = tuple(one for one in unread if one.place not in places)
    return tuple(sorted(_once(entries), key=_order)), missed


def _filled(
    engine: Engine, effects: tuple[Effect, ...], entries: list[Entry], unread: list[Unread]
) -> list[Entry]:
    """The entries, with tools known by their form where a list of tools was not read."""
    tools = [one for one in entries if one.kind is EntryKind.TOOL]
    whatever = next((one for one in tools if one.name.startswith(ANY)), None)
    lost = any(f" {EntryKind.TOOL.value}" in one.reason for one in unread)
    serves = not tools and any("server" in one.tags for one in effects)
    if whatever is None and not lost and not serves:
        return entries
    known = {one.name for one in tools}
    found: list[Entry] = []
    for one in (*formed(engine), *shaped(engine, whatever)):
        if one.name not in known:
            known.add(one.name)
            found.append(one)
    by_form = found or any(one.framework == OWN_CLASS for one in tools)
    if by_form:
        entries = [
            one for one in entries if one.kind is not EntryKind.TOOL or not one.name.startswith(ANY)
        ]
    return [*entries, *found]


def _once(entries: list[Entry]) -> Iterator[Entry]:
    """Entries without those that were also read in a better way at the same place."""
    better: set[tuple[Place, EntryKind, str]] = set()
    for one in entries:
        if one.framework != UNKNOWN:
            better.add((one.place, one.kind, one.name))
        if not one.name.startswith(ANY):
            better.add((one.place, one.kind, ANY))
    seen: set[tuple[object, EntryKind, str, int]] = set()
    named = {one.name for one in entries if one.framework != OWN_CLASS}
    for one in entries:
        if one.framework == OWN_CLASS and one.name in named:
            continue
        if one.framework == UNKNOWN and (one.place, one.kind, one.name) in better:
            continue
        if one.name.startswith(ANY) and (one.place, one.kind, ANY) in better:
            continue
        key = _key(one)
        if key not in seen:
            seen.add(key)
            yield one


def _key(one: Entry) -> tuple[object, EntryKind, str, int]:
    """What makes two entries the same one. A tool that the branches of one function declare with
    the same code and the same words is one tool."""
    number = one.handler.number if one.handler else 0
    twice = number and one.kind in _DECLARED and not one.name.startswith(ANY)
    where = (one.place.file, one.description) if twice else one.place
    return where, one.kind, one.name, number


def _found(engine: Engine, effects: tuple[Effect, ...]) -> Iterator[Entry | Unread]:
    for effect in effects:
        for reader in READERS:
            yield from reader(engine, effect)
    for gatherer in GATHERERS:
        yield from gatherer(engine, effects)


def _imports(engine: Engine) -> Iterator[Entry]:
    """A module whose own statements do something outside."""
    for path, linked in engine.modules.items():
        if any(one.kind not in _KINDS for one in linked.effects):
            yield Entry(EntryKind.IMPORT, path, Place(path, 1), "module")


def _order(entry: Entry) -> tuple[str, str, int, str]:
    return entry.kind.value, entry.place.file, entry.place.line, entry.name
