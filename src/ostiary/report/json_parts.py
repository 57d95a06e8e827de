"""Parts of a JSON report that a scan and an audit share."""

from __future__ import annotations

from ostiary.model.access import Capability, ToolAccess
from ostiary.model.finding import Finding, Location
from ostiary.model.grade import Confidence
from ostiary.model.outcome import NotChecked
from ostiary.model.scan import Suppressed
from ostiary.report.json_text import Json


def place_json(place: Location) -> dict[str, Json]:
    """A place; what does not apply is null or empty."""
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "pointer": place.pointer,
        "client": place.client,
        "server": place.server,
        "part": place.part,
    }


def finding_json(finding: Finding) -> dict[str, Json]:
    """A finding with its whole path of evidence."""
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "title": finding.title,
        "category": finding.category,
        "severity": finding.severity.word,
        "confidence": finding.confidence.word,
        "persona": finding.persona.word,
        "message": finding.message,
        "location": place_json(finding.location),
        "evidence": [
            {"says": step.says, "excerpt": step.excerpt, "location": place_json(step.location)}
            for step in finding.evidence
        ],
        "consequence": finding.consequence,
        "remedy": finding.remedy,
        "references": finding.references,
    }


def not_checked_json(one: NotChecked) -> dict[str, Json]:
    """Something that was not looked at."""
    return {
        "subject": one.subject,
        "reason": one.reason,
        "remedy": one.remedy,
        "server": one.server,
        "file": one.file,
    }


def tool_access_json(tool: ToolAccess) -> dict[str, Json]:
    """What one tool can do, with the evidence."""
    return {
        "tool": tool.tool,
        "capabilities": [_capability(one) for one in tool.capabilities],
        "data": [one.value for one in tool.data],
        "private": sure_json(tool.private),
        "untrusted": sure_json(tool.untrusted),
        "outward": sure_json(tool.outward),
        "claims": tool.claims,
        "contradicted": tool.contradicted,
    }


def _capability(one: Capability) -> Json:
    return {
        "level": one.level.value,
        "objects": one.objects,
        "confidence": one.confidence.word,
        "basis": [{"kind": basis.kind, "says": basis.says} for basis in one.basis],
    }


def sure_json(confidence: Confidence | None) -> str | None:
    """A confidence in words; null for no sign of it."""
    return None if confidence is None else confidence.word


def suppressed_json(one: Suppressed) -> Json:
    """An accepted finding, with the reason."""
    return {"reason": one.reason, "until": one.until, "finding": finding_json(one.finding)}
