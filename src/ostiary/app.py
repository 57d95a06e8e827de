"""The one file that builds everything: which real part stands behind each port of a scan."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from ostiary.clients.discover import discover
from ostiary.clients.table import load_table
from ostiary.clients.where import other_home, other_system, this_machine
from ostiary.inventory.servers import merge
from ostiary.model.audited import Audited
from ostiary.model.outcome import NotChecked
from ostiary.model.scan import ScanResult
from ostiary.model.server import Server
from ostiary.model.surface import Surface
from ostiary.scan.audited import digest_now, evidence
from ostiary.scan.earlier import Remembers
from ostiary.scan.ignore import Acceptance
from ostiary.scan.inputs import accepted, captured
from ostiary.scan.live import connect
from ostiary.scan.paste import find_pasted
from ostiary.scan.perform import Consent, Found, Progress, World, perform
from ostiary.scan.request import ScanRequest
from ostiary.store.audits import Audits
from ostiary.store.given import UnusableFile
from ostiary.store.memory import MemoryFull, MemoryUnreadable
from ostiary.store.sqlite import SqliteMemory
from ostiary.wire.capture import write_capture


class Unusable(click.ClickException):
    """Something the scan was given cannot be used. The message says what and what to do."""

    exit_code = 2


def scan(request: ScanRequest, progress: Progress, consent: Consent | None) -> ScanResult:
    """One scan of this machine, another system or captured surfaces."""
    memory = _memory(request)
    world = World(
        find=_find,
        capture=_capture,
        earlier=_earlier,
        connect=connect,
        record=_record,
        audited=_audited,
        memory=memory,
        acceptances=_acceptances,
    )
    result = perform(request, world, progress, consent)
    if isinstance(memory, BrokenMemory) and memory.problem not in result.not_checked:
        return replace(result, not_checked=(*result.not_checked, memory.problem))
    return result


def configured(request: ScanRequest, progress: Progress) -> Found:
    """What is configured on this machine or in pasted configuration. Starts nothing."""
    return _find(request, progress)


def _find(request: ScanRequest, progress: Progress) -> Found:
    if not request.configs:
        return _installed(request, progress)
    if not request.clients:
        return find_pasted(request.configs)
    records = {one.id: one for one in load_table(request.tables)}
    record = records.get(request.clients[0])
    if record is None:
        raise Unusable(
            f"no client has the id {request.clients[0]!r}; docs/clients.md lists the ids"
        )
    return find_pasted(request.configs, record, _installed(request, progress))


def _installed(request: ScanRequest, progress: Progress) -> Found:
    given = request.projects
    if request.root is not None:
        where = other_system(request.root, given, request.clients, request.tables)
    elif request.home is not None:
        where = other_home(request.home, given, request.clients, request.tables)
    else:
        projects = given or (Path.cwd(),)
        where = this_machine(os.environ, projects, request.clients, request.tables)
    discovery = discover(where, progress)
    entries = [entry for client in discovery.clients for entry in client.entries]
    return Found(
        clients=discovery.clients,
        servers=merge(entries),
        not_checked=discovery.not_checked,
        homes=tuple(str(home) for home in where.homes),
        projects=tuple(str(project) for project in where.projects),
    )


def _audited(request: ScanRequest, servers: tuple[Server, ...]) -> Mapping[str, Audited]:
    return {} if request.audits is None else evidence(servers, Audits(request.audits), digest_now)


def _capture(request: ScanRequest) -> tuple[tuple[Surface, ...], tuple[NotChecked, ...]]:
    surfaces: list[Surface] = []
    unreadable: list[NotChecked] = []
    for path in request.surfaces:
        try:
            surfaces.extend(_read_capture(path))
        except Unusable as error:
            unreadable.append(
                NotChecked(
                    subject=str(path),
                    reason=error.message,
                    remedy="give a tools/list, initialize or server/discover answer, or a file "
                    "written by --record",
                    file=str(path),
                )
            )
    return _distinct(surfaces), tuple(unreadable)


def _earlier(request: ScanRequest) -> tuple[Surface, ...]:
    return _read_capture(request.against) if request.against else ()


def _read_capture(path: Path) -> tuple[Surface, ...]:
    try:
        return captured(path)
    except UnusableFile as error:
        raise Unusable(str(error)) from None


def _distinct(surfaces: list[Surface]) -> tuple[Surface, ...]:
    """Captured surfaces under names and keys that occur once."""
    seen: dict[str, int] = {}
    distinct = []
    for surface in surfaces:
        count = seen[surface.server] = seen.get(surface.server, 0) + 1
        name = surface.server if count == 1 else f"{surface.server} ({count})"
        distinct.append(replace(surface, server=name, key=f"captured:{name}"))
    return tuple(distinct)


def _record(request: ScanRequest, surfaces: tuple[Surface, ...]) -> tuple[NotChecked, ...]:
    """Write each surface whole or not at all; the answer of the scan is given either way."""
    if request.record is None:
        return ()
    try:
        request.record.mkdir(parents=True, exist_ok=True)
        for surface in surfaces:
            safe = re.sub(r"[^A-Za-z0-9._-]+", "-", surface.server).strip(".-") or "server"
            target = request.record / f"{safe}-{surface.key[:12]}.json"
            _write_whole(target, write_capture(surface))
    except OSError as error:
        return (
            NotChecked(
                subject=f"the surfaces recorded to {request.record}",
                reason=f"they could not all be written: {error.strerror}",
                remedy="make room or name another folder with --record, and scan again",
            ),
        )
    return ()


def _write_whole(target: Path, data: bytes) -> None:
    partial = target.with_name(f"{target.name}.part")
    try:
        partial.write_bytes(data)
        partial.replace(target)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _acceptances(request: ScanRequest) -> tuple[Acceptance, ...]:
    try:
        return accepted(request.ignore)
    except UnusableFile as error:
        raise Unusable(str(error)) from None


@dataclass(frozen=True, slots=True)
class NoMemory:
    """Remembers nothing, on request."""

    def last(self, _key: str) -> Surface | None:
        return None

    def keep(self, _surface: Surface) -> NotChecked | None:
        return None


@dataclass(frozen=True, slots=True)
class BrokenMemory:
    """A memory that cannot be opened: the scan goes on and says so."""

    problem: NotChecked

    def last(self, _key: str) -> NotChecked:
        return self.problem

    def keep(self, _surface: Surface) -> NotChecked:
        return self.problem


class KeptSurfaces:
    """The memory of one scan."""

    def __init__(self, path: Path, memory: SqliteMemory) -> None:
        self._path = path
        self._memory = memory

    def last(self, key: str) -> Surface | NotChecked | None:
        try:
            remembered = self._memory.last(key)
        except MemoryUnreadable as error:
            return NotChecked(
                subject=f"the memory at {self._path}",
                reason=f"{error}",
                remedy="what changed since last time cannot be told until the file is mended",
            )
        return remembered.surface if remembered else None

    def keep(self, surface: Surface) -> NotChecked | None:
        try:
            self._memory.keep(surface, datetime.now(UTC))
        except (MemoryFull, MemoryUnreadable) as error:
            return NotChecked(
                subject=f"the memory at {self._path}",
                reason=f"{error}",
                remedy="make room or name another file with --memory; the next scan cannot tell "
                "what changed until then",
            )
        return None


def _memory(request: ScanRequest) -> Remembers:
    if request.memory is None or request.captured_only:
        return NoMemory()
    if not request.connect and _absent(request.memory):
        return NoMemory()
    try:
        return KeptSurfaces(request.memory, SqliteMemory.open(request.memory))
    except MemoryUnreadable as error:
        if request.memory_named:
            raise Unusable(f"{error}; or scan with --no-memory") from None
        return BrokenMemory(
            NotChecked(
                subject=f"the memory at {request.memory}",
                reason=f"{error}",
                remedy="or scan with --no-memory",
            )
        )


def _absent(path: Path) -> bool:
    """Whether nothing is there. A folder that may not be entered tells nothing."""
    try:
        return not path.exists()
    except OSError:
        return False
