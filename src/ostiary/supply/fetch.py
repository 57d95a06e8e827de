"""Brings a package to the cache without running anything of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ostiary.model.outcome import NotChecked
from ostiary.model.server import Package

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Bounds on one fetch."""

    wall_seconds: float = 180.0
    tree_bytes: int = 1024 * 1024 * 1024
    tree_files: int = 200_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """A package in the cache, ready to be started in a box."""

    argv: tuple[str, ...]
    """Starts the package's program; the configured arguments come after."""
    readable: tuple[Path, ...]
    """What the program needs to see."""
    version: str
    """The version that was fetched, also where a range or nothing was asked for."""
    digest: str
    """Over the package's own content: ``sha512-…`` as the index states it, or ``sha256:…``."""
    notes: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()


def fetch(
    package: Package,
    cache: Path,
    limits: FetchLimits = FetchLimits(),  # noqa: B008 - frozen
    progress: Progress = lambda line: None,
    command: str | None = None,
) -> Fetched | NotChecked:
    """Fetch ``package``; ``command`` names its program where it has several."""
    raise NotImplementedError
