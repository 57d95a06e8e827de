"""Everything after the findings in one step: powers, countries, weight, verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ostiary.analyze.verdict.abroad import DESTINATION_COUNTRY, abroad
from ostiary.analyze.verdict.administers import ADMINISTERS_SYSTEMS, administers
from ostiary.analyze.verdict.coverage import Coverage
from ostiary.analyze.verdict.decide import Case, decide
from ostiary.analyze.verdict.power import TRANSITIVE_POWER, powers
from ostiary.analyze.verdict.weigh import weigh
from ostiary.model.access import ServerAccess
from ostiary.model.audit import Context, Proof, ToolReach, Verdict, Weighed
from ostiary.model.finding import Finding
from ostiary.model.outcome import NotChecked
from ostiary.model.rule import Rule

RULES: tuple[Rule, ...] = (TRANSITIVE_POWER, ADMINISTERS_SYSTEMS, DESTINATION_COUNTRY)
"""What this room itself finds."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an audit's findings come to."""

    weighed: tuple[Weighed, ...]
    not_checked: tuple[NotChecked, ...]
    """What was handed in, and the countries that could not be told."""
    verdict: Verdict


def assess(
    findings: tuple[Finding, ...],
    not_checked: tuple[NotChecked, ...],
    tools: tuple[ToolReach, ...],
    context: Context,
    coverage: Coverage,
    *,
    proofs: tuple[Proof, ...] = (),
    folders: tuple[str, ...] = (),
    neighbours: tuple[ServerAccess, ...] = (),
    standing: Callable[[tuple[Finding, ...]], tuple[Finding, ...]] = tuple,
) -> Assessment:
    """Weigh ``findings`` and what follows from the reach of ``tools``, and decide. ``standing``
    keeps those of all findings that nobody accepted."""
    outside, unknown = abroad(tools, context)
    every = standing((*findings, *powers(tools, neighbours), *administers(tools), *outside))
    gaps = (*not_checked, *unknown)
    weighed = weigh(every, tools, context)
    case = Case(weighed, gaps, tools, context, coverage, proofs, folders)
    return Assessment(weighed, gaps, decide(case))
