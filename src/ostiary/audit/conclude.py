"""From what was learned of a target to a verdict in somebody's circumstances."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ostiary.analyze.verdict.assess import assess
from ostiary.audit.order import Reading
from ostiary.model.audit import AuditResult, Context
from ostiary.model.finding import Finding
from ostiary.model.scan import Suppressed

Accepting = Callable[[Iterable[Finding]], tuple[list[Finding], list[Suppressed]]]
"""Parts findings that stand from those that somebody accepted."""


@dataclass(frozen=True, slots=True)
class Concluded:
    """A result, and what was accepted earlier and weighs nothing in it."""

    result: AuditResult
    suppressed: tuple[Suppressed, ...] = ()


def conclude(reading: Reading, context: Context, accepting: Accepting | None = None) -> Concluded:
    """The result on one target for one reader. Pure."""
    suppressed: list[Suppressed] = []

    def standing(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        if accepting is None:
            return findings
        kept, accepted = accepting(findings)
        suppressed.extend(accepted)
        return tuple(kept)

    found = assess(
        reading.findings,
        reading.not_checked,
        reading.tools,
        context,
        reading.coverage,
        proofs=reading.target.proofs,
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
        facts=reading.facts,
    )
    return Concluded(result, tuple(suppressed))
