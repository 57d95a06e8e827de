"""What audits told of exactly what a launch line starts: a version of a package, or a folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePath

from ostiary.model.audited import Audited, plain_name
from ostiary.model.client import ServerEntry
from ostiary.model.outcome import NotChecked
from ostiary.model.server import Pin, RunsOn, Server
from ostiary.store.audits import Audits
from ostiary.supply.artifact.acquire import acquire
from ostiary.supply.artifact.options import AcquireOptions

_MOST_ABOVE = 8
"""Folders above a program that may be the one that was audited."""

Digests = Callable[[str], str]
"""The digest of a folder as it is now; empty if it cannot be told."""


def evidence(servers: Iterable[Server], audits: Audits, digests: Digests) -> dict[str, Audited]:
    """By server key, what an audit told of its code. A folder that changed since tells nothing."""
    if audits.empty:
        return {}
    told = ((server.key, audited_of(server, audits, digests)) for server in servers)
    return {key: found for key, found in told if found is not None}


def audited_of(server: Server, audits: Audits, digests: Digests) -> Audited | None:
    """What an audit told of the code that one server starts here."""
    if server.runs_on is not RunsOn.LOCAL:
        return None
    package = server.launch.package
    if package is not None and package.pin is Pin.EXACT and package.version:
        name = plain_name(package.ecosystem, package.name)
        return audits.of_package(package.ecosystem, name, package.version)
    for folder in folders_of(server):
        found = audits.of_folder(folder)
        if found is not None:
            return found if digests(folder) == found.digest else None
    return None


def folders_of(server: Server) -> tuple[str, ...]:
    """Folders that what is started may belong to, nearest first."""
    found: dict[str, None] = {}
    for entry in server.entries:
        for path in _programs(entry, server.launch.arguments):
            found[str(path)] = None
            found.update((str(one), None) for one in list(path.parents)[:_MOST_ABOVE])
    return tuple(found)


def _programs(entry: ServerEntry, arguments: tuple[str, ...]) -> Iterator[PurePath]:
    """Paths in a launch line that are part of what starts, and not what the server is given."""
    words = entry.argv
    if arguments and words[-len(arguments) :] == arguments:
        words = words[: -len(arguments)]
    base = entry.cwd or ""
    for word in words:
        if os.sep not in word or "://" in word:
            continue
        path = PurePath(os.path.normpath(Path(base) / word))
        if path.is_absolute():
            yield path


def digest_now(folder: str) -> str:
    """The digest of a folder as it is, read the way an audit reads it."""
    acquired = acquire(folder, AcquireOptions(cache=Path(folder), may_fetch=False))
    return "" if isinstance(acquired, NotChecked) else acquired.target.digest
