"""What a target declares, judged like the surface of a server that runs.

The checks of surfaces read what a model would read. Here that text stands in source, so every
finding points at the declaration it was read from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.declare.in_json import listed_in_json
from ostiary.analyze.declare.servers import spokesman
from ostiary.analyze.declare.surface import declared_surface
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.surface import CHECKS as _COMPARE
from ostiary.analyze.stated import Declared
from ostiary.model.check import Neighbourhood, run
from ostiary.model.finding import Finding, Location
from ostiary.model.outcome import NotChecked
from ostiary.model.surface import Surface
from ostiary.model.visible import NAME, visible
from ostiary.surface.checks import CHECKS, irregular, schema_invalid

_OF_ANSWERS: Final = (irregular.CHECK, schema_invalid.CHECK)
"""Checks on how a server answered: a schema that was derived here says nothing of its author."""
_CHECKS: Final = tuple(check for check in CHECKS if check not in _OF_ANSWERS)
KEY: Final = "source"


@dataclass(frozen=True, slots=True)
class Judged:
    """The declared surface and what the checks of surfaces make of it."""

    surface: Surface
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]


def surface_of(facts: Facts, server: str = "") -> Surface:
    """What the code declares. ``server`` is how people call the target."""
    says = spokesman(facts.servers)
    name = server or (says.name if says else "") or _package(facts) or "the server"
    entries = (one.entry for one in facts.reached)
    return declared_surface(entries, facts.unread, name, KEY, says=says)


def judge_surface(
    facts: Facts,
    server: str = "",
    *,
    stated: Surface | None = None,
    neighbours: tuple[Surface, ...] = (),
) -> Judged:
    """The declared surface, every finding of the checks of surfaces on it, at the line where the
    text is declared, and what code and claims disagree about. ``stated`` is what the running
    server listed. Equal text with equal findings at two places is told once."""
    surface = surface_of(facts, server)
    kept: dict[tuple[str, str, str], Finding] = {}
    compared, failed = run(_COMPARE, Declared(facts, surface, stated), "the declared surface")
    for one, places, home, beside in _every_surface(facts, surface):
        group = Neighbourhood(one, (*neighbours, *beside))
        found, broken = run(_CHECKS, group, "the declared surface")
        failed += broken
        for finding in found:
            moved = _at_source(finding, places, home)
            kept.setdefault((moved.rule, moved.location.part, moved.mark), moved)
    findings = (*kept.values(), *compared)
    return Judged(surface, findings, tuple(dict.fromkeys(failed)))


_Surfaces = tuple[Surface, dict[str, Place], Place | None, tuple[Surface, ...]]


def _every_surface(facts: Facts, declared: Surface) -> Iterator[_Surfaces]:
    """What the code declares, and what files list for servers, each with its neighbours there."""
    for surface, places, home in _surfaces(facts, declared):
        yield surface, places, home, ()
    for servers in listed_in_json(facts.project):
        for one in servers:
            beside = tuple(other.surface for other in servers if other is not one)
            yield one.surface, one.places, one.home, beside


def _surfaces(
    facts: Facts, declared: Surface
) -> Iterator[tuple[Surface, dict[str, Place], Place | None]]:
    """The surface in layers, each with where its items and the server itself are declared. Code
    may hold several servers, so a name that is declared again begins another layer."""
    main = spokesman(facts.servers)
    says, name = main, declared.server
    layers = _layers(facts)
    for layer in layers:
        places = {label: one.place for one in layer for label in _labels(one)}
        home = main.place if main else next(iter(places.values()), None)
        whole = len(layers) == 1 and not facts.unread
        yield declared if whole else declared_surface(layer, (), name, KEY, says=says), places, home
        says = None
    for other in facts.servers:
        if other is not main and (other.instructions or other.description):
            yield declared_surface((), (), name, KEY, says=other), {}, other.place


def _layers(facts: Facts) -> list[list[Entry]]:
    layers: list[list[Entry]] = [[]]
    counts: dict[tuple[str, ...], int] = {}
    for one in facts.reached:
        labels = _labels(one.entry)
        depth = counts.get(labels, 0)
        counts[labels] = depth + 1
        if labels:
            layers += [[] for _ in range(depth + 1 - len(layers))]
            layers[depth].append(one.entry)
    return layers


def _package(facts: Facts) -> str:
    return next((one.name for one in facts.manifests if one.name), "")


def _labels(entry: Entry) -> tuple[str, ...]:
    if entry.kind in (EntryKind.TOOL, EntryKind.PROMPT):
        return (f"{entry.kind.value} {visible(entry.name, NAME)}",)
    if entry.kind is EntryKind.RESOURCE:
        return tuple(f"{kind} {visible(entry.uri, NAME)}" for kind in ("resource", "template"))
    return ()


def _at_source(finding: Finding, places: dict[str, Place], home: Place | None) -> Finding:
    """The finding at the declaration, its evidence too."""
    part, pointer = finding.location.part, finding.location.pointer
    return replace(
        finding,
        location=_moved(finding.location, places, home),
        evidence=tuple(
            replace(one, location=_moved(one.location, places, home)) for one in finding.evidence
        ),
        mark=" ".join(bit for bit in (part, pointer, finding.mark) if bit),
    )


def _moved(location: Location, places: dict[str, Place], home: Place | None) -> Location:
    place = _place(location.part, places) or home
    if place is None:
        return Location(part=location.part)
    return Location(file=place.file, line=place.line, column=place.column, part=location.part)


def _place(part: str, places: dict[str, Place]) -> Place | None:
    """The item that a part belongs to: names may hold commas, so the longest that fits."""
    while part:
        if part in places:
            return places[part]
        part = part.rpartition(", ")[0]
    return None
