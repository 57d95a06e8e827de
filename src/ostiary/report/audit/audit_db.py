"""One audit as a folder for the audit database of the Cloud Security Alliance's MCP project."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from ostiary import __version__
from ostiary.analyze.verdict.flaw import Flaw, flaw_of
from ostiary.analyze.verdict.weigh import circumstances
from ostiary.model.access import DataClass
from ostiary.model.audit import AuditResult, VerdictKind, Weighed
from ostiary.model.grade import Severity
from ostiary.model.visible import visible
from ostiary.report.audit import as_json
from ostiary.report.audit.audit_db_check import anchored, is_commit
from ostiary.report.audit.audit_db_pages import assessment, finding_page
from ostiary.report.audit.injection import labelled, ordering_paths, without_markers
from ostiary.report.audit.markdown import (
    audit_lines,
)
from ostiary.report.audit.sheet import CannotReport, Sheet
from ostiary.report.headline import tally
from ostiary.report.json_text import Json

_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
_DATA = (
    (DataClass.CREDENTIALS, "high"),
    (DataClass.HEALTH, "high"),
    (DataClass.FINANCIAL, "high"),
    (DataClass.PERSONAL, "high"),
    (DataClass.PUBLIC, "low"),
)
_RISKS = {
    VerdictKind.USE: ("low", "acceptable_as_is"),
    VerdictKind.USE_WITH_LIMITS: ("medium", "acceptable_with_recommendations"),
    VerdictKind.DO_NOT_USE: ("high", "not_recommended"),
    VerdictKind.NOT_ENOUGH: ("unknown", "not_assessed"),
}


@dataclass(frozen=True, slots=True)
class Auditor:
    """Who answers for the audit, and when."""

    github: str
    """Account name; it is part of the folder's name."""
    day: date
    name: str = ""
    organization: str = "Independent"
    contact: str = ""
    sequence: int = 1
    """The how-manieth audit of that day."""


def audit_folder(result: AuditResult, auditor: Auditor) -> dict[str, str]:
    """Every file by its path, sorted. Raises :class:`CannotReport` where the database would
    refuse it: no public repository, no commit and no release tag, or a name that is no name."""
    home = _home(result)
    _check_anchor(result)
    if not _PART.fullmatch(auditor.github) or auditor.sequence < 1:
        raise CannotReport(
            f"{visible(auditor.github, 80)!r} with sequence {auditor.sequence} names no auditor; "
            "give a GitHub account name and a number from 1"
        )
    audit_id = f"{auditor.github}-{auditor.day.isoformat()}-{auditor.sequence:03}"
    inside = f"{home}/audits/{audit_id}"
    names = _names(result.weighed)
    found = {
        f"{home}/metadata.json": _json(_metadata(result, auditor)),
        f"{inside}/audit-manifest.json": _json(_manifest(result, auditor, audit_id, names)),
        f"{inside}/security-assessment.md": _markdown(assessment(result, names)),
        f"{inside}/raw-notes.md": _markdown(audit_lines(result, Sheet((result,)))),
        f"{inside}/artifacts/ostiary-audit.json": _json(
            {"report": json.loads(as_json.present(Sheet((result,))))}
        ),
    }
    for name, one in zip(names, result.weighed, strict=True):
        found[f"{inside}/findings/{name}.md"] = _markdown(
            finding_page(name, one, auditor.day.isoformat())
        )
    return dict(sorted(found.items()))


def _home(result: AuditResult) -> str:
    """``audits/[domain]/[org]/[repo]``."""
    address = result.target.source
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    path = [one for one in parts.path.removesuffix(".git").split("/") if one]
    host = parts.hostname or ""
    names = [host, *path[:2]]
    if parts.scheme != "https" or len(path) < 2 or not all(map(_PART.fullmatch, names)):
        raise CannotReport(
            f"{visible(result.target.label, 120)}: {visible(address, 200) or 'no address'} is no "
            "public repository (https://host/owner/name); the audit database takes open source "
            "only, so audit the repository itself"
        )
    return f"audits/{host}/{path[0]}/{path[1]}"


def _check_anchor(result: AuditResult) -> None:
    target = result.target
    if not anchored(target.revision, target.version):
        raise CannotReport(
            f"{visible(target.label, 120)} is anchored to no commit and no release tag; audit a "
            "commit (git+https://host/owner/name@COMMIT)"
        )


def _names(weighed: tuple[Weighed, ...]) -> tuple[str, ...]:
    """``high-001-path-escape``: a number for each within its severity."""
    counts: dict[str, int] = {}
    found = []
    for one in weighed:
        word = one.finding.severity.word
        counts[word] = counts.get(word, 0) + 1
        rule = re.sub(r"[^a-z0-9]+", "-", one.finding.rule.lower()).strip("-") or "finding"
        found.append(f"{word}-{counts[word]:03}-{rule}")
    return tuple(found)


def _stamp(auditor: Auditor) -> str:
    return f"{auditor.day.isoformat()}T00:00:00Z"


def _counts(result: AuditResult) -> dict[str, int]:
    return {severity.word: number for severity, number in tally(result.findings)}


