"""The scan's checks over one server that is to be approved, beside those that already are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ostiary.approval.start import BEHIND
from ostiary.flow.checks import CHECKS as FLOW_CHECKS
from ostiary.flow.clients import client_access
from ostiary.flow.consequence import completing
from ostiary.flow.servers import server_access
from ostiary.flow.subject import Access
from ostiary.inventory.checks import CHECKS as INVENTORY_CHECKS
from ostiary.model.access import ClientAccess
from ostiary.model.check import Check, Installation, Neighbourhood, run
from ostiary.model.client import Client
from ostiary.model.finding import Finding, Location, order
from ostiary.model.grade import Persona, Severity
from ostiary.model.outcome import NotChecked
from ostiary.model.rule import Category
from ostiary.model.server import Server
from ostiary.model.surface import Item, Surface
from ostiary.model.visible import NAME, visible
from ostiary.scan.explained import explained, once
from ostiary.surface.checks import CHECKS as SURFACE_CHECKS
from ostiary.surface.checks import impersonation, overlap, shadowing, text

Key = tuple[str, str]
"""Kind and name of an item; ``("instructions", "")`` for the instructions."""

INSTRUCTIONS: Key = ("instructions", "")
STOPS = Severity.HIGH
"""From here on a finding keeps what it is about from being approved, unless a person says why."""
MOST_NEAR = 2_000
"""Items of neighbours whose texts are read again for what they say about this server."""

_ACROSS: tuple[Check[Neighbourhood], ...] = (shadowing.CHECK, overlap.CHECK, impersonation.CHECK)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the checks made of one server."""

    findings: tuple[Finding, ...]
    """Everything that involves the server, worst first."""
    by_item: Mapping[Key, tuple[Finding, ...]]
    """Findings that stop, by the item they are about."""
    whole: tuple[Finding, ...]
    """Findings that stop the server as a whole."""
    not_checked: tuple[NotChecked, ...]


def weigh(server: Server, surface: Surface, near: tuple[tuple[Server, Surface], ...]) -> Weighed:
    """Every finding about ``server``. ``near`` are the other approved servers."""
    found, failed = _found(server, surface, near)
    others = tuple(other for _, other in near)
    accesses, more, broken = _flow(((server, surface), *near))
    told = map(completing(accesses), explained(once([*found, *more])))
    mine = [
        one
        for one in told
        if one.persona <= Persona.STRICT and _involves(one, surface.server, bool(others))
    ]
    by_item: dict[Key, list[Finding]] = {}
    whole: list[Finding] = []
    labels = _labels(surface)
    for one in mine:
        if one.severity < STOPS:
            continue
        keys = _about(one, surface.server, labels)
        for key in keys:
            by_item.setdefault(key, []).append(one)
        if not keys and one.location.server == surface.server and _of_the_server(one):
            whole.append(one)
    return Weighed(
        tuple(sorted(mine, key=order)),
        {key: tuple(group) for key, group in by_item.items()},
        tuple(whole),
        (*failed, *broken),
    )


def _found(
    server: Server, surface: Surface, near: tuple[tuple[Server, Surface], ...]
) -> tuple[list[Finding], list[NotChecked]]:
    others = tuple(other for _, other in near)
    installation = Installation((_client((server,)),), (server,))
    found, failed = run(INVENTORY_CHECKS, installation, "how it is started")
    more, broken = run(SURFACE_CHECKS, Neighbourhood(surface, others), surface.server)
    found += more
    failed += broken
    size = sum(len(tuple(other.items())) for other in others)
    across = (*_ACROSS, text.CHECK) if size <= MOST_NEAR else _ACROSS
    for other in others:
        alone = {one.fingerprint for one in run(across, Neighbourhood(other), other.server)[0]}
        beside, broken = run(across, Neighbourhood(other, (surface,)), other.server)
        found += [one for one in beside if one.fingerprint not in alone]
        failed += broken
    if size > MOST_NEAR:
        failed.append(
            NotChecked(
                f"what other servers say about {surface.server}",
                f"they show {size:,} items, and at most {MOST_NEAR:,} are read again",
                "scan all of them with `ostiary scan --connect`",
            )
        )
    return found, failed


def _flow(
    all_: tuple[tuple[Server, Surface], ...],
) -> tuple[tuple[ClientAccess, ...], list[Finding], list[NotChecked]]:
    servers = tuple(server for server, _ in all_)
    reach = tuple(server_access(server, surface, ()) for server, surface in all_)
    client = _client(servers)
    accesses = (client_access(client, reach, servers),)
    installation = Installation((client,), servers)
    access = Access(accesses, reach, installation, tuple(surface for _, surface in all_), ())
    found, failed = run(FLOW_CHECKS, access, "what they can do together")
    return accesses, found, failed


def _client(servers: Iterable[Server]) -> Client:
    entries = tuple(entry for server in servers for entry in server.entries)
    return Client(
        id=BEHIND, name="everything behind the gateway", homes=(), files=(), entries=entries
    )


def _involves(finding: Finding, server: str, others: bool) -> bool:
    places = (finding.location, *(step.location for step in finding.evidence))
    if any(place.server == server for place in places):
        return True
    return not any(place.server for place in places) and not others


def _of_the_server(finding: Finding) -> bool:
    """Dangerous combinations of honest servers are told and do not stop one of them."""
    return finding.category != Category.REACH.value


def _labels(surface: Surface) -> dict[str, list[Key]]:
    labels: dict[str, list[Key]] = {"instructions": [INSTRUCTIONS]}
    for item in surface.items():
        for label in _names(item):
            labels.setdefault(label, []).append((item.kind, item.name))
    return labels


def _names(item: Item) -> set[str]:
    return {f"{item.kind} {visible(item.name, NAME)}", f"{item.kind} {item.name}"}


def _about(finding: Finding, server: str, labels: dict[str, list[Key]]) -> set[Key]:
    """The items that a finding is about: by its place, else by its evidence."""
    primary = _keys(finding.location, server, labels)
    if primary or finding.location.server == server:
        return primary
    return {key for step in finding.evidence for key in _keys(step.location, server, labels)}


def _keys(place: Location, server: str, labels: dict[str, list[Key]]) -> set[Key]:
    if place.server != server or not place.part:
        return set()
    part = place.part
    while part:
        if part in labels:
            return set(labels[part])
        part = part.rpartition(", ")[0]
    return set()
