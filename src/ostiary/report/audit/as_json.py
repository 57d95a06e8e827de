"""Audits as JSON, schema ``ostiary/audit/1`` (docs/json-schema.md)."""

from __future__ import annotations

from math import isfinite

from ostiary import __version__
from ostiary.analyze.verdict.options import approve_options
from ostiary.analyze.verdict.roles import roles
from ostiary.model.audit import (
    AuditResult,
    Context,
    Destination,
    Limits,
    Target,
    ToolReach,
    Verdict,
    Weighed,
)
from ostiary.model.surface import Item, Surface
from ostiary.report.audit.advised import advice_json
from ostiary.report.audit.compared import comparison_json
from ostiary.report.audit.history import history_json
from ostiary.report.audit.ranking import ranked
from ostiary.report.audit.sheet import Sheet, headline, looked_at, verdict_counts
from ostiary.report.headline import tally
from ostiary.report.json_parts import (
    finding_json,
    not_checked_json,
    place_json,
    suppressed_json,
    sure_json,
    tool_access_json,
)
from ostiary.report.json_text import Json, document

SCHEMA = "ostiary/audit/1"


def present(sheet: Sheet) -> str:
    """The whole report. Keys keep their order; no value of a secret has a key."""
    whole: dict[str, Json] = {
        "schema": SCHEMA,
        "tool": {"name": "ostiary", "version": __version__},
    }
    if sheet.view.generated:
        whole["generated"] = sheet.view.generated
    whole |= {
        "headline": headline(sheet),
        "completeness": sheet.completeness.value,
        "counts": _counts(sheet),
        "audits": [_audit(one, sheet) for one in sheet.results],
    }
    if len(sheet.results) > 1:
        whole["ranking"] = [
            {"target": one.target.given, "why": why} for one, why in ranked(sheet.results)
        ]
    if sheet.comparison is not None:
        whole["comparison"] = comparison_json(sheet.comparison)
    if sheet.history:
        whole["history"] = history_json(sheet.history)
    return document(whole, 6)


def _counts(sheet: Sheet) -> Json:
    every = [finding for one in sheet.results for finding in one.findings]
    return {
        "targets": len(sheet.results),
        "verdicts": {kind.value: number for kind, number in verdict_counts(sheet.results)},
        "findings": {severity.word: number for severity, number in tally(every)},
        "not_checked": sum(len(one.not_checked) for one in sheet.results),
        "tools": sum(len(one.tools) for one in sheet.results),
    }


def _audit(result: AuditResult, sheet: Sheet) -> Json:
    return {
        "target": _target(result.target),
        "completeness": result.completeness.value,
        "looked_at": looked_at(result),
        "context": _context(result.context),
        "verdict": _verdict(result.verdict),
        "counts": {severity.word: number for severity, number in tally(result.findings)},
        "findings": [_weighed(one) for one in result.weighed],
        "not_checked": [not_checked_json(one) for one in result.not_checked],
        "suppressed": [suppressed_json(one) for one in sheet.accepted(result)],
        "kind": result.kind,
        "roles": [{"name": one.name, "says": one.says} for one in roles(result.tools)],
        "tools": [_tool(one) for one in result.tools],
        "surface": _surface(result.surface),
        "advice": advice_json(result.advice),
        "facts": [{"name": name, "value": value} for name, value in result.facts],
    }


def _target(target: Target) -> Json:
    return {
        "kind": target.kind.value,
        "given": target.given,
        "name": target.name,
        "version": target.version,
        "digest": target.digest,
        "source": target.source,
        "revision": target.revision,
        "proofs": [
            {"kind": one.kind, "standing": one.standing.value, "says": one.says}
            for one in target.proofs
        ],
        "files": target.files,
        "lines": target.lines,
        "languages": target.languages,
    }


def _context(context: Context) -> Json:
    return {
        "deployment": context.deployment.value,
        "profile": context.profile.value,
        "countries": context.countries,
        "concern": context.concern,
    }


def _verdict(verdict: Verdict) -> Json:
    return {
        "answer": verdict.kind.value,
        "reasons": [
            {"says": one.says, "changes_if": one.changes_if, "findings": one.findings}
            for one in verdict.reasons
        ],
        "confidence": verdict.confidence.word,
        "confidence_says": verdict.confidence_says,
        "limits": _limits(verdict.limits),
    }


def _limits(limits: Limits) -> Json:
    return {
        "read_only": limits.read_only,
        "tools_off": limits.tools_off,
        "hosts": limits.hosts,
        "hosts_known": limits.hosts_known,
        "network": limits.network,
        "paths": limits.paths,
        "notes": limits.notes,
        "approve": approve_options(limits),
    }


def _weighed(one: Weighed) -> Json:
    return {**finding_json(one.finding), "general_severity": one.general.word, "weighed": one.says}


def _tool(tool: ToolReach) -> Json:
    return {
        **tool_access_json(tool.access),
        "places_files": sure_json(tool.access.places_files),
        "destinations": [_destination(one) for one in tool.destinations],
        "credentials": tool.credentials,
        "stores": tool.stores,
        "declared": place_json(tool.place),
        "handler": None if tool.handler is None else place_json(tool.handler),
    }


def _destination(one: Destination) -> Json:
    return {
        "host": one.host,
        "how": one.how,
        "carries": one.carries,
        "location": place_json(one.place),
    }


def _surface(surface: Surface | None) -> Json:
    if surface is None:
        return None
    return {
        "tools": [_item(one) for one in surface.tools],
        "prompts": [_item(one) for one in surface.prompts],
        "resources": [_item(one) for one in surface.resources],
        "templates": [_item(one) for one in surface.templates],
        "missing": surface.missing,
    }


def _item(item: Item) -> Json:
    return {"name": item.name, "digest": item.digest, "definition": _plain(item.raw)}


def _plain(value: object) -> Json:
    """A definition as JSON. Deeper than any schema needs, it is cut."""
    return _within(value, 60)


def _within(value: object, depth: int) -> Json:
    if isinstance(value, dict):
        if not depth:
            return "…"
        return {str(key): _within(item, depth - 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return "…" if not depth else [_within(item, depth - 1) for item in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if isinstance(value, (bool, int, str)) else None
