"""Puts what a command decided into the record, and refuses to decide where it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ostiary.approval.place import Place
from ostiary.approval.wish import Moment
from ostiary.model.event import Event


class Record:
    """The record while one decision is made. Opened before it, so that none goes unrecorded."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events

    def add(self, events: Iterable[Event]) -> None:
        """Note what was decided."""
        self.events.extend(events)

    @classmethod
    @contextmanager
    def open(cls, place: Place, moment: Moment) -> Iterator[Record]:
        """The record of this place."""
        del place, moment
        yield cls([])
