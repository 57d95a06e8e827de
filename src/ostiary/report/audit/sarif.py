"""Audits as SARIF 2.1.0: one run a target, each data flow as a code flow."""

from __future__ import annotations

from ostiary import __version__
from ostiary.model.audit import AuditResult, Weighed
from ostiary.model.outcome import Completeness
from ostiary.model.rule import Rule
from ostiary.model.visible import visible
from ostiary.report.audit.sheet import Sheet, sentence
from ostiary.report.json_text import Json, document
from ostiary.report.sarif_results import SCHEMA, Writer, notification
from ostiary.report.sarif_rules import component_index, driver_rule, taxonomies


def present(sheet: Sheet) -> str:
    """The whole log. Rules that a finding names and the view lacks have no description."""
    rules = tuple(sorted(sheet.view.rules, key=lambda rule: rule.id))
    runs: list[Json] = [_run(one, sheet, rules) for one in sheet.results]
    return document({"$schema": SCHEMA, "version": "2.1.0", "runs": runs}, 6)


def _run(result: AuditResult, sheet: Sheet, rules: tuple[Rule, ...]) -> Json:
    named = [key for rule in rules for key in rule.references]
    parts = component_index(named)
    writer = Writer({rule.id: number for number, rule in enumerate(rules)})
    results: list[Json] = [_result(writer, one) for one in result.weighed]
    results += [writer.accepted(one) for one in sheet.accepted(result)]
    run: dict[str, Json] = {
        "tool": {
            "driver": {
                "name": "Ostiary",
                "semanticVersion": __version__,
                "rules": [driver_rule(rule, parts) for rule in rules],
                "supportedTaxonomies": [
                    {"name": name, "index": number} for name, number in parts.items()
                ],
            }
        },
        "automationDetails": {"id": f"ostiary/audit/{visible(result.target.name, 200)}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(result)],
    }
    origin = _origin(result)
    if origin:
        run["versionControlProvenance"] = [origin]
    run |= {
        "taxonomies": taxonomies(named),
        "results": results,
        "properties": _properties(result),
    }
    return run


def _result(writer: Writer, one: Weighed) -> Json:
    found = writer.result(one.finding)
    steps = one.finding.evidence
    if steps:
        last = len(steps) - 1
        locations: list[Json] = [
            {
                "executionOrder": number + 1,
                "importance": "essential" if number in (0, last) else "important",
                "kinds": ["danger"] if number == last else ["taint"],
                **writer.step(step),
            }
            for number, step in enumerate(steps)
        ]
        found["codeFlows"] = [
            {
                "message": {"text": "From where the value comes in to where it does harm"},
                "threadFlows": [{"locations": locations}],
            }
        ]
    properties = found["properties"]
    assert isinstance(properties, dict)
    properties["generalSeverity"] = one.general.word
    properties["weighed"] = visible(one.says, 1000)
    return found


def _invocation(result: AuditResult) -> Json:
    return {
        "executionSuccessful": result.completeness is Completeness.COMPLETE,
        "toolExecutionNotifications": [notification(one) for one in result.not_checked],
        "properties": {"completeness": result.completeness.value},
    }


def _origin(result: AuditResult) -> Json:
    source, revision = result.target.source, result.target.revision
    if not (source.startswith("https://") and source.isascii() and source.isprintable()):
        return None
    if " " in source:
        return None
    found: dict[str, Json] = {"repositoryUri": source}
    if revision:
        found["revisionId"] = visible(revision, 200)
    return found


def _properties(result: AuditResult) -> Json:
    verdict = result.verdict
    return {
        "headline": sentence(verdict.kind),
        "verdict": verdict.kind.value,
        "reasons": [visible(one.says, 500) for one in verdict.reasons],
        "confidence": verdict.confidence.word,
        "target": visible(result.target.label, 300),
        "digest": visible(result.target.digest, 200),
        "completeness": result.completeness.value,
    }
