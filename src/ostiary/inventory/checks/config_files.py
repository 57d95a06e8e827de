"""Configuration files that others can write, that run code, or that mean two things."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import of_file
from ostiary.inventory.redact import masked
from ostiary.inventory.secret_places import place
from ostiary.model.check import Check, Installation
from ostiary.model.client import ConfigFile, ExecutionSink, Scope
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import visible

WRITABLE = Rule(
    id="world-writable-config",
    title="Others can write a client's configuration",
    category=Category.CONFIGURATION,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="The permissions of a configuration file, or of the folder it lies in, let every user of "
    "the machine change or replace it. Folders with the sticky bit are left alone; files that a "
    "group can write are told to strict readers.",
    attack="Any account on the machine, a service's included, adds a server; the client starts it "
    "as the user who owns the file.",
    remedy="Take the right away: `chmod go-w` on the file and its folder, and look at what the "
    "file says now.",
    references=("AML.T0081", "SAFE-T1206", "CWE-732", "CWE-276"),
)

RUNS_CODE = Rule(
    id="config-runs-code",
    title="Loading a configuration runs a program",
    category=Category.CONFIGURATION,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A configuration has a place that the client runs when it loads or expands it: a helper "
    "that prints headers, a command substitution, a file that is itself a script. Nothing was run "
    "to find it. In a file that a project brings it counts as high.",
    attack="Who can change the file runs commands as this user, even if every server in it is "
    "remote and harmless.",
    remedy="Replace it by a variable or by the client's own secret store; if it stays, keep the "
    "program where only you can write it.",
    references=(
        "MCP05:2025",
        "MCP-SBP:local-mcp-server-compromise",
        "AML.T0081",
        "CWE-78",
        "CWE-829",
    ),
)

DUPLICATES = Rule(
    id="duplicate-keys",
    title="A key occurs twice in a configuration",
    category=Category.CONFIGURATION,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="An object in a configuration file has the same key twice. Most programs take the last "
    "one and say nothing; some take the first.",
    attack="A reviewer reads the one and the client runs the other: a harmless entry can stand "
    "above a hostile one of the same name.",
    remedy="Remove the one that is not meant.",
    references=("SAFE-T1004", "CoSAI-MCP-T6", "CWE-694"),
)


def look(installation: Installation) -> Iterator[Finding]:
    seen: set[str] = set()
    for client in installation.clients:
        for one in client.files:
            if one.path in seen:
                continue
            seen.add(one.path)
            yield from _writable(one)
            yield from _duplicates(one)
            for sink in one.executes:
                at = of_file(one, sink.pointer, sink.line)
                yield _sink(f"{one.client}'s configuration", sink, at, one.scope)
    for server in installation.servers:
        for entry in server.entries:
            for sink in entry.executes:
                at = place(entry, sink.pointer, sink.what, sink.line)
                yield _sink(f"The entry of {server.name}", sink, at, entry.scope)


def _writable(one: ConfigFile) -> Iterator[Finding]:
    mode, parent = one.mode, one.parent_mode
    if mode is not None and mode & 0o002:
        yield _open(one, f"Every user can write {one.path}", f"mode {mode:04o}")
    elif parent is not None and parent & 0o002 and not parent & 0o1000:
        says = f"Every user can replace {one.path}, because its folder can be written by all"
        yield _open(one, says, f"folder mode {parent:04o}")
    elif mode is not None and mode & 0o020:
        yield _open(one, f"A whole group can write {one.path}", f"mode {mode:04o}", quiet=True)


def _open(one: ConfigFile, says: str, shown: str, *, quiet: bool = False) -> Finding:
    at = of_file(one)
    return WRITABLE.finding(
        f"{visible(says)} ({shown}).",
        at,
        evidence=[Evidence("its permissions", at, shown)],
        severity=Severity.LOW if quiet else None,
        persona=Persona.STRICT if quiet else None,
        mark="group" if quiet else "others",
    )


def _duplicates(one: ConfigFile) -> Iterator[Finding]:
    for pointer in one.duplicate_keys:
        at = of_file(one, pointer)
        shown = visible(masked(pointer))
        yield DUPLICATES.finding(
            f"{shown} occurs twice in {visible(one.path)}; which one counts depends on the reader.",
            at,
            evidence=[Evidence("the repeated key", at, shown)],
            mark=pointer,
        )


def _sink(whose: str, sink: ExecutionSink, at: Location, scope: Scope) -> Finding:
    shared = scope is Scope.PROJECT
    brought = " in a file that a project brings" if shared else ""
    return RUNS_CODE.finding(
        f"{whose} runs a program when it is loaded ({visible(sink.what)}){brought}.",
        at,
        evidence=[Evidence("what would run, as written", at, visible(masked(sink.command)))],
        severity=Severity.HIGH if shared else None,
        mark=f"{sink.what}:{sink.pointer}",
    )


CHECK = Check((WRITABLE, RUNS_CODE, DUPLICATES), look)
