"""From what was learned of a target to a verdict in somebody's circumstances."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ostiary.analyze.verdict.assess import assess
from ostiary.audit.reading import Reading
from ostiary.model.advice import Advice, AdviceKind
from ostiary.model.audit import AuditResult, Context
from ostiary.model.finding import Finding
from ostiary.model.goal import Judged
from ostiary.model.outcome import NotChecked
from ostiary.model.scan import Suppressed
from ostiary.model.visible import NAME, visible

Accepting = Callable[[Iterable[Finding]], tuple[list[Finding], list[Suppressed]]]
"""Parts findings that stand from those that somebody accepted."""


@dataclass(frozen=True, slots=True)
class Concluded:
    """A result, and what was accepted earlier and weighs nothing in it."""

    result: AuditResult
    suppressed: tuple[Suppressed, ...] = ()


def conclude(
    reading: Reading,
    context: Context,
    accepting: Accepting | None = None,
    advice: Advice | None = None,
) -> Concluded:
    """The result on one target for one reader. Pure. Advice can add what a person has to look at
    and takes nothing away."""
    suppressed: list[Suppressed] = []

    def standing(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        if accepting is None:
            return findings
        kept, accepted = accepting(findings)
        suppressed.extend(accepted)
        return tuple(kept)

    found = assess(
        reading.findings,
        (*reading.not_checked, *_asked(advice), *_unasked(context, advice)),
        reading.tools,
        context,
        reading.coverage,
        proofs=reading.target.proofs,
        kind=reading.kind,
        licence=dict(reading.facts).get("licence", ""),
        standing=standing,
    )
    result = AuditResult(
        target=reading.target,
        context=context,
        verdict=found.verdict,
        weighed=found.weighed,
        not_checked=found.not_checked,
        kind=reading.kind,
        tools=reading.tools,
        surface=reading.surface,
        facts=(*reading.facts, *(_told(one) for one in found.goals)),
        advice=advice,
    )
    return Concluded(result, tuple(suppressed))


def _asked(advice: Advice | None) -> Iterator[NotChecked]:
    """Questions that a person has to answer, and advice that was asked for and did not come."""
    if advice is None:
        return
    name = visible(advice.command, NAME)
    if advice.problem:
        reason = f"it {visible(advice.problem, 300)}"
        yield NotChecked(f"advice of {name}", reason, "ask another program, or leave out --ask")
    for one in advice.entries:
        if one.kind is AdviceKind.QUESTION:
            where = f" ({one.file}:{one.line})" if one.file and one.line else ""
            yield NotChecked(
                subject=f"question of {name}",
                reason=f"{visible(one.says, 1_000)}{visible(where, 200)}",
                remedy="a person looks at it",
                file=one.file or None,
            )


def _unasked(context: Context, advice: Advice | None) -> Iterator[NotChecked]:
    """Questions of goals that were put to nobody."""
    if advice is not None:
        return
    for one in context.goals:
        if one.question:
            yield NotChecked(
                subject=f"question of goal {one.id}",
                reason=f"it was put to nobody: {visible(one.question, 1_000)}",
                remedy="a person answers it, or --ask hands it to a program",
            )


def _told(one: Judged) -> tuple[str, str]:
    """How the server stands to a goal, as a fact with a name."""
    why = f" ({one.says})" if one.says else ""
    return f"goal {one.goal.id}", f"{one.met.value}: {visible(one.goal.title, 200)}{why}"
