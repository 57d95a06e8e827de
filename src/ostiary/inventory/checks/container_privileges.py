"""Containers that are given too much of this machine."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies, where
from ostiary.inventory.launch import peeled_line
from ostiary.inventory.runners.containers import NAMES, Power, powers, run_options
from ostiary.inventory.words import program
from ostiary.model.check import Check, Installation
from ostiary.model.client import ServerEntry
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Server

RULE = Rule(
    id="container-privileges",
    title="Container is given too much of this machine",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A server's container runs privileged, holds the container engine's socket, mounts the "
    "root, a home directory or keys, shares the machine's network or processes, or runs without "
    "the usual confinement. Mounts of single project folders are left alone.",
    attack="The container stops being a wall: a server that is tricked or turns bad reads and "
    "changes what was mounted, and with the socket or the privileges is root on this machine.",
    remedy="Mount only the folder the server works on, read-only where that is enough, and drop "
    "the option; a server that needs the engine's socket deserves its own machine.",
    references=("AISVS-1.0:10.1.3", "SAFE-T1303", "AML.T0105", "CoSAI-MCP-T8", "CWE-250"),
)


def look(installation: Installation) -> Iterator[Finding]:
    for server in installation.servers:
        seen: set[tuple[str, ...]] = set()
        for entry in server.entries:
            found = tuple(power for power in _powers(entry) if power.severity > Severity.LOW)
            if found and (says := tuple(power.says for power in found)) not in seen:
                seen.add(says)
                yield _finding(server, entry, found)


def _powers(entry: ServerEntry) -> tuple[Power, ...]:
    argv = peeled_line(entry.argv).argv
    if not argv or program(argv[0]) not in NAMES:
        return ()
    options = run_options(argv[1:])
    return powers(options) if options is not None else ()


def _finding(server: Server, entry: ServerEntry, found: tuple[Power, ...]) -> Finding:
    says = "; ".join(dict.fromkeys(power.says for power in found))
    return RULE.finding(
        f"The container of {server.name}: {says}.",
        where(server, "command"),
        evidence=copies((entry,), "command"),
        severity=max(power.severity for power in found),
        mark="|".join(sorted({power.says for power in found})),
    )


CHECK = Check((RULE,), look)
