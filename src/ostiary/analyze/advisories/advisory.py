"""The nouns of an advisory, and all of them together with their age."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ostiary.model.grade import Severity

_SEPARATORS = re.compile(r"[-_.]+")


@dataclass(frozen=True, slots=True)
class Range:
    """Where a flaw begins and ends, as a list of events."""

    kind: str
    """``SEMVER``, ``ECOSYSTEM`` or ``GIT``; the last is about commits and never about versions."""
    events: tuple[tuple[str, str], ...]
    """``introduced``, ``fixed``, ``last_affected`` or ``limit``, each with its version."""

    @property
    def fixed(self) -> tuple[str, ...]:
        return tuple(version for event, version in self.events if event == "fixed")


@dataclass(frozen=True, slots=True)
class Affected:
    """One package an advisory speaks of."""

    ecosystem: str
    """As :class:`~ostiary.analyze.manifests.package.Dependency` says it."""
    package: str
    """In the form that :func:`package_key` gives."""
    ranges: tuple[Range, ...]
    versions: frozenset[str]
    """Versions named one by one."""

    @property
    def fixed(self) -> tuple[str, ...]:
        """Versions that mend it, as written."""
        return tuple(dict.fromkeys(one for each in self.ranges for one in each.fixed))


@dataclass(frozen=True, slots=True)
class Advisory:
    """One published advisory."""

    id: str
    aliases: tuple[str, ...]
    summary: str
    severity: Severity | None
    """``None`` if the record states none that can be read."""
    modified: str
    """RFC 3339, as written."""
    affected: tuple[Affected, ...]

    @property
    def malicious(self) -> bool:
        """Whether it reports a package that was made or taken over to do harm."""
        return self.id.startswith("MAL-") or any(one.startswith("MAL-") for one in self.aliases)

    @property
    def label(self) -> str:
        """The id that people know best."""
        known = (one for one in (self.id, *self.aliases) if one.startswith("CVE-"))
        return next(known, self.id)


@dataclass(frozen=True, slots=True)
class Advisories:
    """What one folder of records says about the packages that were asked for."""

    by_package: Mapping[tuple[str, str], tuple[Advisory, ...]] = field(default_factory=dict)
    """By ecosystem and :func:`package_key`; each in order of id."""
    newest: str = ""
    """The newest ``modified`` of any record, also of those about other packages."""
    count: int = 0
    """Records that were read."""
    unread: int = 0
    """Records that could not be read."""
    ecosystems: frozenset[str] = frozenset()
    """Ecosystems that any record speaks of: an absent one was not checked."""

    def about(self, ecosystem: str, name: str) -> tuple[Advisory, ...]:
        return self.by_package.get((ecosystem, package_key(ecosystem, name)), ())


def package_key(ecosystem: str, name: str) -> str:
    """The name as its index compares it (PEP 503 for Python)."""
    return _SEPARATORS.sub("-", name).lower() if ecosystem == "pypi" else name


def gathered(
    advisories: Iterable[Advisory], newest: str, count: int, unread: int, ecosystems: frozenset[str]
) -> Advisories:
    """The records by package, in an order that does not depend on the order of reading."""
    found: dict[tuple[str, str], dict[str, Advisory]] = {}
    for one in advisories:
        for each in one.affected:
            found.setdefault((each.ecosystem, each.package), {})[one.id] = one
    ordered = {key: tuple(found[key][name] for name in sorted(found[key])) for key in sorted(found)}
    return Advisories(ordered, newest, count, unread, ecosystems)
