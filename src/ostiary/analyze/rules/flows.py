"""What rules on flows share: an outside value that arrives somewhere without a guarantee."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Flow, Place, Source, SourceKind, Value
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.facts import Facts
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
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
    return once(_arriving(facts, wanted, harmless, kinds))


def _arriving(
    facts: Facts,
    wanted: Mapping[EffectKind, tuple[str, ...]],
    harmless: int,
    kinds: tuple[SourceKind, ...],
) -> Iterator[Arrival]:
    for reached, effect in facts.of_kind(*wanted):
        for role in wanted[effect.kind]:
            value = effect.operand(role)
            if value is not None:
                yield from arriving(reached.entry, effect, role, value, harmless, kinds=kinds)


def arriving(
    entry: Entry,
    effect: Effect,
    role: str,
    value: Value,
    harmless: int,
    *,
    kinds: tuple[SourceKind, ...] = CALLERS,
) -> Iterator[Arrival]:
    """Each value of a caller in this one, if no guarantee makes it harmless."""
    for source, flow in value.deep_sources(*kinds):
        if not flow.guarantees & (harmless | g.SAFE):
            yield Arrival(entry, effect, role, source, flow)


def once(many: Iterable[Arrival]) -> Iterator[Arrival]:
    """The first of the arrivals of one source at one place, and none of a part of it beside the
    whole; where nobody is known to call the code, the first at the place."""
    waiting = {_named_at(one, one.source.name): one for one in reversed(list(many))}
    for key, one in reversed(waiting.items()):
        whole = one.source.name
        while "." in whole:
            whole = whole.rpartition(".")[0]
            if _named_at(one, whole) in waiting and _named_at(one, whole) != key:
                break
        else:
            yield one


def _named_at(one: Arrival, name: str) -> tuple[Place, str, str, str]:
    unknown = one.entry.kind is EntryKind.EXPORT
    named = ("", "") if unknown else (name, one.source.owner)
    return (one.effect.place, one.source.kind.value, *named)


def told(
    rule: Rule,
    arrival: Arrival,
    says: str,
    *,
    consequence: str | None = None,
    remedy: str | None = None,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    persona: Persona | None = None,
    at: Place | None = None,
) -> Finding:
    """A finding with the way the value took, at the effect's place or at another on the way. Where
    nobody is known to call the code, and where the value is what a remote party answered, it is at
    most of medium severity unless a rule says otherwise."""
    effect, source = arrival.effect, arrival.source
    part = part_of(arrival.entry)
    return rule.finding(
        f"{_named(source)} {says}.",
        _location(at or effect.place, part),
        evidence=tuple(_way(arrival, part)),
        mark=f"{effect.place.file} {effect.function} {effect.callee} {source.name}",
        consequence=consequence,
        remedy=remedy,
        severity=_severity(rule, arrival) if severity is None else severity,
        confidence=confidence,
        persona=persona,
    )


def _severity(rule: Rule, arrival: Arrival) -> Severity:
    far = arrival.entry.kind is EntryKind.EXPORT or arrival.source.kind is SourceKind.REMOTE
    return min(rule.severity, Severity.MEDIUM) if far else rule.severity


def noticed(
    rule: Rule,
    entry: Entry,
    effect: Effect,
    says: str,
    *,
    severity: Severity | None = None,
    persona: Persona | None = None,
) -> Finding:
    """A finding about a place that an entry reaches, whatever arrives there."""
    part = part_of(entry)
    begins = Evidence(f"{part} is {_begins(entry)}", _location(entry.place, part))
    steps = (Evidence(step.says, _location(step.place, part)) for step in effect.chain)
    return rule.finding(
        f"{says}.",
        _location(effect.place, part),
        evidence=(begins, *steps),
        mark=f"{effect.place.file} {effect.function} {effect.callee}",
        severity=severity,
        persona=persona,
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
    yield Evidence(f"{part} is {_begins(entry)}", _location(entry.place, part))
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


def _begins(entry: Entry) -> str:
    return "declared here" if entry.kind is EntryKind.TOOL else "begins here"


def _location(place: Place, part: str) -> Location:
    return Location(file=place.file, line=place.line, column=place.column, part=part)
