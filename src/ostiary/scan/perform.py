"""The order of one scan: read, connect with consent, remember, compare, judge, answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ostiary.inventory.naming import names_of
from ostiary.inventory.servers import merge
from ostiary.model.audited import Audited
from ostiary.model.change import Change
from ostiary.model.client import Client, Transport
from ostiary.model.outcome import NotChecked
from ostiary.model.scan import ScanResult, Scope
from ostiary.model.server import Server
from ostiary.model.surface import Surface
from ostiary.scan.earlier import Remembers, forebears, keep, remembered
from ostiary.scan.ignore import Acceptance, accept
from ostiary.scan.judge import Judgement, Reading, captured_client, judge
from ostiary.scan.request import ScanRequest
from ostiary.surface.difference import differences

Progress = Callable[[str], None]
Consent = Callable[[tuple[Server, ...]], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """What is configured on the scanned system."""

    clients: tuple[Client, ...]
    servers: tuple[Server, ...]
    not_checked: tuple[NotChecked, ...]
    homes: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    before: tuple[Client, ...] = ()
    """For pasted configuration: the client as it is without it. What it has is not told again."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything a scan does outside itself, as functions."""

    find: Callable[[ScanRequest, Progress], Found]
    capture: Callable[[ScanRequest], tuple[tuple[Surface, ...], tuple[NotChecked, ...]]]
    earlier: Callable[[ScanRequest], tuple[Surface, ...]]
    connect: Callable[
        [ScanRequest, tuple[Server, ...], Progress],
        tuple[tuple[Surface, ...], tuple[NotChecked, ...]],
    ]
    record: Callable[[ScanRequest, tuple[Surface, ...]], tuple[NotChecked, ...]]
    audited: Callable[[ScanRequest, tuple[Server, ...]], Mapping[str, Audited]]
    memory: Remembers
    acceptances: Callable[[ScanRequest], tuple[Acceptance, ...]]


def perform(
    request: ScanRequest, world: World, progress: Progress, consent: Consent | None
) -> ScanResult:
    """One whole scan. ``consent`` is asked before anything is started; ``None`` means it was
    given with the request or withheld with it."""
    acceptances = world.acceptances(request)
    if request.captured_only:
        have = _captured(request, world)
    else:
        have = _machine(request, world, progress, consent)
    progress("judging")
    servers = have.found.servers
    told = {} if request.captured_only else world.audited(request, servers)
    judgement = judge(Reading(have.found.clients, servers, have.surfaces, have.changes, told))
    if have.found.before:
        judgement = judgement.beyond(judge(_before(have)))
    return _answer(request, have, judgement, acceptances)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What a scan has in hand before it judges."""

    found: Found
    surfaces: tuple[Surface, ...]
    changes: tuple[Change, ...]
    problems: list[NotChecked]


def _before(have: _Gathered) -> Reading:
    """What would be judged had nothing been pasted."""
    entries = [entry for client in have.found.before for entry in client.entries]
    servers = merge(entries)
    keys = {server.key for server in servers}
    surfaces = tuple(one for one in have.surfaces if one.key in keys)
    return Reading(have.found.before, servers, surfaces, ())


def _captured(request: ScanRequest, world: World) -> _Gathered:
    surfaces, unreadable = world.capture(request)
    client, servers = captured_client(surfaces)
    found = Found((client,) if surfaces else (), servers, ())
    earlier = world.earlier(request)
    before = {surface.server: surface for surface in earlier}
    if len(earlier) == 1 and len(surfaces) == 1:
        before = {surfaces[0].server: earlier[0]}
    changes = _changes((before[one.server], one) for one in surfaces if one.server in before)
    return _Gathered(found, surfaces, changes, list(unreadable))


def _machine(
    request: ScanRequest, world: World, progress: Progress, consent: Consent | None
) -> _Gathered:
    progress("reading the configuration of every client")
    found = world.find(request, progress)
    problems = list(found.not_checked)
    live: tuple[Surface, ...] = ()
    if request.connect:
        wanted = _wanted(request, found.servers)
        problems += _unknown_names(request, found.servers)
        if consent is not None:
            agreed = consent(wanted)
            wanted = tuple(server for server in wanted if server.key in agreed)
        live, failed = world.connect(request, wanted, progress)
        problems += failed
    last, damaged = remembered(found.servers, world.memory)
    problems += damaged
    before = {**forebears(found.servers, live, last, world.memory), **last}
    changes = _changes((before[now.key], now) for now in live if now.key in before)
    problems += keep(found.servers, live, world.memory)
    problems += world.record(request, live)
    seen = {surface.key for surface in live}
    kept = tuple(surface for key, surface in last.items() if key not in seen)
    surfaces = tuple(sorted((*live, *kept), key=lambda one: (one.server, one.key)))
    return _Gathered(found, surfaces, changes, problems)


def _wanted(request: ScanRequest, servers: tuple[Server, ...]) -> tuple[Server, ...]:
    """The servers to start or call: those that are named, else all that are switched on.

    What is built into a client cannot be started apart from it.
    """
    chosen = set(request.servers)
    return tuple(
        server
        for server in servers
        if server.transport is not Transport.BUILTIN
        and (server.enabled if not chosen else bool(chosen & names_of(server)))
    )


def _unknown_names(request: ScanRequest, servers: tuple[Server, ...]) -> list[NotChecked]:
    known = {name for server in servers for name in names_of(server)}
    named = {*request.servers, *(grant.server for grant in request.grants)}
    return [
        NotChecked(
            subject=name,
            reason="no configured server has this name",
            remedy="list the names with `ostiary access`",
        )
        for name in sorted(named - known)
    ]


def _changes(pairs: Iterable[tuple[Surface, Surface]]) -> tuple[Change, ...]:
    return tuple(change for before, now in pairs for change in differences(before, now))


def _answer(
    request: ScanRequest,
    have: _Gathered,
    judgement: Judgement,
    acceptances: tuple[Acceptance, ...],
) -> ScanResult:
    shown = [one for one in judgement.findings if one.persona <= request.persona]
    standing, suppressed = accept(shown, acceptances, request.today)
    missing = [_unread(surface, part) for surface in have.surfaces for part in surface.missing]
    return ScanResult(
        scope=Scope(
            root=str(request.root) if request.root else None,
            homes=have.found.homes,
            projects=have.found.projects,
            connected=request.connect,
            captured=tuple(str(path) for path in (*request.surfaces, *request.configs)),
            persona=request.persona.word,
        ),
        clients=have.found.clients,
        servers=have.found.servers,
        surfaces=have.surfaces,
        findings=tuple(standing),
        suppressed=tuple(suppressed),
        not_checked=_once(have.problems + missing + list(judgement.not_checked)),
        changes=have.changes,
        access=judgement.access,
        server_access=judgement.server_access,
        credentials=judgement.credentials,
    )


def _unread(surface: Surface, part: str) -> NotChecked:
    """A part of a surface that could not be read; ``part`` is ``what: why``."""
    what, _, why = part.partition(": ")
    asked = why.startswith("it answered with error")
    return NotChecked(
        subject=f"{surface.server}, {what}",
        reason=why or "it was declared and could not be read",
        remedy=(
            f"if it asks another service for them, add --grant {surface.server}:network, and "
            f"{surface.server}:env for its credentials"
            if asked
            else ""
        ),
        server=surface.server,
    )


def _once(problems: list[NotChecked]) -> tuple[NotChecked, ...]:
    return tuple(sorted(set(problems), key=lambda one: (one.subject, one.reason, one.remedy)))
