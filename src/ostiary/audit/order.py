"""What is asked of an audit, and what is learned of one target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ostiary.analyze.manifests.package import Manifest
from ostiary.analyze.verdict.coverage import Coverage
from ostiary.model.audit import Target, ToolReach
from ostiary.model.finding import Finding
from ostiary.model.outcome import NotChecked
from ostiary.model.surface import Surface
from ostiary.supply.artifact.acquired import AcquireOptions


@dataclass(frozen=True, slots=True)
class Order:
    """How every target of one run is read."""

    now: datetime
    """The time of the audit, with its zone: nothing else in an audit looks at a clock."""
    acquire: AcquireOptions
    advisories: Path | None = None
    """Folder of OSV records."""
    recorded: Surface | None = None
    """What the running server was seen to show, to be held against its code."""
    compare_source: bool = False
    """Whether the source repository that a package names may be fetched and compared."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything learned of one target, before anybody's circumstances are looked at."""

    target: Target
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    tools: tuple[ToolReach, ...]
    kind: str
    coverage: Coverage
    surface: Surface | None = None
    facts: tuple[tuple[str, str], ...] = ()
    manifests: tuple[Manifest, ...] = ()
    publishers: tuple[str, ...] | None = None
    """Who may publish it; ``None`` where that is not known."""
