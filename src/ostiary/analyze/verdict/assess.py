"""Everything after the findings in one step: powers, countries, weight, verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ostiary.analyze.verdict.abroad import DESTINATION_COUNTRY, abroad
from ostiary.analyze.verdict.administers import ADMINISTERS_SYSTEMS, administers
from ostiary.analyze.verdict.coverage import Coverage
from ostiary.analyze.verdict.decide import Case, decide
from ostiary.analyze.verdict.goals.judge import GOAL_MISSED, judge_goals
from ostiary.analyze.verdict.goals.seen import Subject
from ostiary.analyze.verdict.power import TRANSITIVE_POWER, powers
from ostiary.analyze.verdict.weigh import weigh
from ostiary.flow.kinds import UNKNOWN
from ostiary.model.access import ServerAccess
from ostiary.model.audit import Context, Proof, ToolReach, Verdict, Weighed
from ostiary.model.finding import Finding
from ostiary.model.goal import Judged
from ostiary.model.outcome import NotChecked
from ostiary.model.rule import Rule

RULES: tuple[Rule, ...] = (
    TRANSITIVE_POWER,
    ADMINISTERS_SYSTEMS,
    DESTINATION_COUNTRY,
    GOAL_MISSED,
)
"""What this room itself finds."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an audit's findings come to."""

    weighed: tuple[Weighed, ...]
    not_checked: tuple[NotChecked, ...]
    """What was handed in, and the countries and goals that could not be told."""
    verdict: Verdict
    goals: tuple[Judged, ...] = ()
    """How it stands to each goal of the reader's."""


def assess(
    findings: tuple[Finding, ...],
    not_checked: tuple[NotChecked, ...],
    tools: tuple[ToolReach, ...],
    context: Context,
    coverage: Coverage,
    *,
    proofs: tuple[Proof, ...] = (),
    kind: str = UNKNOWN,
    licence: str = "",
    folders: tuple[str, ...] = (),
    neighbours: tuple[ServerAccess, ...] = (),
    standing: Callable[[tuple[Finding, ...]], tuple[Finding, ...]] = tuple,
) -> Assessment:
    """Weigh ``findings`` and what follows from the reach of ``tools``, and decide. ``standing``
    keeps those of all findings that nobody accepted. Goals look at all of them: what misses a goal
    is accepted by itself."""
    outside, unknown = abroad(tools, context)
    found = (*findings, *powers(tools, neighbours), *administers(tools), *outside)
    gaps = (*not_checked, *unknown)
    subject = Subject(found, gaps, tools, coverage, proofs, kind, licence)
    goals = judge_goals(context.goals, subject)
    every = standing((*found, *goals.findings))
    gaps = (*gaps, *goals.not_checked)
    weighed = weigh(every, tools, context)
    case = Case(weighed, gaps, tools, context, coverage, proofs, folders)
    return Assessment(weighed, gaps, decide(case), goals.judged)
