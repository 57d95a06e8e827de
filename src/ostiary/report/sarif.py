"""The scan as SARIF 2.1.0 (OASIS, errata 01), for code-scanning tools."""

from __future__ import annotations

from ostiary import __version__
from ostiary.model.outcome import Completeness
from ostiary.model.rule import Rule
from ostiary.model.scan import ScanResult
from ostiary.report.file_uri import file_uri
from ostiary.report.headline import headline
from ostiary.report.json_text import Json, document
from ostiary.report.places import Anchors
from ostiary.report.sarif_results import SCHEMA, Writer, notification
from ostiary.report.sarif_rules import component_index, driver_rule, taxonomies
from ostiary.report.view import View


def present(result: ScanResult, view: View) -> str:
    """See :func:`render`."""
    return render(result, view.rules)


def render(result: ScanResult, rules: tuple[Rule, ...]) -> str:
    """One run. Rules that a finding names and ``rules`` lacks appear without a description."""
    known = tuple(sorted(rules, key=lambda rule: rule.id))
    index = {rule.id: number for number, rule in enumerate(known)}
    named = [key for rule in known for key in rule.references]
    parts = component_index(named)
    projects = result.scope.projects
    project = projects[0].rstrip("/\\") if len(projects) == 1 else None
    writer = Writer(index, Anchors(result).place, project)
    results: list[Json] = [writer.result(one) for one in result.findings]
    results += [writer.accepted(one) for one in result.suppressed]
    run: dict[str, Json] = {
        "tool": {
            "driver": {
                "name": "Ostiary",
                "semanticVersion": __version__,
                "rules": [driver_rule(rule, parts) for rule in known],
                "supportedTaxonomies": [
                    {"name": name, "index": number} for name, number in parts.items()
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(result)],
    }
    if writer.project is not None:
        run["originalUriBaseIds"] = {"%SRCROOT%": {"uri": file_uri(writer.project) + "/"}}
    run |= {
        "taxonomies": taxonomies(named),
        "results": results,
        "properties": {"headline": headline(result).text},
    }
    return document({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, 6)


def _invocation(result: ScanResult) -> Json:
    return {
        "executionSuccessful": result.completeness is Completeness.COMPLETE,
        "toolExecutionNotifications": [notification(one) for one in result.not_checked],
        "properties": {"completeness": result.completeness.value},
    }
