"""Whether a version is affected, by OSV's own rule of evaluation, and what a range leaves open."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from ostiary.analyze.advisories import semver
from ostiary.analyze.advisories.advisory import Affected, Range

if TYPE_CHECKING:
    from packaging.version import Version

_SEMVER = frozenset({"npm", "cargo", "go", "deno"})

Comparable: TypeAlias = "Version | semver.Semver"


class Verdict(StrEnum):
    """Whether one version is affected."""

    YES = "affected"
    NO = "not affected"
    UNKNOWN = "not known"
    """The record speaks of commits only, or the version cannot be compared."""


class Opening(StrEnum):
    """What a range that fixes no version means for a flaw."""

    CLOSED = "admits no affected version that can be told"
    MAY = "admits affected versions and a fixed one"
    MUST = "admits affected versions and no fixed one"
    UNKNOWN = "not known"


def comparable(ecosystem: str, version: str) -> Comparable | None:
    """The version in its ecosystem's order; ``None`` if it has none that is known here."""
    if len(version) > 200:
        return None
    if ecosystem in _SEMVER:
        return semver.parse(version)
    if ecosystem == "pypi":
        from packaging.version import (  # noqa: PLC0415 - slow to import, and only Python's
            InvalidVersion,
            Version,
        )

        try:
            return Version(version)
        except InvalidVersion:
            return None
    return None


def affects(one: Affected, version: str) -> Verdict:
    """OSV's evaluation: named one by one, or inside a range of versions."""
    if version in one.versions:
        return Verdict.YES
    own = comparable(one.ecosystem, version)
    if own is None:
        return Verdict.UNKNOWN
    if _is_named(one, own):
        return Verdict.YES
    ranges = [each for each in one.ranges if each.kind != "GIT"]
    if not ranges and not one.versions:
        return Verdict.UNKNOWN
    unsure = False
    for each in ranges:
        inside = _inside(one.ecosystem, each, own)
        if inside:
            return Verdict.YES
        unsure = unsure or inside is None
    return Verdict.UNKNOWN if unsure else Verdict.NO


def _is_named(one: Affected, own: Comparable) -> bool:
    """``1.0`` and ``1.0.0`` are one version of Python packages."""
    if one.ecosystem != "pypi" or len(one.versions) > 2000:
        return False
    return any(comparable("pypi", each) == own for each in sorted(one.versions))


def _inside(ecosystem: str, one: Range, own: Comparable) -> bool | None:
    """Whether a version is inside a range; ``None`` if an event of it cannot be compared.

    Events are walked in the order of their versions; each says what holds from there on.
    """
    events: list[tuple[Comparable | None, str]] = []
    for event, version in one.events:
        if version == "0" and event == "introduced":
            events.append((None, event))
            continue
        at = comparable(ecosystem, version)
        if at is None:
            return None
        events.append((at, event))
    inside = False
    for at, event in sorted(events, key=_place):
        if event == "introduced":
            inside = inside or at is None or not _less(own, at)
        elif event in {"fixed", "limit"} and at is not None:
            inside = inside and _less(own, at)
        elif event == "last_affected" and at is not None:
            inside = inside and not _less(at, own)
    return inside


class _Ordered:
    """Sorts "from the beginning" before every version; endings of a version before beginnings."""

    __slots__ = ("at", "event")

    def __init__(self, at: Comparable | None, event: str) -> None:
        self.at = at
        self.event = event

    def __lt__(self, other: _Ordered) -> bool:
        if self.at is None or other.at is None:
            return self.at is None and other.at is not None
        if self.at == other.at:
            return self.event != "introduced" and other.event == "introduced"
        return _less(self.at, other.at)


def _place(one: tuple[Comparable | None, str]) -> _Ordered:
    return _Ordered(*one)


def _less(one: Comparable, other: Comparable) -> bool:
    if isinstance(one, semver.Semver):
        return isinstance(other, semver.Semver) and one < other
    return not isinstance(other, semver.Semver) and one < other


def admits(ecosystem: str, wanted: str, version: str) -> bool | None:
    """Whether a range admits a version; ``None`` if either cannot be read."""
    own = comparable(ecosystem, version)
    if own is None:
        return None
    if isinstance(own, semver.Semver):
        return semver.admits(wanted, own) if ecosystem != "go" else None
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415

    try:
        return SpecifierSet(wanted[:500]).contains(own, prereleases=own.is_prerelease)
    except InvalidSpecifier:
        return None


def opening(one: Affected, wanted: str) -> Opening:
    """What a range that is not locked leaves open.

    Judged at the versions that the record and the range themselves name: the lowest that the range
    admits, the beginnings of the flaw, the fixed versions and the versions listed one by one.
    """
    fixed = [admits(one.ecosystem, wanted, version) for version in one.fixed]
    if any(fixed):
        mended = True
    elif None in fixed:
        return Opening.UNKNOWN
    else:
        mended = False
    admitted = [
        version
        for version in _candidates(one, wanted)
        if admits(one.ecosystem, wanted, version) and affects(one, version) is Verdict.YES
    ]
    if not admitted:
        return Opening.CLOSED
    return Opening.MAY if mended else Opening.MUST


def _candidates(one: Affected, wanted: str) -> tuple[str, ...]:
    named = [
        version
        for each in one.ranges
        if each.kind != "GIT"
        for event, version in each.events
        if event in {"introduced", "last_affected"} and version != "0"
    ]
    named += sorted(one.versions)[:2000]
    named += _lowest(one.ecosystem, wanted)
    return tuple(dict.fromkeys(named))


def _lowest(ecosystem: str, wanted: str) -> list[str]:
    """Versions that a range names as its lower bounds."""
    if ecosystem == "pypi":
        from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415

        try:
            return [one.version for one in SpecifierSet(wanted[:500]) if one.operator in _LOW]
        except InvalidSpecifier:
            return []
    found = []
    for alternative in semver.bounds(wanted) or ():
        for bound in alternative:
            if bound.op in {">=", "=", ">"}:
                pre = "-" + ".".join(bound.version.pre) if bound.version.pre else ""
                found.append(".".join(map(str, bound.version.release)) + pre)
    return found


_LOW = frozenset({">=", "~=", "==", "==="})
