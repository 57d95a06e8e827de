"""Two audited versions made by hand, for the tests of their comparison."""

from __future__ import annotations

from dataclasses import replace

from analyze.manifest_files import of
from ostiary.analyze.manifests.read import read_manifests
from ostiary.analyze.versions.analysed import Analysed
from ostiary.model.access import Basis, Capability, Level, ToolAccess
from ostiary.model.audit import (
    AuditResult,
    Context,
    Destination,
    Limits,
    Reason,
    Target,
    TargetKind,
    ToolReach,
    Verdict,
    VerdictKind,
    Weighed,
)
from ostiary.model.finding import Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.outcome import NotChecked

VERDICT = Verdict(
    VerdictKind.USE, (Reason("nothing was found", "x"),), Confidence.HIGH, "all", Limits()
)


def version(
    number: str,
    files: dict[str, object] | None = None,
    *tools: ToolReach,
    findings: tuple[Finding, ...] = (),
    not_checked: tuple[NotChecked, ...] = (),
) -> Analysed:
    target = Target(TargetKind.NPM, "npm:a", "a", number, f"sha256:{number}")
    result = AuditResult(
        target=target,
        context=Context(),
        verdict=VERDICT,
        weighed=tuple(Weighed(one, one.severity) for one in findings),
        not_checked=not_checked,
        kind="unknown",
        tools=tools,
        surface=None,
    )
    project = of(files if files is not None else {"package.json": {"name": "a"}})
    return Analysed(result, read_manifests(project), project)


def with_target(one: Analysed, **fields: object) -> Analysed:
    target = replace(one.result.target, **fields)  # type: ignore[arg-type]
    return replace(one, result=replace(one.result, target=target))


def tool(
    name: str,
    *levels: Level,
    to: tuple[Destination, ...] = (),
    credentials: tuple[str, ...] = (),
    stores: tuple[str, ...] = (),
) -> ToolReach:
    basis = (Basis("source", "its code says so"),)
    found = tuple(Capability(level, (), Confidence.HIGH, basis) for level in levels)
    return ToolReach(ToolAccess(name, found), to, credentials, stores)


def host(name: str, how: str = "fixed", *carries: str) -> Destination:
    return Destination(name, how, carries, Location())


def finding(rule: str, file: str, severity: Severity = Severity.HIGH, *more: str) -> Finding:
    return Finding(
        rule,
        f"Title of {rule}",
        "supply",
        severity,
        Confidence.HIGH,
        Persona.DEFAULT,
        "Says something.",
        Location(file=file, line=3),
        (),
        "",
        "",
        more,
        "",
    )
