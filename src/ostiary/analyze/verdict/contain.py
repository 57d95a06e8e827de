"""Whether a grave finding can be lived with, under which condition, for which reader."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ostiary.analyze.verdict.flaw import Flaw, flaw_of, is_threat
from ostiary.analyze.verdict.limits import is_named, note_for, tools_of
from ostiary.model.audit import Context, Profile, ToolReach, Weighed
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity


class Answer(StrEnum):
    """What to make of one finding."""

    BEAR = "bear"
    """Too light, or too unsure, to set a condition."""
    HOLD = "hold"
    """Held in check from outside the server."""
    SWITCH_OFF = "switch off"
    """Its tools are left out."""
    REFUSE = "refuse"
    """Nothing holds it in check."""


@dataclass(frozen=True, slots=True)
class Appetite:
    """How much a kind of reader puts up with."""

    grave: Severity
    """From here on a finding sets a condition."""
    never: Severity | None
    """From here on a sure finding is not merely held in check: its tools go, or the server."""


APPETITES = {
    Profile.OPEN: Appetite(Severity.HIGH, None),
    Profile.COMPANY: Appetite(Severity.HIGH, Severity.CRITICAL),
    Profile.BANK: Appetite(Severity.MEDIUM, Severity.HIGH),
    Profile.GOVERNMENT: Appetite(Severity.MEDIUM, Severity.HIGH),
}
_HELD_FOR_ALL = frozenset({Flaw.EXPOSED, Flaw.ORIGIN, Flaw.EXHAUSTION, Flaw.INSTALL, Flaw.SUPPLY})
"""What the gateway takes away whole: behind it the server listens to nobody, is bounded, and
changes only when somebody approves it. Code that it fetches while it runs is not among these: it
is not what was approved."""
_SOON_HELD = frozenset({Flaw.EXPOSED, Flaw.ORIGIN})
"""What sets a condition from medium on, whoever reads: strangers on the network or on a web page
call its tools, and starting it another way is all that it takes."""
_OURS = frozenset({Flaw.POWER, Flaw.AUTHORITY})
"""What a server is for rather than what is wrong with it: a person's yes to each call holds it."""


def answer(one: Weighed, tools: tuple[ToolReach, ...], context: Context) -> Answer:
    """What to make of one weighed finding."""
    finding, appetite = one.finding, APPETITES[context.profile]
    if is_threat(finding):
        return Answer.REFUSE
    if not _sets_condition(finding, appetite):
        return Answer.BEAR
    flaw = flaw_of(finding)
    if flaw in _HELD_FOR_ALL:
        return Answer.HOLD
    strict = (
        appetite.never is not None
        and finding.severity >= appetite.never
        and finding.confidence >= Confidence.MEDIUM
    )
    if not strict and (note_for(finding) or flaw in _OURS):
        return Answer.HOLD
    about = tools_of(finding, tools)
    if tools_of(finding, filter(is_named, tools)):
        return Answer.SWITCH_OFF
    # What cannot be named cannot be left out either, and says nothing of the others.
    return Answer.REFUSE if finding.severity >= Severity.HIGH and not about else Answer.HOLD


def _sets_condition(finding: Finding, appetite: Appetite) -> bool:
    """Whether it is grave and sure enough, and not a matter of hygiene."""
    soon = flaw_of(finding) in _SOON_HELD
    grave = min(appetite.grave, Severity.MEDIUM) if soon else appetite.grave
    if finding.persona is not Persona.DEFAULT or finding.severity < grave:
        return False
    return finding.confidence >= Confidence.MEDIUM
