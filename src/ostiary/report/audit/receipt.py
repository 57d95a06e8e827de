"""Scan receipts bound to the artifact's digest, in the shape that the MCP registry discusses
(pull request 1404 of modelcontextprotocol/registry, not merged). ``completeness`` is ours."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from ostiary import __version__
from ostiary.model.audit import AuditResult, VerdictKind
from ostiary.model.grade import Severity
from ostiary.model.outcome import Completeness
from ostiary.model.rule import Rule
from ostiary.model.visible import visible
from ostiary.report.audit.sheet import CannotReport, Sheet, moment
from ostiary.report.json_text import Json, document

KEY = "io.modelcontextprotocol.registry/security-scan"
FRESH_DAYS = 30
"""How long a receipt holds: rules and advisories move on though the bytes do not."""
_DIGEST = re.compile(r"[a-z0-9]+:[a-f0-9]{32,}")


def present(sheet: Sheet) -> str:
    """One entry a target, with its receipt under ``_meta``, or the reason for there being none.

    Raises :class:`CannotReport` without the time of the audit.
    """
    now = moment(sheet.view.generated, "a scan receipt")
    reference = rule_set_ref(sheet.view.rules)
    entries: list[Json] = []
    for one in sheet.results:
        entry: dict[str, Json] = {
            "name": visible(one.target.name, 200),
            "version": visible(one.target.version, 200),
        }
        try:
            entry["_meta"] = {KEY: [receipt(one, reference, now)]}
        except CannotReport as problem:
            entry["refused"] = str(problem)
        entries.append(entry)
    return document(entries, 5)


def receipt(
    result: AuditResult, reference: str, now: datetime, days: int = FRESH_DAYS
) -> dict[str, Json]:
    """The receipt of one audit. Its verdict knows no context: others read it. Raises
    :class:`CannotReport` for a target without a digest, which nothing could be bound to."""
    digest = result.target.digest
    if not _DIGEST.fullmatch(digest):
        raise CannotReport(
            f"{visible(result.target.label, 120)} has no digest that a receipt could be bound to; "
            "audit the artifact itself"
        )
    verdict, why = _verdict(result)
    found: dict[str, Json] = {
        "scanner": "ostiary",
        "scanner_version": __version__,
        "rule_set_ref": reference,
        "policy_profile": "ostiary/general",
        "scanned_artifact_ref": visible(result.target.given, 300),
        "scanned_artifact_digest": digest,
        "scan_scope": list(_scope(result)),
        "verdict": verdict,
        "scanned_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "freshness_expires_at": f"{now + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}",
        "attestation": "third-party-attested",
        "completeness": result.completeness.value,
    }
    if why:
        found["inconclusive_reason"] = why
    return found


def rule_set_ref(rules: Iterable[Rule]) -> str:
    """A digest over the ids, grades and texts of all rules: another set is another reference."""
    digest = hashlib.sha256()
    for rule in sorted(rules, key=lambda one: one.id):
        grades = (rule.category.value, rule.severity.word, rule.confidence.word, rule.persona.word)
        texts = (rule.title, rule.what, rule.attack, rule.remedy)
        parts = (rule.id, *grades, *texts, *rule.references)
        for part in parts:
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
        digest.update(b"\x00" * 8)
    return f"sha256:{digest.hexdigest()}"


def _verdict(result: AuditResult) -> tuple[str, str]:
    """The verdict and, for an inconclusive one, its reason. Findings outrank gaps, and gaps
    outrank clean."""
    worst = max((one.general for one in result.weighed), default=Severity.INFO)
    if worst >= Severity.HIGH or result.verdict.kind is VerdictKind.DO_NOT_USE:
        return "findings", ""
    if result.verdict.kind is VerdictKind.NOT_ENOUGH and not result.tools:
        return "inconclusive", "unsupported_package_type"
    if any(one.handler is None for one in result.tools):
        return "inconclusive", "scope_excludes_handler_validation"
    unsure = result.completeness is Completeness.INCOMPLETE
    if unsure or result.verdict.kind is VerdictKind.NOT_ENOUGH:
        return "inconclusive", "evidence_unavailable"
    return ("warnings", "") if worst > Severity.INFO else ("clean", "")


def _scope(result: AuditResult) -> Iterable[str]:
    """What was looked at. Behaviour was not, and so is never in it."""
    yield "package"
    if result.target.languages:
        yield "source"
    if result.tools:
        yield "tools"
        if all(one.handler is not None for one in result.tools):
            yield "handlers"
