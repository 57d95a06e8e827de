"""Tools, and what the code behind them does: levels, destinations, credentials, stored data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ostiary.analyze.versions.analysed import Analysed
from ostiary.model.access import Level
from ostiary.model.audit import ToolReach
from ostiary.model.change import Change
from ostiary.model.grade import Severity
from ostiary.model.version_change import ChangeKind, VersionChange
from ostiary.model.visible import NAME, visible
from ostiary.surface.difference import differences
from ostiary.surface.drift.powers import VERBS

_GRAVE = frozenset({Level.DESTROY, Level.EXECUTE, Level.SEND, Level.SPEND, Level.ADMINISTER})
_OF_SURFACE = {
    "membership": ChangeKind.TOOL_CHANGED,
    "contract": ChangeKind.TOOL_CHANGED,
    "text": ChangeKind.TEXT,
    "planted": ChangeKind.TEXT,
    "claim": ChangeKind.TOOL_CHANGED,
}
"""Kinds of drift that are told here. Levels come from the code and not from words."""


def reach_changes(before: Analysed, after: Analysed) -> Iterator[VersionChange]:
    old = {one.access.tool: one for one in before.result.tools}
    new = {one.access.tool: one for one in after.result.tools}
    for name in sorted(new.keys() - old.keys()):
        yield _added(name, new[name])
    for name in sorted(old.keys() - new.keys()):
        says = f"`{visible(name, NAME)}` is gone"
        yield VersionChange(ChangeKind.TOOL_REMOVED, says, Severity.LOW, topic=name)
    for name in sorted(old.keys() & new.keys()):
        yield from _levels(name, old[name], new[name])
    yield from _destinations(old.values(), new.values())
    yield from _named(old.values(), new.values())
    yield from _surface(before, after, frozenset(old) ^ frozenset(new))


def _added(name: str, reach: ToolReach) -> VersionChange:
    levels = [one for one in reach.access.levels() if one is not Level.READ]
    does = " and ".join(VERBS[one] for one in levels) or "reads"
    weight = Severity.LOW
    if levels:
        weight = Severity.HIGH if _GRAVE & set(levels) else Severity.MEDIUM
    says = f"`{visible(name, NAME)}` is new and {does}"
    topic = ", ".join(one.value for one in levels)
    return VersionChange(ChangeKind.TOOL_ADDED, says, weight, topic=topic)


def _levels(name: str, old: ToolReach, new: ToolReach) -> Iterator[VersionChange]:
    shown = visible(name, NAME)
    for level in Level:
        had, has = old.access.has(level), new.access.has(level)
        if has is not None and had is None and level is not Level.READ:
            weight = Severity.HIGH if level in _GRAVE else Severity.MEDIUM
            basis = "; ".join(one.says for one in has.basis[:3])
            yield VersionChange(
                ChangeKind.LEVEL,
                f"`{shown}` now {VERBS[level]}",
                weight,
                "",
                visible(basis, 240),
                topic=level.value,
            )
        elif had is not None and has is None:
            says = f"`{shown}` no longer {VERBS[level]}, as far as its code shows"
            yield VersionChange(ChangeKind.LEVEL_LOST, says, Severity.INFO, topic=level.value)


def _destinations(old: Iterable[ToolReach], new: Iterable[ToolReach]) -> Iterator[VersionChange]:
    """Hosts that no tool sent to before, and ways of choosing one that no tool had before."""
    before = {(one.host, one.how) for each in old for one in each.destinations}
    hosts = {host for host, _ in before}
    told: set[tuple[str, str]] = set()
    for reach in new:
        for one in reach.destinations:
            key = (one.host, one.how)
            if key in before or key in told or (one.host and one.host in hosts):
                continue
            told.add(key)
            where = visible(one.host, NAME) or f"an address that is {one.how}"
            tool = visible(reach.access.tool, NAME)
            carries = ", ".join(visible(each, NAME) for each in one.carries[:4])
            says = f"`{tool}` sends data to {where}, where no tool sent any before"
            weight = Severity.HIGH if one.how == "fixed" and carries else Severity.MEDIUM
            yield VersionChange(
                ChangeKind.DESTINATION, says, weight, "", carries, topic=one.host or one.how
            )


def _named(old: Iterable[ToolReach], new: Iterable[ToolReach]) -> Iterator[VersionChange]:
    before = list(old)
    read = {one for each in before for one in each.credentials}
    kept = {one for each in before for one in each.stores}
    for reach in new:
        tool = visible(reach.access.tool, NAME)
        for name in reach.credentials:
            if name not in read:
                read.add(name)
                says = f"`{tool}` reads the credential {visible(name, NAME)}"
                yield VersionChange(ChangeKind.CREDENTIAL, says, Severity.MEDIUM, topic=name)
        for name in reach.stores:
            if name not in kept:
                kept.add(name)
                says = f"`{tool}` stores {visible(name, NAME)}"
                yield VersionChange(ChangeKind.STORED, says, Severity.LOW, topic=name)


def _surface(before: Analysed, after: Analysed, told: frozenset[str]) -> Iterator[VersionChange]:
    """What a model would see differently. Tools that came and went were told already."""
    old, new = before.result.surface, after.result.surface
    if old is None or new is None:
        return
    for one in differences(replace(old, server=new.server, key=new.key), new):
        kind = _OF_SURFACE.get(one.kind)
        if kind is None or one.part.removeprefix("tool ") in told:
            continue
        yield VersionChange(
            kind, f"{one.part} {one.says}", one.severity, one.before, one.after, topic=_topic(one)
        )


def _topic(change: Change) -> str:
    return change.kind
