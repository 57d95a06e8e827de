"""The memory of surfaces: what each server declared, and when it was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ostiary.model.surface import Surface


class MemoryUnreadable(Exception):
    """The memory cannot be opened or read. The message says what, where and the next step."""


class MemoryFull(Exception):
    """A surface could not be kept, for example because the disk is full. Nothing was lost."""


class NotKept(MemoryFull):
    """This one surface cannot be kept, for example because it is nested too deeply."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One surface of one server and the time span in which it was seen unchanged."""

    surface: Surface
    """With ``source`` set to ``memory``."""
    digest: str
    """SHA-256 in hex over everything the server declared."""
    first_seen: datetime
    last_seen: datetime
    sightings: int
    """How many scans saw exactly this surface in this span."""
