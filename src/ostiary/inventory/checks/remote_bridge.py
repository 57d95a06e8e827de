"""Servers that run here only to call one elsewhere, and servers that are had both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies, live, where
from ostiary.inventory.hosts import Reach, host_of, reach_of
from ostiary.model.check import Check, Installation
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import RunsOn, Server

BRIDGE = Rule(
    id="remote-bridge",
    title="Local program that passes calls to elsewhere",
    category=Category.TRANSPORT,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what="A server that looks local is a bridge (mcp-remote, supergateway, mcp-proxy and their "
    "like) to an address on another machine.",
    attack="Policies and eyes that tell local from remote servers are passed by: the tools, and "
    "what is sent to them, live outside. The bridge itself keeps the sign-in in files of its own.",
    remedy="Configure the address directly where the client can call remote servers, so that its "
    "own sign-in and policies apply.",
    references=(
        "MCP09:2025",
        "MCP-SBP:stdio-transport-security-in-proxy-scenarios",
        "SAFE-T1407",
        "AISVS-1.0:10.3.2",
    ),
)

VARIANTS = Rule(
    id="local-and-remote",
    title="One server, here and elsewhere",
    category=Category.CONFIGURATION,
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what="Servers of the same name run on this machine in one place and are called over the "
    "network in another.",
    attack="The two see different things: the local one has this machine's files and the "
    "credentials of its configuration, the remote one sees every argument and is changed by its "
    "operator at any time. What was reviewed for one does not hold for the other.",
    remedy="Decide for one of the two, or give them names that tell them apart.",
    references=("MCP09:2025", "SAFE-T1004", "CWE-694"),
)


def look(installation: Installation) -> Iterator[Finding]:
    by_name: dict[str, list[Server]] = defaultdict(list)
    for server in installation.servers:
        for name in sorted({entry.name.casefold() for entry in server.entries}):
            by_name[name].append(server)
        far = server.launch.remote
        if far is not None and reach_of(host_of(far)) is not Reach.HERE:
            yield BRIDGE.finding(
                f"{server.name} is started here and passes every call to {far}.",
                where(server, "command"),
                evidence=copies(live(server), "command"),
                mark=host_of(far),
            )
    for servers in by_name.values():
        yield from _variants(servers)


def _elsewhere(server: Server) -> bool:
    return server.runs_on is RunsOn.REMOTE or server.launch.remote is not None


def _variants(servers: list[Server]) -> Iterator[Finding]:
    here = [server for server in servers if not _elsewhere(server)]
    there = [server for server in servers if _elsewhere(server)]
    if not here or not there:
        return
    both = (*here, *there)
    yield VARIANTS.finding(
        f"{here[0].name} runs here ({here[0].command}) and elsewhere ({there[0].command}).",
        where(here[0]),
        evidence=[step for server in both for step in copies(server.entries)],
        mark="\x1f".join(sorted(server.key for server in both)),
    )


CHECK = Check((BRIDGE, VARIANTS), look)
