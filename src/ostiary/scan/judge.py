"""From what was read to the answer. Pure: every input arrives as a value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ostiary.flow.checks import CHECKS as FLOW_CHECKS
from ostiary.flow.clients import client_access
from ostiary.flow.consequence import completing
from ostiary.flow.servers import server_access
from ostiary.flow.subject import Access
from ostiary.inventory.checks import CHECKS as INVENTORY_CHECKS
from ostiary.inventory.credentials import credentials, holds
from ostiary.model.access import ClientAccess, Credential, ServerAccess
from ostiary.model.audited import Audited
from ostiary.model.change import Change
from ostiary.model.check import Installation, Neighbourhood, run
from ostiary.model.client import Client, Scope, ServerEntry, Transport
from ostiary.model.finding import Finding, order
from ostiary.model.outcome import NotChecked
from ostiary.model.server import Launch, Server
from ostiary.model.surface import Surface
from ostiary.scan.explained import explained, once
from ostiary.scan.place_names import place_names
from ostiary.surface.checks import CHECKS as SURFACE_CHECKS
from ostiary.surface.drift.findings import drift_findings

CAPTURED = "captured"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, before anything was judged."""

    clients: tuple[Client, ...]
    servers: tuple[Server, ...]
    surfaces: tuple[Surface, ...]
    changes: tuple[Change, ...]
    audited: Mapping[str, Audited] = field(default_factory=dict)
    """By server key, what an audit told of its code."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the checks made of a reading."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    access: tuple[ClientAccess, ...]
    server_access: tuple[ServerAccess, ...]
    credentials: tuple[Credential, ...]

    def beyond(self, earlier: Judgement) -> Judgement:
        """The same judgement, without the findings that ``earlier`` has already."""
        known = {finding.fingerprint for finding in earlier.findings}
        fresh = tuple(one for one in self.findings if one.fingerprint not in known)
        return replace(self, findings=fresh)


def judge(reading: Reading) -> Judgement:
    """Every finding, the access map and what could not be judged, in a fixed order."""
    installation = Installation(reading.clients, reading.servers)
    held = credentials(reading.servers)
    reach = _reach(reading)
    accesses = tuple(
        client_access(client, reach, reading.servers)
        for client in reading.clients
        if any(entry.enabled for entry in client.entries)
    )
    found, failed = run(INVENTORY_CHECKS, installation, "the configuration")
    for near in neighbourhoods(reading):
        more, broken = run(SURFACE_CHECKS, near, near.surface.server)
        found += more
        failed += broken
    access = Access(accesses, reach, installation, reading.surfaces, held)
    more, broken = run(FLOW_CHECKS, access, "the access map")
    found += more + drift_findings(reading.changes)
    failed += broken
    placed = map(place_names(reading.servers).put, found)
    told = map(completing(accesses), explained(once(placed)))
    return Judgement(
        findings=tuple(sorted(told, key=order)),
        not_checked=tuple(failed),
        access=accesses,
        server_access=reach,
        credentials=held,
    )


def neighbourhoods(reading: Reading) -> Iterator[Neighbourhood]:
    """Each surface with the surfaces that reach the same model through some client."""
    users = {server.key: set(server.clients) for server in reading.servers}
    by_client: dict[str, list[Surface]] = defaultdict(list)
    for surface in reading.surfaces:
        for client in users.get(surface.key, ()):
            by_client[client].append(surface)
    for surface in reading.surfaces:
        near = {
            other.key: other
            for client in sorted(users.get(surface.key, ()))
            for other in by_client[client]
            if other.key != surface.key
        }
        yield Neighbourhood(surface, tuple(near[key] for key in sorted(near)))


def captured_client(surfaces: Iterable[Surface]) -> tuple[Client, tuple[Server, ...]]:
    """A stand-in client and servers for surfaces that were handed in as files."""
    entries = tuple(
        ServerEntry(
            client=CAPTURED,
            file=surface.source,
            scope=Scope.CAPTURED,
            name=surface.server,
            transport=Transport.UNKNOWN,
        )
        for surface in surfaces
    )
    servers = tuple(
        Server(
            key=surface.key,
            name=surface.server,
            transport=Transport.UNKNOWN,
            launch=Launch(runner="unknown", package=None, arguments=()),
            entries=(entry,),
            command="",
        )
        for surface, entry in zip(surfaces, entries, strict=True)
    )
    client = Client(id=CAPTURED, name="Captured surfaces", homes=(), files=(), entries=entries)
    return client, servers


def _reach(reading: Reading) -> tuple[ServerAccess, ...]:
    surfaces = {surface.key: surface for surface in reading.surfaces}
    return tuple(
        server_access(
            server,
            surfaces.get(server.key),
            tuple(sorted({name for entry in server.entries for name in holds(entry)})),
            reading.audited.get(server.key),
        )
        for server in reading.servers
    )
