"""The Markdown files of a folder for the CSA audit database."""

from __future__ import annotations

from ostiary import __version__
from ostiary.analyze.verdict.weigh import circumstances
from ostiary.model.audit import AuditResult, TargetKind, Weighed
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence
from ostiary.report.audit.markdown import gap_lines, path_lines, tool_lines, verdict_lines
from ostiary.report.audit.sheet import looked_at
from ostiary.report.markdown_text import code, prose
from ostiary.report.taxonomy import title

METHOD = (
    f"Ostiary {__version__} read the source, followed data from what a caller, a model or a "
    "remote party controls to where it does harm, and ran nothing of the target. The whole "
    "result is in artifacts/ostiary-audit.json. Severities hold for the circumstances above."
)
"""How the audit was made, for a reader who wants to repeat it."""


def assessment(result: AuditResult, names: tuple[str, ...]) -> list[str]:
    """The main report of an audit."""
    target = result.target
    lines = [
        f"# Security assessment of {code(target.label, 120)}",
        "",
        f"- **Repository:** {code(target.source, 200)}",
        f"- **Commit:** {code(target.revision, 100) or 'none'}{_claimed(target.kind)}",
        f"- **Artifact:** {code(target.given, 200)}, {code(target.digest, 100)}",
        f"- **Assessed for:** use {circumstances(result.context)}",
        f"- **Completeness:** {result.completeness.value}. {looked_at(result)}",
        "",
        "## Verdict",
        "",
        *verdict_lines(result.verdict),
        "",
        "## Findings",
        "",
    ]
    rows = [
        f"- [{name}](findings/{name}.md): {prose(one.finding.message, 300)}"
        for name, one in zip(names, result.weighed, strict=True)
    ]
    lines += rows or ["None in what was looked at."]
    lines += tool_lines(result)
    lines += gap_lines(result)
    return [*lines, "", "## Methodology", "", METHOD]


def _claimed(kind: TargetKind) -> str:
    """A package's commit is what the package says; nothing here rebuilt it from there."""
    return "" if kind in (TargetKind.GIT, TargetKind.FOLDER) else ", as the artifact claims"


def finding_page(name: str, weighed: Weighed, day: str) -> list[str]:
    """One finding after the database\'s template; ``day`` as YYYY-MM-DD."""
    one = weighed.finding
    cwe = [f"{key} ({title(key)})" for key in one.references if key.startswith("CWE-")]
    where = code(one.location.words(), 300)
    lines = [
        f"# Finding: {prose(one.title, 120)}",
        "",
        f"**Finding ID**: {name}  ",
        f"**Severity**: {one.severity.word.capitalize()}  ",
        f"**Category**: {prose(one.category, 60)}  ",
        f"**CWE**: {prose(', '.join(cwe)) or 'none'}  ",
        "**CVSS Score**: not scored; severity is by rule and circumstances  ",
        f"**Confidence**: {one.confidence.word.capitalize()}  ",
        "",
        "## Executive Summary",
        "",
        prose(one.message),
        "",
        "## Technical Description",
        "",
        f"Rule {code(one.rule)}, fingerprint {code(one.fingerprint)}.",
        *([prose(weighed.says)] if weighed.says else []),
        "",
        "## Evidence",
        "",
        f"**Code Location**: {where}",
        "",
        *(path_lines(one.evidence) or ["The place itself is the evidence."]),
        "",
        "## Impact Assessment",
        "",
        prose(one.consequence),
        "",
        "## Affected Components",
        "",
        f"- {where}",
        "",
        "## Reproduction Steps",
        "",
        f"1. Look at {where} in the commit of this audit.",
        "2. Follow the path under Evidence from its first step to its last.",
        "",
        "## Recommendations",
        "",
        "### Immediate Actions",
        "",
        f"- [ ] {prose(one.remedy)}",
        "",
        "## Remediation Validation",
        "",
        f"Audit the mended commit: no finding with fingerprint {code(one.fingerprint)} is left.",
        "",
        "## References",
        "",
    ]
    lines += [f"- {prose(key)} {prose(title(key))}" for key in one.references] or ["- none"]
    return [*lines, "", "## Status Tracking", "", *_status(one, day)]


def _status(finding: Finding, day: str) -> list[str]:
    sure = "" if finding.confidence is Confidence.HIGH else ", to be confirmed by a person"
    return [
        f"- [x] Identified: {day}{sure}",
        f"- [x] Documented: {day}",
        "- [ ] Reported to maintainers:",
        "- [ ] Acknowledged by maintainers:",
        "- [ ] Fix available:",
        "- [ ] Fix verified:",
        "- [ ] Closed:",
    ]
