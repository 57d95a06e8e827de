"""What is known of one target beside its files: the subject of rules on where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ostiary.analyze.advisories.advisory import Advisories
from ostiary.analyze.facts import Facts
from ostiary.model.audit import Target


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What an index says of a package beside its files. All of it is the index's word."""

    releases: tuple[tuple[str, datetime], ...] = ()
    """Every version with the time it was published, oldest first."""
    deprecated: str = ""
    """The author's note where the version or the package is deprecated."""
    withdrawn: str = ""
    """The reason where this version was yanked or unpublished."""
    publishers: tuple[str, ...] = ()
    """Who may publish it."""

    def published(self, version: str) -> datetime | None:
        return next((when for name, when in self.releases if name == version), None)

    @property
    def latest(self) -> tuple[str, datetime] | None:
        return max(self.releases, key=lambda one: one[1], default=None)


@dataclass(frozen=True, slots=True)
class Trait:
    """Something odd about the archive itself, met while it was taken apart without running it."""

    kind: str
    """``path escape``, ``absolute path``, ``link out``, ``device``, ``bomb``, ``twice`` (one path
    stored twice), ``encrypted``, ``odd name`` …"""
    path: str
    says: str
    """In a sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not the same in the package and in the source it says it is built from."""

    path: str
    """In the package."""
    kind: str
    """``only in package`` or ``differs``."""


@dataclass(frozen=True, slots=True)
class Supplied:
    """One target as it was supplied."""

    facts: Facts
    target: Target
    now: datetime
    """The time of the audit, with its zone."""
    upkeep: Upkeep | None = None
    """``None`` where no index was asked."""
    traits: tuple[Trait, ...] = ()
    differences: tuple[Difference, ...] | None = None
    """``None`` where package and source were not compared."""
    advisories: Advisories | None = None
    """``None`` where none were at hand; that is "not checked" and told by whoever loads them."""
