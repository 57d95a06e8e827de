"""Audits written by hand: everything a report must show, and everything that attacks a report."""

from __future__ import annotations

from dataclasses import replace

from ostiary.analyze.verdict.coverage import Coverage
from ostiary.analyze.verdict.decide import Case, decide
from ostiary.analyze.verdict.weigh import weigh
from ostiary.model.access import Basis, Capability, DataClass, Level, ToolAccess
from ostiary.model.audit import (
    AuditResult,
    Context,
    Deployment,
    Destination,
    Profile,
    Proof,
    Standing,
    Target,
    TargetKind,
    ToolReach,
)
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.outcome import NotChecked
from ostiary.model.rule import Category, Rule
from ostiary.model.scan import Suppressed
from ostiary.model.surface import Surface, Tool
from report.sample import HOSTILE, MARKDOWN, SCRIPT


def rule(name: str, severity: Severity, *references: str, category: Category) -> Rule:
    return Rule(
        id=name,
        title=name.replace("-", " ").capitalize(),
        category=category,
        severity=severity,
        confidence=Confidence.HIGH,
        persona=Persona.DEFAULT,
        what=f"Looks for {name}.",
        attack="Whoever steers the model gains what the server may do.",
        remedy="Check the value before it is used.",
        references=references,
    )


ESCAPE = rule("path-escape", Severity.HIGH, "CWE-22", "MCP05:2025", category=Category.QUALITY)
INJECT = rule("argument-injection", Severity.HIGH, "CWE-88", category=Category.QUALITY)
OPEN = rule("no-authentication", Severity.HIGH, "CWE-306", "CWE-1327", category=Category.TRANSPORT)
HOSTILE_CODE = rule("hidden-recipient", Severity.CRITICAL, "CWE-506", category=Category.POISON)
STOPS = rule("stops-machine", Severity.LOW, "CWE-250", category=Category.REACH)
SLOPPY = rule("unbounded-read", Severity.LOW, "CWE-770", category=Category.QUALITY)
RULES = (ESCAPE, INJECT, OPEN, HOSTILE_CODE, STOPS, SLOPPY)


def at(file: str, line: int, tool: str = "") -> Location:
    return Location(file=file, line=line, column=5, part=f"tool {tool}" if tool else "")


def flow(
    of: Rule, tool: str, message: str, line: int = 40, confidence: Confidence | None = None
) -> Finding:
    """A finding of a data flow in three steps."""
    return of.finding(
        message,
        at("src/server.ts", line, tool),
        evidence=(
            Evidence(f"parameter path of tool {tool}", at("src/server.ts", 12, tool), "path: str"),
            Evidence("is joined into a string", at("src/run.ts", 30), "`git log ${path}`"),
            Evidence("reaches the program", at("src/server.ts", line), "exec(command)"),
        ),
        confidence=confidence,
        mark=f"{tool}:{of.id}",
    )


def can(level: Level, *objects: str, sure: Confidence = Confidence.HIGH) -> Capability:
    return Capability(level, objects, sure, (Basis("source", f"calls something on {objects[0]}"),))


def reach(
    name: str,
    *capabilities: Capability,
    hosts: tuple[str, ...] = (),
    found: bool = True,
    stores: tuple[str, ...] = (),
    places_files: Confidence | None = None,
) -> ToolReach:
    return ToolReach(
        ToolAccess(name, capabilities, (DataClass.FILES,), places_files=places_files),
        tuple(
            Destination(host, "fixed", ("parameter query",), at("src/api.ts", 7)) for host in hosts
        ),
        credentials=("API_KEY",) if hosts else (),
        stores=stores,
        place=at("src/server.ts", 10, name),
        handler=at("src/server.ts", 12, name) if found else None,
    )


READ = reach("read_note", can(Level.READ, "file"))
LOG = reach("git_log", can(Level.EXECUTE, "program"), can(Level.READ, "repository"))
ASK = reach("ask", can(Level.SEND, "web service"), hosts=("api.example.org",))
WELL_READ = Coverage(files=14)
TARGET = Target(
    kind=TargetKind.NPM,
    given="npm:notes-server@1.2.0",
    name="notes-server",
    version="1.2.0",
    digest="sha256:" + "ab" * 32,
    source="https://github.com/example/notes-server",
    revision="c0ffee" + "0" * 34,
    proofs=(
        Proof("index digest", Standing.VERIFIED, "sha512 equals what the index names"),
        Proof("npm attestation", Standing.ABSENT, "none is published"),
    ),
    files=14,
    lines=2310,
    languages=("typescript",),
)


def audited(
    *findings: Finding,
    tools: tuple[ToolReach, ...] = (READ, LOG, ASK),
    context: Context | None = None,
    coverage: Coverage = WELL_READ,
    not_checked: tuple[NotChecked, ...] = (),
    target: Target = TARGET,
) -> AuditResult:
    """A result as the whole chain makes it."""
    context = context or Context()
    weighed = weigh(findings, tools, context)
    case = Case(weighed, not_checked, tools, context, coverage, target.proofs)
    return AuditResult(
        target=target,
        context=context,
        verdict=decide(case),
        weighed=weighed,
        not_checked=not_checked,
        kind="API wrapper",
        tools=tools,
        surface=Surface(
            target.name,
            "f" * 12,
            None,
            tools=tuple(
                Tool("tool", one.access.tool, {"name": one.access.tool}, "1" * 64) for one in tools
            ),
            source="source",
        ),
        facts=(("licence", "MIT"), ("published", "2026-05-04")),
    )


FLAWED = audited(
    flow(INJECT, "git_log", "parameter path of git_log becomes an option of git"),
    flow(ESCAPE, "read_note", "parameter path of read_note leaves the notes folder", 55),
    OPEN.finding("listens on 0.0.0.0:3000 and asks for no credential", at("src/http.ts", 9)),
    SLOPPY.finding("reads a file of any size", at("src/server.ts", 60, "read_note")),
)
CLEAN = audited(
    tools=(READ, ASK), target=replace(TARGET, name="clock", digest="sha256:" + "cd" * 32)
)
BAD = audited(
    flow(HOSTILE_CODE, "ask", f"every mail is copied to a fixed address {HOSTILE}"),
    tools=(reach(f"ask{SCRIPT}", can(Level.SEND, f"mail{MARKDOWN}"), hosts=(f"x{HOSTILE}",)), ASK),
    not_checked=(
        NotChecked(f"lib/core{HOSTILE}.node", f"machine code {SCRIPT}", "audit its source"),
    ),
    context=Context(Deployment.ENTERPRISE, Profile.BANK, ("DE", "FR")),
    target=replace(
        TARGET, name=f"mail{HOSTILE}", given=f"npm:mail{SCRIPT}", digest="sha256:" + "ef" * 32
    ),
)
UNREAD = audited(
    tools=(),
    coverage=Coverage(files=0, unsupported=("Go",), mostly_unsupported=True),
    not_checked=(NotChecked("source", "Go is not followed", "watch it in the box"),),
    target=replace(TARGET, name="gopher", digest="sha256:" + "12" * 32, languages=()),
)
EVERY = (FLAWED, CLEAN, BAD, UNREAD)
ACCEPTED = {
    TARGET.digest: (
        Suppressed(
            OPEN.finding("listens on ::", at("src/old.ts", 1)), f"behind a proxy {HOSTILE}", "2027"
        ),
    )
}
