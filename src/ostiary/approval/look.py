"""Records what a server shows now: boxed, with what it was granted and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ostiary.model.approval import Start
from ostiary.model.outcome import NotChecked
from ostiary.model.server import Server
from ostiary.model.surface import Surface
from ostiary.probe.failure import ASKS
from ostiary.scan.live import connect
from ostiary.scan.perform import Progress
from ostiary.scan.request import Grant, ScanRequest


@dataclass(frozen=True, slots=True)
class Means:
    """What looking at servers may use of this machine."""

    cache: Path
    fetch: bool = True
    allow_private: bool = False
    seconds: float = 60.0
    jobs: int = 4


def look_at(
    servers: tuple[tuple[Server, Start], ...], means: Means, progress: Progress
) -> dict[str, Surface | NotChecked]:
    """By name of the server, what it shows, or why that cannot be told.

    A server gets the network and the files that its start grants. Values of variables and headers
    reach it only where the settings say where they are: then its entry holds them.
    """
    if not servers:
        return {}
    grants = tuple(grant for server, start in servers for grant in _grants(server, start))
    request = ScanRequest(
        grants=grants,
        allow_private=means.allow_private,
        fetch=means.fetch,
        cache=means.cache,
        seconds=means.seconds,
        jobs=means.jobs,
    )
    # Two approvals may start the same thing, so each goes under a key of its own meanwhile.
    own = {f"look:{server.name}": server for server, _ in servers}
    asked = tuple(replace(server, key=key) for key, server in own.items())
    surfaces, problems = connect(request, asked, progress)
    found: dict[str, Surface | NotChecked] = {}
    for surface in surfaces:
        server = own[surface.key]
        found[server.name] = replace(surface, key=server.key, server=server.name)
    for problem in problems:
        name = own[problem.server].name if problem.server in own else problem.server or ""
        remedy = _here(problem.remedy, name)
        if problem.reason.startswith(ASKS):
            remedy = f"run `ostiary login {name}`, or set its headers in [servers.{name}]"
        found[name] = replace(problem, server=name, remedy=remedy)
    for server, _ in servers:
        found.setdefault(server.name, NotChecked(server.name, "nothing was heard of it"))
    return found


def _here(remedy: str, name: str) -> str:
    """What a scan advises, in the words that ``ostiary approve`` knows."""
    table = f"[servers.{name}"
    for said, meant in (
        (f"--grant {name}:network", "--allow-network"),
        (f"--grant {name}:headers", f"{table}.headers] of ostiary.toml"),
        (f"{name}:env", f"variables in {table}.env] of ostiary.toml"),
        (f"{name}:read=PATH", "--read PATH"),
        ("scan again", "approve it again"),
        ("let the scan fetch packages", "leave --no-fetch out"),
    ):
        remedy = remedy.replace(said, meant)
    return remedy


def _grants(server: Server, start: Start) -> list[Grant]:
    name = f"look:{server.name}"
    entry = server.entries[0]
    found = [Grant(name, "read", path) for path in (*start.readable, *start.writable)]
    if start.network:
        found.append(Grant(name, "network"))
    # The command's own settings are never in these entries: only what was given for a gateway is.
    if any(one.value is not None for one in entry.env):
        found.append(Grant(name, "env"))
    if any(one.value is not None for one in entry.headers):
        found.append(Grant(name, "headers"))
    return found
