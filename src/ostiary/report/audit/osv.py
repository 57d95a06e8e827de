"""Grave findings as drafts of OSV records (schema 1.6.0), as the MCP vulnerability database has
them. A draft: a person checks it, tells the authors, and then publishes."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from urllib.parse import quote

from ostiary.analyze.verdict.flaw import Flaw, flaw_of
from ostiary.model.audit import AuditResult, Target, TargetKind, Weighed
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.visible import visible
from ostiary.report.audit.sheet import Sheet, moment
from ostiary.report.json_text import Json, document

SCHEMA_VERSION = "1.6.0"
_ECOSYSTEMS = {TargetKind.NPM: "npm", TargetKind.PYPI: "PyPI"}
_NO_FLAWS = frozenset({Flaw.POWER, Flaw.AUTHORITY, Flaw.COUNTRY, Flaw.GOAL, Flaw.SUPPLY})
"""Capabilities, circumstances, and what others have published already."""
_LONG = 4000


def present(sheet: Sheet) -> str:
    """A list of records. Raises :class:`CannotReport` without the time of the audit."""
    now = moment(sheet.view.generated, "an OSV record")
    return document([one for result in sheet.results for one in records(result, now)], 2)


def files(result: AuditResult, now: datetime) -> dict[str, str]:
    """The records of one audit under the paths the database keeps them at."""
    found: dict[str, str] = {}
    for one in records(result, now):
        path = f"advisories/{now:%Y/%m/%d}/{one['id']}-osv.json"
        found[path] = json.dumps(one, indent=2, ensure_ascii=True) + "\n"
    return found


def records(result: AuditResult, now: datetime) -> tuple[dict[str, Json], ...]:
    """One record for each finding that is grave and sure without any context, and is a flaw."""
    found = [one for one in result.weighed if _publishable(one)]
    return tuple(_record(result.target, one, now) for one in found)


def _publishable(one: Weighed) -> bool:
    finding = one.finding
    return (
        one.general >= Severity.HIGH
        and finding.confidence >= Confidence.MEDIUM
        and finding.persona is Persona.DEFAULT
        and flaw_of(finding) not in _NO_FLAWS
    )


def _record(target: Target, weighed: Weighed, now: datetime) -> dict[str, Json]:
    finding = weighed.finding
    stamp = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    return {
        "schema_version": SCHEMA_VERSION,
        "id": record_id(target, finding, now.year),
        "modified": stamp,
        "published": stamp,
        "summary": visible(f"{finding.title} in {target.label}", 120),
        "details": _text(f"{finding.message.rstrip('.')}. {finding.consequence}"),
        "severity": [],
        "affected": [_affected(target)],
        "references": _references(target),
        "database_specific": {
            "cwe_ids": [key for key in finding.references if key.startswith("CWE-")],
            "severity_assessment": f"{weighed.general.word.capitalize()} - by rule {finding.rule}, "
            f"{finding.confidence.word} confidence; no CVSS vector was made by a person",
            "impact": _text(finding.consequence),
            "mitigations": _text(finding.remedy),
            "mcps_metadata": {
                "discovery_method": "static analysis of the source's data flow (Ostiary); nothing "
                "was run",
                "reproduction_steps": _steps(finding.evidence)
                or _text(f"Look at {finding.location.words()}."),
                "evidence": _text(
                    f"{finding.location.words()}; artifact {target.digest}; fingerprint "
                    f"{finding.fingerprint}"
                ),
                "fix_validation": f"Audit the mended version: no finding with fingerprint "
                f"{finding.fingerprint} is left.",
            },
        },
    }


def record_id(target: Target, finding: Finding, year: int) -> str:
    """The same flaw of the same package gets the same id within a year."""
    key = "\x1f".join((target.kind.value, target.name, finding.fingerprint))
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"OSV-MCPS-{year:04}-{digest[:8].upper()}"


def _affected(target: Target) -> Json:
    ecosystem = _ECOSYSTEMS.get(target.kind)
    if ecosystem is not None:
        purl = f"pkg:{ecosystem.lower()}/{quote(target.name, safe='/', errors='replace')}"
        package: Json = {"ecosystem": ecosystem, "name": _text(target.name), "purl": purl}
        return {"package": package, "versions": [_text(target.version)] if target.version else []}
    events: list[Json] = [{"introduced": "0"}]
    if target.revision:
        events.append({"last_affected": _text(target.revision)})
    return {"ranges": [{"type": "GIT", "repo": _text(target.source), "events": events}]}


def _references(target: Target) -> list[Json]:
    if not target.source.startswith("https://"):
        return []
    return [
        {"type": "PACKAGE", "url": quote(target.source, safe="/:@%-._~?#&=+", errors="replace")}
    ]


def _steps(steps: tuple[Evidence, ...]) -> str:
    return "\n".join(
        f"{number}. {_text(step.says)} ({_text(step.location.words())})"
        for number, step in enumerate(steps, 1)
    )


def _text(text: str) -> str:
    return visible(text, _LONG)