def _manifest(
    result: AuditResult, auditor: Auditor, audit_id: str, names: tuple[str, ...]
) -> dict[str, Json]:
    target, counts = result.target, _counts(result)
    commit = target.revision if is_commit(target.revision) else ""

    def of(word: str) -> list[Json]:
        return [name for name in names if name.startswith(f"{word}-")]

    return {
        "audit_id": audit_id,
        "auditor": _auditor(auditor) | {"contact": visible(auditor.contact, 200)},
        "target": {
            "repo_url": _line(target.source),
            "commit_hash": commit,
            "version": _line(target.version) if anchored("", target.version) else commit,
            "audit_scope": ["security", "data_flow", "input_validation", "supply_chain"],
            "audit_depth": "comprehensive" if not result.not_checked else "partial",
            "artifact": _line(target.given),
            "artifact_digest": _line(target.digest),
        },
        "audit_metadata": {
            "start_date": _stamp(auditor),
            "completion_date": _stamp(auditor),
            "status": "completed" if not result.not_checked else "incomplete",
            "audit_type": "automated_static_analysis",
            "time_spent_hours": 0,
            "methodology": f"Ostiary {__version__}: interprocedural data flow; nothing was run",
        },
        "findings_summary": {
            **{severity.word: counts[severity.word] for severity in sorted(Severity, reverse=True)},
            "total_issues": len(result.weighed),
        },
        "findings_details": {
            "critical_severity": of("critical"),
            "high_severity": of("high"),
            "medium_severity": of("medium"),
            "low_severity": of("low"),
            "info_positive": of("info"),
        },
        "tools_used": [f"ostiary {__version__}"],
        "compliance_checks": _compliance(),
        "server_classification": {
            "primary_type": _line(result.kind.lower().replace(" ", "_")),
            "secondary_type": "",
            "data_sensitivity": _sensitivity(result),
            "network_exposure": _network(result),
        },
        "audit_quality": {
            "confidence_level": result.verdict.confidence.word,
            "documentation_completeness": result.completeness.value.lower(),
            "methodology_rigor": "automated",
            "reproducibility": "full",
        },
        "references": {
            "related_audits": [],
            "external_reports": [],
            "vulnerability_references": [],
            "documentation_reviewed": [],
        },
    }


def _auditor(auditor: Auditor) -> dict[str, Json]:
    return {
        "name": visible(auditor.name or auditor.github, 120),
        "github": auditor.github,
        "organization": visible(auditor.organization, 120),
    }


def _compliance() -> dict[str, Json]:
    """Not assessed: a static audit answers none of these frameworks whole."""
    return {
        "mcp_security_baseline": "not_assessed",
        "owasp_top_10": "not_assessed",
        "supply_chain_security": "not_assessed",
    }


def _metadata(result: AuditResult, auditor: Auditor) -> dict[str, Json]:
    counts = _counts(result)
    risk, advice = _RISKS[result.verdict.kind]
    facts = dict(result.facts)
    owner, name = _home(result).split("/")[-2:]
    return {
        "repository": {
            "url": _line(result.target.source),
            "name": name,
            "owner": owner,
            "description": _line(facts.get("description", "")),
            "primary_language": _line(next(iter(result.target.languages), "")),
            "license": _line(facts.get("licence", "")),
        },
        "mcp_classification": {
            "server_type": _line(result.kind.lower().replace(" ", "_")),
            "secondary_type": "",
            "data_sensitivity": _sensitivity(result),
            "network_requirements": _network(result),
            "authentication_required": any(one.credentials for one in result.tools),
        },
        "audit_history": {
            "total_audits": auditor.sequence,
            "last_audit_date": auditor.day.isoformat(),
            "auditors": [_auditor(auditor)],
        },
        "security_summary": {
            "current_status": result.verdict.kind.value.replace(" ", "_"),
            "last_assessment": auditor.day.isoformat(),
            "overall_risk": risk,
            "production_ready": result.verdict.kind is VerdictKind.USE,
            "hardening_required": result.verdict.kind is not VerdictKind.USE,
            **{f"{word}_issues": counts[word] for word in ("critical", "high", "medium", "low")},
            "positive_findings": 0,
        },
        "deployment_recommendations": {
            "development": advice,
            "staging": advice,
            "production": advice,
            "enterprise": advice,
            "assessed_for": circumstances(result.context),
        },
        "key_security_considerations": [_line(one.says) for one in result.verdict.reasons],
        "compliance_status": _compliance(),
        "community_notes": {
            "maintainer_responsiveness": "not_assessed",
            "security_contact": "not_assessed",
            "vulnerability_disclosure": "not_assessed",
            "community_feedback": "not_assessed",
        },
        "references": {
            "official_documentation": "",
            "security_documentation": "",
            "deployment_guides": "",
        },
        "last_updated": _stamp(auditor),
    }


def _sensitivity(result: AuditResult) -> str:
    data = {one for tool in result.tools for one in tool.access.data}
    return next((word for kind, word in _DATA if kind in data), "medium" if data else "unknown")


def _network(result: AuditResult) -> str:
    if any(flaw_of(one) is Flaw.EXPOSED for one in result.findings):
        return "listens_without_authentication"
    if any(one.destinations for one in result.tools):
        return "external_api_dependent"
    known = bool(result.tools) and all(one.handler is not None for one in result.tools)
    return "none_seen" if known else "unknown"


def _line(text: str) -> str:
    return without_markers(visible(text, 500))


def _markdown(lines: list[str]) -> str:
    return "\n".join(labelled([without_markers(line) for line in lines])) + "\n"


def _json(value: dict[str, Json]) -> str:
    """``value`` as JSON, saying so at its top where a text in it orders a model about."""
    places = ordering_paths(value)
    if places:
        label: Json = {
            "contains_prompt_injection_examples": True,
            "example_locations": list(places),
        }
        value = {"_meta": label, **value}
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"
