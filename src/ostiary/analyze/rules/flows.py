"""What rules on flows share: an outside value that arrives somewhere without a guarantee."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Flow, Place, Source, SourceKind
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.facts import Facts
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.rule import Rule
from ostiary.model.visible import EXCERPT, NAME, visible

CALLERS = (SourceKind.MODEL, SourceKind.REQUEST, SourceKind.REMOTE)
"""Those who are not the operator: a model, an HTTP caller, a remote party."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One outside value in one operand of one effect."""

    entry: Entry
    effect: Effect
    role: str
    source: Source
    flow: Flow


def arrivals(
    facts: Facts,
    wanted: Mapping[EffectKind, tuple[str, ...]],
    harmless: int,
    kinds: tuple[SourceKind, ...] = CALLERS,
) -> Iterator[Arrival]:
    """Each value of a caller that arrives in one of these operands without any of the guarantees
    that would make it ``harmless`` there; once a place and a source."""
    seen: set[tuple[Place, str, str, str]] = set()
    for reached, effect in facts.of_kind(*wanted):
        for role in wanted[effect.kind]:
            value = effect.operand(role)
            if value is None:
                continue
            for source, flow in value.deep_sources(*kinds):
                key = (effect.place, source.kind.value, source.name, source.owner)
                if flow.guarantees & (harmless | g.SAFE) or key in seen:
                    continue
                seen.add(key)
                yield Arrival(reached.entry, effect, role, source, flow)


def told(rule: Rule, arrival: Arrival, says: str, **more: str) -> Finding:
    """A finding with the way the value took."""
    effect, source = arrival.effect, arrival.source
    part = part_of(arrival.entry)
    place = Location(
        file=effect.place.file, line=effect.place.line, column=effect.place.column, part=part
    )
    return rule.finding(
        f"{_named(source)} {says}.",
        place,
        evidence=tuple(_way(arrival, part)),
        mark=f"{effect.place.file} {effect.function} {effect.callee} {source.name}",
        consequence=more.get("consequence"),
        remedy=more.get("remedy"),
    )


def part_of(entry: Entry) -> str:
    """The entry in words; a tool's begins so that limits can name it."""
    return f"{entry.kind.value} {visible(entry.name, NAME)}"


def _named(source: Source) -> str:
    name = visible(source.name, NAME)
    if source.kind is SourceKind.MODEL:
        return f"Parameter {name} of {visible(source.owner, NAME)}"
    return f"{name} ({source.kind.value})"


def _way(arrival: Arrival, part: str) -> Iterator[Evidence]:
    entry, effect = arrival.entry, arrival.effect
    begins = "declared here" if entry.kind is EntryKind.TOOL else "begins here"
    yield Evidence(f"{part} is {begins}", _location(entry.place, part))
    for step in arrival.flow.steps:
        yield Evidence(
            f"{visible(arrival.source.name, NAME)} {visible(step.says, EXCERPT)}",
            _location(step.place, part),
        )
    known = g.words(arrival.flow.guarantees)
    checked = f"; it {' and '.join(known)}" if known else ""
    yield Evidence(
        f"it arrives in {visible(effect.callee.removeprefix('*.'), NAME)}{checked}",
        _location(effect.place, part),
    )


def _location(place: Place, part: str) -> Location:
    return Location(file=place.file, line=place.line, column=place.column, part=part)
