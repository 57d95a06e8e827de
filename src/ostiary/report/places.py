"""Where a finding lies, for formats that need a file, and how findings repeat."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ostiary.model.finding import Finding, Location
from ostiary.model.scan import ScanResult


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one rule at one server or file; the first is the worst."""

    first: Finding
    rest: tuple[Finding, ...]

    @property
    def size(self) -> int:
        return 1 + len(self.rest)


def groups(findings: tuple[Finding, ...]) -> tuple[Group, ...]:
    """Repeats of a rule per server or file put together, worst first, else in the order given."""
    found: dict[tuple[str, int, str, str], list[Finding]] = {}
    for one in sorted(findings, key=lambda finding: (-finding.severity, -finding.confidence)):
        place = one.location
        key = (
            one.rule,
            int(one.severity),
            place.server or "",
            "" if place.server else place.file or "",
        )
        found.setdefault(key, []).append(one)
    return tuple(Group(many[0], tuple(many[1:])) for many in found.values())


@dataclass(frozen=True, slots=True)
class Family:
    """Groups of one rule that differ in place only: they share reason and remedy."""

    groups: tuple[Group, ...]

    @property
    def first(self) -> Finding:
        return self.groups[0].first

    @property
    def size(self) -> int:
        return sum(group.size for group in self.groups)


def families(found: tuple[Group, ...]) -> tuple[Family, ...]:
    """Groups that would repeat the same words put together, in the order of their first."""
    alike: dict[tuple[str, int, str, str], list[Group]] = {}
    for group in found:
        one = group.first
        alike.setdefault((one.rule, one.severity, one.consequence, one.remedy), []).append(group)
    return tuple(Family(tuple(many)) for many in alike.values())


class Anchors:
    """Gives a finding about a surface the file that brings its server in."""

    def __init__(self, result: ScanResult) -> None:
        self._files: dict[str, Location] = {}
        for surface in result.surfaces:
            if surface.source not in ("live", "memory"):
                self._files.setdefault(surface.server, Location(file=surface.source))
        for server in result.servers:
            entry = server.entries[0]
            place = Location(file=entry.file, line=entry.line, column=entry.column)
            self._files.setdefault(server.name, place)
            for other in server.entries:
                self._files.setdefault(other.name, place)

    def place(self, location: Location) -> Location:
        """``location`` with a file, if one is known."""
        if location.file is not None or location.server is None:
            return location
        file = self._files.get(location.server)
        if file is None:
            return location
        return replace(location, file=file.file, line=file.line, column=file.column)
