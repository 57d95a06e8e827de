"""What earlier scans saw of a server, also where its version moved since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from ostiary.inventory.redact import shown_words
from ostiary.model.outcome import NotChecked
from ostiary.model.server import Server
from ostiary.model.surface import Surface


class Remembers(Protocol):
    """What a scan asks of the memory."""

    def last(self, key: str, /) -> Surface | NotChecked | None:
        """The surface last seen under this key, or why what was kept cannot be read."""

    def keep(self, surface: Surface, /) -> NotChecked | None:
        """Keep a surface; says why if it could not."""


def lineage(server: Server) -> str | None:
    """A key that stays the same while the version of a package moves; ``None`` without one.

    A server's own key covers the version, so that two versions are two servers. An upgrade is
    compared along the lineage: the same package with the same arguments.
    """
    package = server.launch.package
    if package is None:
        return None
    parts = (package.ecosystem, package.name, *shown_words(server.launch.arguments))
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"lineage:{digest[:24]}"


def remembered(
    servers: Iterable[Server], memory: Remembers
) -> tuple[dict[str, Surface], list[NotChecked]]:
    """By server key, what was seen last of exactly this server, under the name it has now."""
    seen: dict[str, Surface] = {}
    damaged: list[NotChecked] = []
    for server in servers:
        last = memory.last(server.key)
        if isinstance(last, NotChecked):
            damaged.append(last)
        elif last is not None:
            seen[server.key] = replace(last, server=server.name)
    return seen, damaged


def forebears(
    servers: Iterable[Server], live: Iterable[Surface], seen: dict[str, Surface], memory: Remembers
) -> dict[str, Surface]:
    """By server key, the same package at another version, for servers that are seen first now."""
    fresh = {surface.key for surface in live} - seen.keys()
    found: dict[str, Surface] = {}
    for server in servers:
        key = lineage(server)
        last = memory.last(key) if key and server.key in fresh else None
        if isinstance(last, Surface):
            found[server.key] = replace(last, server=server.name)
    return found


def keep(servers: Iterable[Server], live: Iterable[Surface], memory: Remembers) -> list[NotChecked]:
    """Keep every surface under its own key and its lineage; says what could not be kept."""
    lineages = {server.key: lineage(server) for server in servers}
    problems = []
    for surface in live:
        keys = (surface.key, lineages.get(surface.key))
        for key in keys:
            failure = memory.keep(replace(surface, key=key)) if key else None
            if failure is not None:
                problems.append(failure)
    return problems
