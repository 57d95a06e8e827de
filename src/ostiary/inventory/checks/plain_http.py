"""Servers reached without TLS."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies, live, where
from ostiary.inventory.hosts import Reach, host_of, reach_of, scheme_of
from ostiary.inventory.redact import shown_url
from ostiary.model.check import Check, Installation
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Server

RULE = Rule(
    id="plain-http",
    title="Server reached without encryption",
    category=Category.TRANSPORT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="The address of a server, or of the far end of a local bridge, begins with http: or ws:. "
    "This machine itself is left alone; an address inside a private network counts for less.",
    attack="Whoever is on the way can read every call and answer, take the credentials, and hand "
    "the model tools and results of their own.",
    remedy="Use the https address. If the server has none, put it behind a proxy that has.",
    references=("AISVS-1.0:10.3.1", "CoSAI-MCP-T7", "SAFE-T1407", "CWE-319"),
)


def addresses(server: Server) -> tuple[str, ...]:
    """Every address a server's entries call, bridges included; may hold secrets."""
    found: list[str] = []
    for entry in server.entries:
        if entry.url:
            found.append(entry.url)
        elif server.launch.remote is not None:
            found += [word for word in entry.argv if "://" in word]
    return tuple(dict.fromkeys(found))


def look(installation: Installation) -> Iterator[Finding]:
    for server in installation.servers:
        for url in addresses(server):
            if scheme_of(url) not in {"http", "ws"}:
                continue
            reach = reach_of(host_of(url))
            if reach in {Reach.FAR, Reach.NEAR}:
                yield _finding(server, url, reach)


def _finding(server: Server, url: str, reach: Reach) -> Finding:
    signed_in = any(entry.headers for entry in server.entries)
    carries = " and sends headers that may hold credentials" if signed_in else ""
    return RULE.finding(
        f"{server.name} is called at {shown_url(url)} without encryption{carries}.",
        where(server, "address"),
        evidence=copies(live(server), "address"),
        severity=Severity.LOW if reach is Reach.NEAR and not signed_in else None,
        mark=host_of(url),
    )


CHECK = Check((RULE,), look)
