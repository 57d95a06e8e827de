"""Grave acts that wait for a date, a number of calls or a secret word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place, SourceKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import RUNS, Shown
from ostiary.analyze.rules.hostile.guards import Guard, Trigger, Triggers, guards
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

HIDDEN_TRIGGER = Rule(
    id="hidden-trigger",
    title="Waits for a trigger: a time bomb or backdoor",
    category=Category.CONCEALMENT,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for programs started, code evaluated, folders removed and descriptions changed only "
        "after a fixed date, in one hour of the day, from a number of calls on, or when a caller "
        "gives a fixed secret word, or by a small chance. Expiry of a cache, waiting between "
        "attempts, and choices that "
        "the schema lists are left alone."
    ),
    attack=(
        "The server passes every test and every look at its behaviour, and turns later, or for one "
        "person only."
    ),
    remedy="Do not use this server.",
    references=("CWE-511", "CWE-506", "CWE-912", "SAFE-T1201", "SAFE-T1203"),
)

_GRAVE = (
    *RUNS,
    EffectKind.EVALUATE,
    EffectKind.DELETE_FILE,
    EffectKind.MUTATE,
    EffectKind.DECLARE,
)
_SAYS = {
    Trigger.DATE: "a fixed date or hour",
    Trigger.COUNT: "a number of calls",
    Trigger.WORD: "a fixed secret word",
    Trigger.CHANCE: "a small chance",
}


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(HIDDEN_TRIGGER)
    conditions = Shown(facts, lambda around: guards(facts, around))
    for reached in entries(facts):
        grave = [one for one in reached.effects if one.kind in _GRAVE and _fixed(one)]
        if reached.entry.kind is EntryKind.IMPORT:
            grave = [one for one in grave if one.kind is not EffectKind.DECLARE]
        if not grave:
            continue
        names = frozenset(one.name for one in reached.entry.parameters or ())
        files: dict[str, Triggers] = {}
        places = _places(grave)
        for around, guard in conditions.by(reached):
            effect = _behind(places.get(around.file, ()), guard)
            if effect is None:
                continue
            triggers = files.setdefault(around.file, Triggers(facts, around.file, names))
            kind, shows = triggers.of(guard, around)
            if kind is None or not _told_of(kind, reached, shows):
                continue
            place = Place(around.file, guard.line)
            if told.new(place):
                yield told.at(
                    reached.entry,
                    place,
                    f"Line {effect.place.line} of {effect.place.file} waits for {_SAYS[kind]}.",
                    shows=shows,
                    mark=f"{around.name} {kind.value}",
                )


def _fixed(effect: Effect) -> bool:
    """Whether what is done is decided by the code and not by the caller."""
    if effect.kind is EffectKind.DELETE_FILE:
        return "recursive" in effect.tags
    if effect.kind in (EffectKind.MUTATE, EffectKind.DECLARE):
        return True
    return not any(
        True
        for value in effect.operands.values()
        for _ in value.deep_sources(SourceKind.MODEL, SourceKind.REQUEST)
    )


def _places(grave: list[Effect]) -> dict[str, list[tuple[int, Effect]]]:
    """By file the lines of grave effects, and those of calls that lead to one."""
    found: dict[str, list[tuple[int, Effect]]] = {}
    for one in grave:
        for place in (one.place, *(step.place for step in one.chain)):
            found.setdefault(place.file, []).append((place.line, one))
    return found


def _behind(grave: Iterable[tuple[int, Effect]], guard: Guard) -> Effect | None:
    """The first grave effect with a line in the guard's branch."""
    return next((one for line, one in grave if guard.first <= line <= guard.last), None)


def _told_of(kind: Trigger, reached: Reached, shows: str) -> bool:
    """A word counts only if the tool's own words do not give it to the caller."""
    if kind is not Trigger.WORD:
        return True
    entry = reached.entry
    if entry.kind is not EntryKind.TOOL:
        return False
    schemas = " ".join(str(one.schema) for one in entry.parameters or ())
    return shows not in f"{entry.description} {schemas}"


CHECK: Check[Facts] = Check((HIDDEN_TRIGGER,), look)
