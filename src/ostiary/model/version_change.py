"""What is different between two audited versions of one server, and the answer to a worry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ostiary.model.grade import Confidence, Severity


class ChangeKind(StrEnum):
    """What kind of thing changed."""

    DEPENDENCY_ADDED = "dependency added"
    DEPENDENCY_REMOVED = "dependency removed"
    DEPENDENCY_CHANGED = "dependency changed"
    SCRIPT = "script that runs by itself"
    PROVENANCE = "provenance"
    PUBLISHER = "publisher"
    TOOL_ADDED = "tool added"
    TOOL_REMOVED = "tool removed"
    TOOL_CHANGED = "tool changed"
    TEXT = "text for the model"
    LEVEL = "level gained"
    LEVEL_LOST = "level lost"
    DESTINATION = "destination"
    CREDENTIAL = "credential read"
    STORED = "data stored"
    SELF_UPDATE = "self-update"
    FINDING = "new finding"
    FIXED = "finding gone"
    LICENCE = "licence"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One difference from the earlier version to the later one."""

    kind: ChangeKind
    says: str
    """In words: "`query` now writes"."""
    severity: Severity
    before: str = ""
    after: str = ""
    """Visible excerpts, free of secrets."""
    topic: str = ""
    """What of the kind: the level gained, the host, the name of the dependency."""
    mentioned: bool | None = None
    """Whether the release notes speak of such a thing; ``None`` where there are no notes."""


class Reply(StrEnum):
    """The answer to a worry."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What can be said to one worry, stated in words."""

    concern: str
    reply: Reply
    reasons: tuple[str, ...]
    """Never empty: the changes that make it a yes, what was compared for a no, what is missing for
    an unknown."""
    confidence: Confidence
    understood: tuple[str, ...] = ()
    """Topics that the words were read as."""


@dataclass(frozen=True, slots=True)
class Notes:
    """Release notes between two versions, as the later one carries them."""

    file: str
    sections: tuple[tuple[str, str], ...]
    """Version and text of each, newest first; made visible and cut."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side."""

    before: str
    after: str
    """Labels of the two targets."""
    changes: tuple[VersionChange, ...]
    """Worst first."""
    notes: tuple[Notes, ...]
    answers: tuple[Answer, ...] = ()
    """One to each question that was asked."""
    not_compared: tuple[str, ...] = ()
    """What could not be compared, and why: no change there means nothing."""
