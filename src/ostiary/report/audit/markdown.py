"""Audits as Markdown for issues and pull requests; safe where GitHub renders it."""

from __future__ import annotations

from ostiary.analyze.verdict.roles import roles
from ostiary.model.access import Capability
from ostiary.model.audit import AuditResult, ToolReach, Verdict, Weighed
from ostiary.model.counted import counted
from ostiary.model.finding import Evidence
from ostiary.model.grade import Confidence, Severity
from ostiary.report.audit.advised import advice_lines
from ostiary.report.audit.compared import comparison_lines
from ostiary.report.audit.history import history_lines
from ostiary.report.audit.ranking import ranked
from ostiary.report.audit.sheet import (
    Sheet,
    destinations,
    headline,
    looked_at,
    other_facts,
    sentence,
    warning,
)
from ostiary.report.audit.terms import approve_line, limit_lines
from ostiary.report.gaps import together
from ostiary.report.markdown_text import cell, code, prose
from ostiary.report.taxonomy import title

_FULL = 40
"""Findings told in full: forges refuse long comments."""
_REST = 100
_TOOLS = 100


def present(sheet: Sheet) -> str:
    """The whole report."""
    lines: list[str] = []
    if sheet.comparison is not None:
        lines += comparison_lines(sheet.comparison)
    lines += history_lines(sheet.history)
    if len(sheet.results) != 1:
        lines += [f"# Ostiary audit: {sheet.completeness.value}", "", f"**{headline(sheet)}**", ""]
        lines += ["Best first:", ""]
        lines += ["| target | verdict | confidence | worst | why |", "| --- " * 5 + "|"]
        lines += [_row(one, why) for one, why in ranked(sheet.results)]
    for one in sheet.results:
        lines += ["", *audit_lines(one, sheet)] if lines else audit_lines(one, sheet)
    return "\n".join(lines) + "\n"


def _row(result: AuditResult, why: str) -> str:
    worst = result.worst
    return (
        f"| {cell(result.target.label)} | {result.verdict.kind.value} "
        f"| {result.verdict.confidence.word} | {worst.word if worst is not None else 'none'} "
        f"| {prose(why, 300)} |"
    )


def audit_lines(result: AuditResult, sheet: Sheet) -> list[str]:
    """One audit, verdict first."""
    target = code(result.target.label, 120)
    lines = [f"# Ostiary audit of {target}: {result.completeness.value}", ""]
    lines += verdict_lines(result.verdict)
    lines += ["", looked_at(result)]
    lines += ["", f"**{prose(warning(result), 800)}**"] if warning(result) else []
    lines += _limits(result)
    lines += _findings(result.weighed)
    lines += tool_lines(result)
    lines += gap_lines(result)
    lines += advice_lines(result.advice)
    lines += _origin(result)
    lines += _accepted(result, sheet)
    return lines


def verdict_lines(verdict: Verdict) -> list[str]:
    """The verdict with its reasons, what would change them, and how sure it is."""
    lines = [f"**{sentence(verdict.kind)}**", ""]
    lines += [
        f"- {prose(one.says)} *Changes if {prose(one.changes_if)}.*" for one in verdict.reasons
    ]
    said = prose(verdict.confidence_says)
    return [*lines, "", f"**{verdict.confidence.word.capitalize()} confidence.** {said}"]


def _limits(result: AuditResult) -> list[str]:
    said = limit_lines(result.verdict)
    if not said:
        return []
    lines = ["", "## Limits", ""]
    lines += [f"- **{name}:** {prose(text)}" for name, text in said]
    line = approve_line(result)
    return [*lines, f"- **approve:** {code(line, 1000)}"] if line else lines


def _findings(weighed: tuple[Weighed, ...]) -> list[str]:
    if not weighed:
        return []
    full = [one for one in weighed if one.finding.severity >= Severity.MEDIUM][:_FULL]
    lines = ["", f"## Findings: {len(weighed):,}"]
    for one in full:
        lines += ["", *finding_lines(one)]
    rest = weighed[len(full) :]
    if rest:
        lines.append("")
    lines += [
        f"- {one.finding.severity.word}: {prose(one.finding.title, 120)} at "
        f"{code(one.finding.location.words(), 200)}"
        for one in rest[:_REST]
    ]
    if len(rest) > _REST:
        lines.append(f"- and {counted(len(rest) - _REST, 'more finding')}")
    return lines


