"""What came before a target: the steps of its history."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.analyze.history import Passage
from ostiary.model.outcome import NotChecked


@dataclass(frozen=True, slots=True)
class Past:
    """The steps of a server's history."""

    passages: tuple[Passage, ...] = ()
    """Oldest first; the last one ends at the target itself."""
    not_checked: tuple[NotChecked, ...] = ()
