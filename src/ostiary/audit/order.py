"""What is asked of an audit. Said without importing what reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ostiary.model.surface import Surface
from ostiary.supply.artifact.options import AcquireOptions


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
class Adviser:
    """A program that reads the request on standard input and answers on standard output."""

    words: tuple[str, ...]
    seconds: float = 120.0
    most_bytes: int = 1024 * 1024
    """Of its answer."""

    @property
    def name(self) -> str:
        return Path(self.words[0]).name
