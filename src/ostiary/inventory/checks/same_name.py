"""One name, several meanings; one package, several versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies, listed, where
from ostiary.model.check import Check, Installation
from ostiary.model.client import Scope
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Server
from ostiary.model.visible import visible

NAMES = Rule(
    id="same-name-different-command",
    title="One server name starts different things",
    category=Category.COLLISION,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what="Entries of the same name, whatever their case, start or call different things. If a "
    "project's file names a server like one of the person's own, default readers are told.",
    attack="Approvals, rules and habits go by the name: a project that calls its server by a "
    "trusted name takes over what was granted to the other one.",
    remedy="Give different servers different names; look at who brought the one you do not know.",
    references=("SAFE-T1004", "SAFE-T1407", "CoSAI-MCP-T6", "CWE-694"),
)

VERSIONS = Rule(
    id="same-package-different-versions",
    title="One package in several versions",
    category=Category.SUPPLY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what="The same package is named with different versions in different places.",
    attack="The old copy keeps the flaws that the new one has mended, and a review of one is taken "
    "for a review of all.",
    remedy="Name one version everywhere.",
    references=("MCP04:2025", "CoSAI-MCP-T11", "CWE-1104"),
)


def look(installation: Installation) -> Iterator[Finding]:
    named: dict[str, dict[str, Server]] = defaultdict(dict)
    packages: dict[tuple[str, str], list[Server]] = defaultdict(list)
    for server in installation.servers:
        for entry in server.entries:
            named[entry.name.casefold()][server.key] = server
        package = server.launch.package
        if package is not None:
            packages[package.ecosystem, package.name].append(server)
    for name, servers in sorted(named.items()):
        yield from _names(name, list(servers.values()))
    for (_, package_name), users in sorted(packages.items()):
        yield from _versions(package_name, users)


def _names(name: str, servers: list[Server]) -> Iterator[Finding]:
    if len(servers) < 2 or _one_package(servers):
        return
    entries = [e for server in servers for e in server.entries if e.name.casefold() == name]
    scopes = {entry.scope is Scope.PROJECT for entry in entries}
    taken_over = len(scopes) == 2 and _share_client(servers, name)
    commands = listed((server.command for server in servers), 4)
    yield NAMES.finding(
        f"{visible(entries[0].name)} means {len(servers)} different servers: {commands}.",
        where(servers[0], "name"),
        evidence=copies(entries, "name"),
        severity=Severity.MEDIUM if taken_over else None,
        persona=Persona.DEFAULT if taken_over else None,
        mark="\x1f".join(sorted(server.key for server in servers)),
    )


def _share_client(servers: list[Server], name: str) -> bool:
    """Whether one client has the name both from a project and from elsewhere."""
    project: set[str] = set()
    own: set[str] = set()
    for server in servers:
        for entry in server.entries:
            if entry.name.casefold() == name:
                (project if entry.scope is Scope.PROJECT else own).add(entry.client)
    return bool(project & own)


def _one_package(servers: list[Server]) -> bool:
    packages = {
        (one.launch.package.ecosystem, one.launch.package.name)
        for one in servers
        if one.launch.package
    }
    return len(packages) == 1 and all(server.launch.package for server in servers)


def _versions(name: str, servers: list[Server]) -> Iterator[Finding]:
    versions = {one.launch.package.version or "the newest" for one in servers if one.launch.package}
    if len(versions) < 2:
        return
    yield VERSIONS.finding(
        f"{visible(name)} is named in {len(versions)} versions: {listed(sorted(versions))}.",
        where(servers[0], "package"),
        evidence=[step for server in servers for step in copies(server.entries, "package")],
        mark=name,
    )


CHECK = Check((NAMES, VERSIONS), look)
