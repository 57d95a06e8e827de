"""What is learned of a target: fetched first, then read."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.analyze.manifests.package import Manifest
from ostiary.analyze.supplied import Difference
from ostiary.analyze.verdict.coverage import Coverage
from ostiary.model.audit import Target, ToolReach
from ostiary.model.finding import Finding
from ostiary.model.outcome import NotChecked
from ostiary.model.surface import Surface
from ostiary.model.version_change import Comparison
from ostiary.supply.artifact.acquired import Acquired


@dataclass(frozen=True, slots=True)
class Fetched:
    """A target with everything that had to be asked of the network."""

    acquired: Acquired
    differences: tuple[Difference, ...] | None
    """Between the package and its source."""
    not_checked: tuple[NotChecked, ...]


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


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions, read and compared."""

    before: Reading
    after: Reading
    comparison: Comparison


Answer = Reading | Pair
