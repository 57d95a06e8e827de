"""Each goal held against a server: missed with the place, met, or not known and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ostiary.analyze.verdict.goals.fits import forbidden
from ostiary.analyze.verdict.goals.seen import Seen, Subject, seen, unknown
from ostiary.model.audit import Standing
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.goal import Goal, Judged, Met, Term
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.outcome import NotChecked
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

GOAL_MISSED = Rule(
    id="goal-missed",
    title="A goal of yours is missed",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Where the reader names goals with --goals: looks for everything that a goal forbids among "
        "what the audit found of levels, destinations, credentials, classes of data, licence, "
        "proofs of origin and findings of other rules. The severity is the goal's. What cannot be "
        "told is not checked, unless the goal takes it for missed."
    ),
    attack="What the organisation has decided to keep out comes in with this server.",
    remedy="Leave the tool out, take another server, or change the goal.",
    references=("AISVS-1.0:10.1.2", "CoSAI-MCP-T9"),
)
_TOLD = 8
"""Reasons for one gap that are told; the others are counted."""


@dataclass(frozen=True, slots=True)
class Goals:
    """What came of all goals."""

    judged: tuple[Judged, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()


@dataclass(frozen=True, slots=True)
class _Miss:
    about: str
    """What tells it from the goal's other misses."""
    says: str
    place: Location
    evidence: tuple[Evidence, ...] = ()
    sure: Confidence = Confidence.HIGH


def judge_goals(goals: tuple[Goal, ...], subject: Subject) -> Goals:
    """Every goal, in the order in which they are written."""
    judged: list[Judged] = []
    found: list[Finding] = []
    gaps: list[NotChecked] = []
    for goal in goals:
        misses, doubts = list(_misses(goal, subject)), list(dict.fromkeys(_doubts(goal, subject)))
        if doubts and goal.unknown_misses:
            misses += [_Miss(f"unknown:{one}", one, Location()) for one in doubts]
        if misses:
            judged.append(Judged(goal, Met.MISSED))
            found += [_finding(goal, one) for one in misses]
        elif doubts:
            says = _some(doubts)
            judged.append(Judged(goal, Met.NOT_KNOWN, says))
            gaps.append(_gap(goal, says))
        elif goal.question:
            judged.append(Judged(goal, Met.NOT_KNOWN, "no rule answers its question"))
        else:
            judged.append(Judged(goal, Met.MET))
    once = {one.fingerprint: one for one in found}
    return Goals(tuple(judged), tuple(once.values()), tuple(gaps))


def _misses(goal: Goal, subject: Subject) -> Iterator[_Miss]:
    for term in goal.terms:
        for one in seen(term.topic, subject):
            if forbidden(term, one.name):
                yield _miss(term, one)
    for proof in goal.proofs:
        standing = _standing(proof, subject)
        if standing not in (Standing.VERIFIED, Standing.NOT_CHECKED):
            yield _Miss(f"proof:{proof}", f"{proof}: {standing.value}", Location())
    if goal.complete:
        for gap in subject.not_checked:
            says = f"not checked: {visible(gap.subject, 200)}, {visible(gap.reason, 300)}"
            yield _Miss(f"gap:{gap.subject}", says, Location(file=gap.file))


def _miss(term: Term, one: Seen) -> _Miss:
    about = f"{term.topic.value}:{one.name}:{one.place.part}"
    if term.topic.value in ("rules", "standards"):
        about += f":{one.says}"
    return _Miss(about, one.says, one.place, one.evidence, one.sure)


def _doubts(goal: Goal, subject: Subject) -> Iterator[str]:
    for term in goal.terms:
        yield from unknown(term.topic, subject)
    for proof in goal.proofs:
        if _standing(proof, subject) is Standing.NOT_CHECKED:
            yield f"{proof} was not checked"


def _standing(kind: str, subject: Subject) -> Standing:
    """The best of all checks of one kind; a failure outweighs what was not checked."""
    found = {one.standing for one in subject.proofs if one.kind == kind}
    order = (Standing.FAILED, Standing.VERIFIED, Standing.NOT_CHECKED)
    return next((one for one in order if one in found), Standing.ABSENT)


def _finding(goal: Goal, miss: _Miss) -> Finding:
    place, evidence = miss.place, miss.evidence
    if goal.refuse:
        place = replace(place, part="")
        evidence = tuple(replace(one, location=replace(one.location, part="")) for one in evidence)
    return GOAL_MISSED.finding(
        f"{miss.says}, which misses goal {goal.id}: {visible(goal.title, 200)}",
        place,
        evidence=evidence,
        severity=goal.severity,
        confidence=miss.sure,
        consequence=visible(goal.why, 1_000),
        mark=f"{goal.id}:{miss.about}",
    )


def _gap(goal: Goal, says: str) -> NotChecked:
    return NotChecked(
        subject=f"goal {visible(goal.id, NAME)}",
        reason=says,
        remedy="a person looks at it, or the goal says what to make of what is unknown",
    )


def _some(texts: list[str]) -> str:
    more = f"; and {len(texts) - _TOLD} more" if len(texts) > _TOLD else ""
    return f"{'; '.join(texts[:_TOLD])}{more}"
