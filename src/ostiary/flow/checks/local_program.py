"""Local servers whose code is neither pinned nor known: a program with a friendly name."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.flow.places import record_of, server_place
from ostiary.flow.servers import known_server
from ostiary.flow.subject import Access
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Pin, RunsOn, Server
from ostiary.model.visible import NAME, visible

RULE = Rule(
    id="local-program",
    title="A program with a friendly name",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what=(
        "Looks for enabled servers that run on this machine outside a container, whose package is "
        "not pinned and not known to Ostiary. Whatever their tools say, their code runs with the "
        "user's rights."
    ),
    attack=(
        "The program reads files, environment and network of the user whether or not any tool "
        "says so, and a later version does what it likes at the next start."
    ),
    remedy="Pin the version, look at the package, and run it in a box with only what it needs.",
    references=("MCP-SBP:local-mcp-server-compromise", "SAFE-T1003", "AISVS-1.0:10.1.3", "CWE-829"),
)
_LOOSE = (Pin.FLOATING, Pin.RANGE, Pin.UNKNOWN)
_CONTAINED = ("docker", "podman", "builtin", "unknown", "url")


def _look(access: Access) -> Iterator[Finding]:
    for server in access.servers:
        record = record_of(access, server)
        if record is None or not _loose(record):
            continue
        place = server_place(access, server)
        yield RULE.finding(
            f"{visible(server.name, NAME)} is a program that runs with your rights, of no fixed "
            "version and not known to Ostiary.",
            place,
            evidence=[Evidence(says="what is started", location=place, excerpt=record.command)],
            mark=server.name,
        )


def _loose(record: Server) -> bool:
    package = record.launch.package
    return (
        record.enabled
        and record.runs_on is RunsOn.LOCAL
        and record.launch.runner not in _CONTAINED
        and package is not None
        and package.pin in _LOOSE
        and not known_server(record)
    )


CHECK = Check(rules=(RULE,), look=_look)
