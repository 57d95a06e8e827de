"""Project files whose servers start code when somebody opens the project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies, listed
from ostiary.inventory.redact import masked
from ostiary.model.check import Check, Installation
from ostiary.model.client import NOT_SET, Permission, Scope, ServerEntry, SpeaksOf, Transport
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import visible

RULE = Rule(
    id="starts-on-open",
    title="Opening a project can start its programs",
    category=Category.CONSENT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what="A configuration file that comes with a project defines servers that run on this machine. "
    "If the client is known to ask for trust in the folder or the server first, only strict "
    "readers are told.",
    attack="Cloning and opening a stranger's project is enough, or one thoughtless click on a "
    "question about trust, to run the project's commands as this user.",
    remedy="Open projects of strangers in a container or another account; read this file first; "
    "switch the client's automatic start of project servers off.",
    references=(
        "MCP-SBP:local-mcp-server-compromise",
        "AISVS-1.0:10.4.7",
        "SAFE-T1006",
        "AML.T0081",
        "CWE-829",
    ),
)

_ASKS = {
    "claude-code": "asks once for each server of the project before it starts it",
    "copilot-cli": "starts them after the folder was trusted",
    "gemini-cli": "starts none of them in an untrusted folder",
    "gemini": "starts none of them in an untrusted folder",
    "codex": "reads the file in trusted projects only",
    "amp": "asks for trust in the workspace before it starts them",
    "vscode": "asks for trust when a server is started for the first time or has changed",
    "visual-studio": "starts them with their tools switched off",
}
"""What the makers' documentation says; a question is as good as the person who answers."""


def look(installation: Installation) -> Iterator[Finding]:
    names = {client.id: client.name for client in installation.clients}
    eager = _eager(installation)
    groups: dict[tuple[str, str], list[ServerEntry]] = defaultdict(list)
    for server in installation.servers:
        for entry in server.entries:
            if (
                entry.scope is Scope.PROJECT
                and entry.enabled
                and entry.transport is Transport.STDIO
            ):
                groups[entry.file, entry.client].append(entry)
    for (file, client), entries in sorted(groups.items()):
        yield _finding(file, client, names.get(client, client), entries, eager.get(client, []))


def _eager(installation: Installation) -> dict[str, list[Permission]]:
    """The settings that make a client trust whatever a project brings, by client."""
    found: dict[str, list[Permission]] = defaultdict(list)
    for client in installation.clients:
        for one in client.permissions:
            if one.bypass and one.speaks_of is SpeaksOf.START and one.value != NOT_SET:
                found[client.id].append(one)
    return found


def _finding(
    file: str, client: str, name: str, entries: list[ServerEntry], eager: list[Permission]
) -> Finding:
    asks = None if eager else _ASKS.get(client)
    behaviour = "does not ask, by its own setting" if eager else asks or "is not known to ask first"
    first = entries[0]
    settings = [
        Evidence(
            f"{name}: {visible(one.effect)}",
            Location(file=one.file, line=one.line, client=client),
            visible(masked(f"{one.key}: {one.value}")),
        )
        for one in eager
    ]
    return RULE.finding(
        f"{name} would start {listed(entry.name for entry in entries)} from the project's file; it "
        f"{behaviour}.",
        Location(file=file, line=first.line, client=client, pointer=first.pointer),
        evidence=(*copies(entries), *settings),
        severity=Severity.HIGH if eager else Severity.LOW if asks else None,
        confidence=Confidence.HIGH if eager or asks else None,
        persona=Persona.STRICT if asks else None,
        mark="eager" if eager else "starts",
    )


CHECK = Check((RULE,), look)
