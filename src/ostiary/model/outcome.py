"""What a scan could not do, and what that makes of the whole answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something that was asked for and not looked at. Never the same as clean."""

    subject: str
    """What was not checked: a server, a file, a rule."""
    reason: str
    """Why, in one sentence."""
    remedy: str = ""
    """What would let it be checked, for example a flag to grant something."""
    server: str | None = None
    file: str | None = None


class Completeness(StrEnum):
    """Whether everything that was asked for was looked at."""

    COMPLETE = "COMPLETE"
    INCOMPLETE = "INCOMPLETE"
