"""Answers that show a stranger the inside: traces of the stack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind, Value
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.exposure.code import code_of
from ostiary.analyze.rules.flows import part_of
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

ERROR_DETAILS = Rule(
    id="error-details",
    title="Answers show the stack of an error",
    category=Category.QUALITY,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Follows traces of the stack (traceback.format_exc, the stack of an Error) into what tools "
        "and HTTP routes answer. Weighs more where anybody on the network gets the answer. The "
        "message of an error alone is left alone: a model needs it to do better."
    ),
    attack=(
        "Paths, names of users, versions and often parts of a request with its credential go to "
        "the caller and to the provider of the model, and tell an attacker what to try next."
    ),
    remedy="The author can log the trace and answer with the message of the error and an id.",
    references=("CWE-209", "CWE-200", "CoSAI-MCP-T5", "LLM02:2026"),
)

_ANSWERS: Final = (EntryKind.TOOL, EntryKind.RESOURCE, EntryKind.ROUTE)
_TRACE: Final = "stack trace"


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place that answers so."""
    told: set[tuple[str, int]] = set()
    for reached in facts.reached:
        if reached.entry.kind not in _ANSWERS:
            continue
        place = _place(facts, reached)
        if place is not None and (place.file or "", place.line or 0) not in told:
            told.add((place.file or "", place.line or 0))
            yield _told(reached, place)


def _place(facts: Facts, reached: Reached) -> Location | None:
    """Where a trace is made that goes to the caller."""
    part = part_of(reached.entry)
    for effect in reached.effects:
        body = effect.operand("body")
        if effect.kind is not EffectKind.RESPOND or body is None:
            continue
        at = (effect.place.file, effect.place.line, effect.place.column)
        if _holds(body) or "stack" in code_of(facts).printed.get(at, ()):
            return _at(effect, part)
    if not _holds(reached.returns):
        return None
    made = (one for one in reached.effects if _TRACE in one.tags)
    return next((_at(one, part) for one in made), None)


def _holds(value: Value) -> bool:
    return any(one.name == _TRACE for one, _ in value.deep_sources(SourceKind.MACHINE))


def _at(effect: Effect, part: str) -> Location:
    place = effect.place
    return Location(file=place.file, line=place.line, column=place.column, part=part)


def _told(reached: Reached, place: Location) -> Finding:
    public = reached.entry.kind is EntryKind.ROUTE
    return ERROR_DETAILS.finding(
        "The answer to a caller holds the stack of an error.",
        place,
        evidence=[Evidence("the trace of the stack becomes part of the answer", place)],
        severity=Severity.MEDIUM if public else Severity.LOW,
        persona=Persona.DEFAULT if public else Persona.STRICT,
        mark=f"{place.file} {reached.entry.name}",
    )


CHECK: Check[Facts] = Check((ERROR_DETAILS,), look)