def finding_lines(one: Weighed) -> list[str]:
    """One finding in full."""
    finding = one.finding
    lines = [
        f"### {finding.severity.word.upper()}: {prose(finding.title, 120)}",
        "",
        f"- **Where:** {code(finding.location.words(), 400)}",
        f"- **What is wrong:** {prose(finding.message)}",
    ]
    if finding.evidence:
        lines += ["- **Path:**", *path_lines(finding.evidence)]
    lines.append(f"- **What it allows:** {prose(finding.consequence)}")
    if one.says:
        lines.append(f"- **Here:** {prose(one.says)}")
    lines += [
        f"- **What to do:** {prose(finding.remedy)}",
        (
            f"- **Rule:** {code(finding.rule)}, {finding.confidence.word} confidence, "
            f"fingerprint {code(finding.fingerprint)}"
        ),
    ]
    if finding.references:
        named = "; ".join(f"{prose(key)} {prose(title(key))}".strip() for key in finding.references)
        lines.append(f"- **Standards:** {named}")
    return lines


def path_lines(steps: tuple[Evidence, ...]) -> list[str]:
    """The way from source to sink, numbered."""
    lines = []
    for number, step in enumerate(steps, 1):
        excerpt = f": {code(step.excerpt, 300)}" if step.excerpt.strip() else ""
        where = code(step.location.words(), 200)
        lines.append(f"  {number}. {prose(step.says, 300)} ({where}){excerpt}")
    return lines


def tool_lines(result: AuditResult) -> list[str]:
    """What each tool can do, as a table."""
    lines = ["", f"## What it can do: {prose(result.kind, 60)}", ""]
    if not result.tools:
        return [*lines, "No tool was found in its code. That is not the same as having none."]
    said = [f"- **{role.name}:** {prose(role.says)}" for role in roles(result.tools)]
    lines += [*said, ""] if said else []
    lines += ["| tool | levels | data goes to | credentials | keeps |", "| --- " * 5 + "|"]
    lines += [_tool(one) for one in result.tools[:_TOOLS]]
    if len(result.tools) > _TOOLS:
        lines += ["", f"And {counted(len(result.tools) - _TOOLS, 'more tool')}."]
    return lines


def _tool(tool: ToolReach) -> str:
    unknown = tool.handler is None and not tool.access.capabilities
    levels = ", ".join(_level(one) for one in tool.access.capabilities)
    return (
        f"| {cell(tool.access.tool)} | {'**unknown**' if unknown else levels or 'no sign of any'} "
        f"| {prose('; '.join(destinations(tool)) or '-')} "
        f"| {cell(', '.join(tool.credentials)) or '-'} "
        f"| {prose('; '.join(tool.stores) or '-')} |"
    )


def _level(one: Capability) -> str:
    return f"{one.level.value}?" if one.confidence is Confidence.LOW else one.level.value


def gap_lines(result: AuditResult) -> list[str]:
    """What was not checked; nothing for nothing."""
    if not result.not_checked:
        return []
    lines = ["", f"## Not checked: {len(result.not_checked):,}", ""]
    for one in together(result.not_checked):
        remedy = f" **To check it:** {prose(one.remedy)}" if one.remedy else ""
        lines.append(f"- {code(one.subject)}: {prose(one.reason)}{remedy}")
    return lines


def _origin(result: AuditResult) -> list[str]:
    target = result.target
    lines = ["", "## Where it comes from", ""]
    named = [("asked for", target.given), ("digest", target.digest), ("source", target.source)]
    named += [("revision", target.revision), *other_facts(result)]
    lines += [f"- **{prose(name, 40)}:** {code(value, 300)}" for name, value in named if value]
    lines += [
        f"- **{one.standing.value}:** {prose(one.kind, 60)}: {prose(one.says, 300)}"
        for one in target.proofs
    ]
    return lines


def _accepted(result: AuditResult, sheet: Sheet) -> list[str]:
    accepted = sheet.accepted(result)
    if not accepted:
        return []
    lines = ["", "## Accepted earlier", ""]
    for one in accepted:
        until = f" Until {prose(one.until)}." if one.until else ""
        place = code(one.finding.location.words(), 300)
        lines.append(f"- {prose(one.finding.title)}: {place}. {prose(one.reason)}{until}")
    return lines
