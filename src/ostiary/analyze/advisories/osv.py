"""Reads one record of OSV form (schema 1.x). Unknown members are ignored; sizes are bounded."""

from __future__ import annotations

from ostiary.analyze.advisories.advisory import Advisory, Affected, Range, package_key
from ostiary.analyze.advisories.cvss import severity_of
from ostiary.model.grade import Severity
from ostiary.model.json import JsonObject, as_list, as_object, as_text, strings
from ostiary.model.visible import one_line
from ostiary.wire.strict_json import Limits, RefusedJson, decode

MAX_BYTES = 4 * 1024 * 1024
_LIMITS = Limits(size=MAX_BYTES, depth=32)
_MOST_RANGES = 500
_MOST_EVENTS = 2000
_MOST_VERSIONS = 20_000
_MOST_PACKAGES = 1000

ECOSYSTEMS = {
    "npm": "npm",
    "PyPI": "pypi",
    "crates.io": "cargo",
    "Go": "go",
    "Maven": "maven",
    "NuGet": "nuget",
}
"""OSV's names and ours; what follows a colon in theirs is a repository and is ignored."""

_WORDS = {
    "LOW": Severity.LOW,
    "MODERATE": Severity.MEDIUM,
    "MEDIUM": Severity.MEDIUM,
    "HIGH": Severity.HIGH,
    "CRITICAL": Severity.CRITICAL,
}
_EVENTS = ("introduced", "fixed", "last_affected", "limit")


class NotOsv(ValueError):
    """The bytes are no record of OSV form. The message says why."""


def read_osv(data: bytes) -> Advisory | None:
    """The record; ``None`` if it was withdrawn. Raises :class:`NotOsv`."""
    try:
        raw = decode(data, _LIMITS)
    except RefusedJson as error:
        raise NotOsv(str(error)) from None
    except RecursionError:
        raise NotOsv("it is nested too deep") from None
    if not isinstance(raw, dict) or not as_text(raw.get("id")) or not as_text(raw.get("modified")):
        raise NotOsv("it has no id or no date of modification")
    if as_text(raw.get("withdrawn")):
        return None
    affected = [as_object(one) for one in as_list(raw.get("affected"))[:_MOST_PACKAGES]]
    return Advisory(
        id=as_text(raw.get("id"))[:120],
        aliases=tuple(one[:120] for one in strings(raw.get("aliases"))[:50]),
        summary=_summary(raw),
        severity=_severity(raw, affected),
        modified=as_text(raw.get("modified"))[:40],
        affected=tuple(one for one in map(_affected, affected) if one is not None),
    )


def _summary(raw: JsonObject) -> str:
    return one_line(as_text(raw.get("summary")) or as_text(raw.get("details")), 200)


def _severity(raw: JsonObject, affected: list[JsonObject]) -> Severity | None:
    """The word of the database that made the record; else the highest CVSS score."""
    for table in (raw, *affected):
        for key in ("database_specific", "ecosystem_specific"):
            word = as_text(as_object(table.get(key)).get("severity")).upper()
            if word in _WORDS:
                return _WORDS[word]
    vectors = [
        as_text(as_object(one).get("score"))
        for table in (raw, *affected)
        for one in as_list(table.get("severity"))
    ]
    scored = [one for one in map(severity_of, vectors[:50]) if one is not None]
    return max(scored, default=None)


def _affected(one: JsonObject) -> Affected | None:
    package = as_object(one.get("package"))
    ecosystem = ECOSYSTEMS.get(as_text(package.get("ecosystem")).partition(":")[0])
    name = as_text(package.get("name"))
    if ecosystem is None or not name or len(name) > 500:
        return None
    return Affected(
        ecosystem=ecosystem,
        package=package_key(ecosystem, name),
        ranges=tuple(_range(as_object(each)) for each in as_list(one.get("ranges"))[:_MOST_RANGES]),
        versions=frozenset(strings(one.get("versions"))[:_MOST_VERSIONS]),
    )


def _range(one: JsonObject) -> Range:
    events = [
        (event, as_text(as_object(each).get(event))[:200])
        for each in as_list(one.get("events"))[:_MOST_EVENTS]
        for event in _EVENTS
        if event in as_object(each)
    ]
    return Range(as_text(one.get("type")).upper(), tuple(events))
