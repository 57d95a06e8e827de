"""The weight of each finding in the reader's circumstances, and why it differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ostiary.analyze.verdict.adjustments import ADJUSTMENTS, Adjustment
from ostiary.analyze.verdict.flaw import Flaw, flaw_of
from ostiary.model.access import Level
from ostiary.model.audit import Context, Deployment, Profile, ToolReach, Weighed
from ostiary.model.finding import Finding, order
from ostiary.model.grade import Confidence, Severity

_WHERE = {
    Deployment.LAPTOP: "on a laptop",
    Deployment.SINGLE: "on a machine of its own for one user",
    Deployment.MULTI: "where several users share it",
    Deployment.ENTERPRISE: "inside an organisation",
}
_WHO = {
    Profile.OPEN: "with open rules",
    Profile.COMPANY: "under a company's rules",
    Profile.BANK: "under a bank's rules",
    Profile.GOVERNMENT: "under a government's rules",
}


def weigh(
    findings: Iterable[Finding], tools: tuple[ToolReach, ...], context: Context
) -> tuple[Weighed, ...]:
    """Every finding with the severity that ``context`` gives it, worst first."""
    levels = _levels(tools)
    found = [_weighed(one, levels, context) for one in findings]
    return tuple(sorted(found, key=lambda one: order(one.finding)))


def circumstances(context: Context) -> str:
    """The reader's circumstances in words: ``on a laptop, with open rules``."""
    return f"{_WHERE[context.deployment]}, {_WHO[context.profile]}"


def _levels(tools: tuple[ToolReach, ...]) -> frozenset[Level]:
    """What its tools can do; everything, where the code behind one of them was not found."""
    if not tools or any(one.handler is None for one in tools):
        return frozenset(Level)
    return frozenset(
        one.level
        for tool in tools
        for one in tool.access.capabilities
        if one.confidence > Confidence.LOW
    )


def _weighed(finding: Finding, levels: frozenset[Level], context: Context) -> Weighed:
    general, flaw = finding.severity, flaw_of(finding)
    if flaw is Flaw.GOAL:
        says = f"{general.word} by a goal of the reader's; nothing for readers without it"
        return Weighed(finding, Severity.INFO, says)
    row = _row(flaw, general, levels, context)
    if row is None:
        return Weighed(finding, general)
    severity = min(max(general, row.at_least), row.at_most)
    if finding.confidence is Confidence.LOW:
        # A guess is not made an emergency by circumstances.
        severity = min(severity, max(general, Severity.HIGH))
    if severity == general:
        return Weighed(finding, general)
    says = f"{severity.word} instead of {general.word} {circumstances(context)}: {row.says}"
    return Weighed(replace(finding, severity=severity), general, says)


def _row(
    flaw: Flaw, general: Severity, levels: frozenset[Level], context: Context
) -> Adjustment | None:
    return next(
        (
            row
            for row in ADJUSTMENTS
            if row.flaw is flaw
            and context.deployment in row.deployments
            and context.profile in row.profiles
            and general >= row.general
            and (not row.levels or row.levels & levels)
            and not row.harmless & levels
        ),
        None,
    )
