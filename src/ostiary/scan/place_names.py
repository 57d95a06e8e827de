"""Findings name a server as the report does, whatever the entry that brought it is called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ostiary.model.client import ServerEntry
from ostiary.model.finding import Finding, Location
from ostiary.model.server import Server
from ostiary.model.visible import visible

_Key = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """The servers behind the places of findings."""

    entries: dict[_Key, list[tuple[ServerEntry, str]]]
    """Client, file and name of an entry: the entry and the name of its server."""
    first: dict[str, tuple[str, int | None]]
    """Server name: the file and line that configure it first."""

    def put(self, finding: Finding) -> Finding:
        """The finding with the server's own name everywhere and the file that brings it."""
        evidence = tuple(
            replace(step, location=self._named(step.location)) for step in finding.evidence
        )
        at = self._named(finding.location)
        if not at.file and at.server in self.first:
            file, line = self.first[at.server]
            at = replace(at, file=file, line=line)
        return replace(finding, location=at, evidence=evidence)

    def _named(self, at: Location) -> Location:
        known = self.entries.get((at.client, at.file, at.server), ())
        fits = [name for entry, name in known if len(known) == 1 or _inside(at, entry)]
        return replace(at, server=fits[0]) if fits and fits[0] != at.server else at


def place_names(servers: Iterable[Server]) -> PlaceNames:
    """The names of ``servers``, by the places of their entries."""
    entries: dict[_Key, list[tuple[ServerEntry, str]]] = defaultdict(list)
    first: dict[str, tuple[str, int | None]] = {}
    for server in servers:
        for entry in server.entries:
            for written in {entry.name, visible(entry.name)}:
                entries[entry.client, entry.file, written].append((entry, server.name))
        where = min(server.entries, key=lambda entry: (entry.file, entry.line or 0))
        first.setdefault(server.name, (where.file, where.line))
    return PlaceNames(entries, first)


def _inside(at: Location, entry: ServerEntry) -> bool:
    """Whether a place lies in one of several entries of one name in one file."""
    if entry.pointer and at.pointer:
        return at.pointer == entry.pointer or at.pointer.startswith(entry.pointer + "/")
    return at.line == entry.line
