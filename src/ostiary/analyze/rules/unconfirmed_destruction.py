"""A tool destroys what a caller names, and nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.flows import Arrival, told
from ostiary.detect.linear import compiled
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

UNCONFIRMED_DESTRUCTION = Rule(
    id="unconfirmed-destruction",
    title="Tool deletes for good without being confirmed",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Looks for tools that delete files or folders, drop tables or stop processes of a caller's "
        "choosing. A tool that asks (elicitation, a parameter to confirm), one that says it "
        "destroys (destructiveHint) and one that moves to the trash are left alone. Severity is "
        "medium where whole folders or tables go."
    ),
    attack=(
        "One mistaken or planted call deletes what cannot be brought back; the client did not ask, "
        "since nothing told it to."
    ),
    remedy=(
        "State destructiveHint, ask through elicitation before the deed, or have the caller repeat "
        "the name. Until then let the client ask before each call of the tool."
    ),
    references=("CWE-862", "SAFE-T2101", "AML.T0101", "ASI02:2026"),
)

_CONFIRMS: Final = (
    r"(?i)^(?:confirm\w*|i_?am_?sure|are_?you_?sure|acknowledge\w*|force|yes|approved?|"
    r"dry_?run|preview|user_?confirmation)$"
)
_DROPS: Final = r"(?i)^\s*(?:drop|truncate)\s|^\s*delete\s+from\s+\x00?[^\x00]*$"
_ASKS: Final = ("elicit", "asks a person")
_KINDS: Final = (SourceKind.MODEL,)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a tool and place where something goes."""
    for reached in facts.reached:
        if reached.entry.kind is not EntryKind.TOOL or _is_confirmed(reached):
            continue
        seen = set()
        for effect in reached.effects:
            for one in _gone(reached, effect):
                if effect.place not in seen:
                    seen.add(effect.place)
                    much = "recursive" in effect.tags or effect.kind is EffectKind.SQL
                    severity = Severity.MEDIUM if much else None
                    says = "names what is deleted, and nobody is asked"
                    yield told(UNCONFIRMED_DESTRUCTION, one, says, severity=severity)


def _is_confirmed(reached: Reached) -> bool:
    entry = reached.entry
    if entry.annotations.get("destructiveHint") is True:
        return True
    asked = any(compiled(_CONFIRMS).search(one.name) for one in entry.parameters or ())
    return asked or any(
        "elicit" in effect.callee.lower() or any(tag in _ASKS for tag in effect.tags)
        for effect in reached.effects
    )


def _gone(reached: Reached, effect: Effect) -> Iterator[Arrival]:
    role = ""
    if effect.kind is EffectKind.DELETE_FILE and "trash" not in effect.callee.lower():
        role = "path"
    elif effect.kind is EffectKind.EXIT and "process" in effect.tags:
        role = "process"
    elif effect.kind is EffectKind.SQL:
        query = effect.operand("query")
        dropping = query is not None and compiled(_DROPS).search(query.pieces) is not None
        role = "query" if dropping else ""
    value = effect.operand(role) if role else None
    if value is not None:
        for source, flow in value.deep_sources(*_KINDS):
            yield Arrival(reached.entry, effect, role, source, flow)


CHECK: Check[Facts] = Check((UNCONFIRMED_DESTRUCTION,), look)
