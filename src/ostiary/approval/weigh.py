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
    every = once([*found, *more])
    others_there = bool(others)
    # What stops is counted one by one: a finding told as evidence of another still stops its item.
    by_item, whole = _stopping(every, surface)
    shown = [
        one
        for one in map(completing(accesses), explained(every))
        if one.persona <= Persona.STRICT and _involves(one, surface.server, others_there)
    ]
    return Weighed(tuple(sorted(shown, key=order)), by_item, whole, (*failed, *broken))


def _stopping(
    every: Iterable[Finding], surface: Surface
) -> tuple[dict[Key, tuple[Finding, ...]], tuple[Finding, ...]]:
    """Serious findings by item, and those about the server as a whole."""
    by_item: dict[Key, list[Finding]] = {}
    whole: list[Finding] = []
    labels = _labels(surface)
    for one in sorted(every, key=order):
        if one.severity < STOPS or one.persona > Persona.STRICT:
            continue
        if not _involves(one, surface.server, others=True):
            continue
        keys = _about(one, surface.server, labels)
        for key in keys:
            by_item.setdefault(key, []).append(one)
        if not keys and _of_the_server(one, surface.server):
            whole.append(one)
    return {key: tuple(group) for key, group in by_item.items()}, tuple(whole)


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


def _of_the_server(finding: Finding, server: str) -> bool:
    """Whether a finding stops a server as a whole. Dangerous combinations of honest servers are
    told and stop none of them; what is wrong with another server alone does not stop this one."""
    if finding.category == Category.REACH.value:
        return False
    return finding.location.server == server or finding.location.part == _SEVERAL


def _labels(surface: Surface) -> dict[str, list[Key]]:
    labels: dict[str, list[Key]] = {"instructions": [INSTRUCTIONS]}
    for item in surface.items():
        for label in _names(item):
            labels.setdefault(label, []).append((item.kind, item.name))
    return labels


def _names(item: Item) -> set[str]:
    return {f"{item.kind} {visible(item.name, NAME)}", f"{item.kind} {item.name}"}


def _about(finding: Finding, server: str, labels: dict[str, list[Key]]) -> set[Key]:
    """The items that a finding is about: by its place, else, for one at another server, by its
    evidence. Empty where it is about several that are not all named."""
    if finding.location.server == server:
        return _keys(finding.location, server, labels)
    if finding.location.part == _SEVERAL:
        return set()
    return {key for step in finding.evidence for key in _keys(step.location, server, labels)}


_SEVERAL = "tools"


def _keys(place: Location, server: str, labels: dict[str, list[Key]]) -> set[Key]:
    """Every item that a place may mean: a name may itself hold what stands between its parts."""
    if place.server != server:
        return set()
    words = place.part.split(", ")
    heads = (", ".join(words[:count]) for count in range(1, len(words) + 1))
    return {key for head in heads for key in labels.get(head, ())}
