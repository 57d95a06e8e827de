"""Puts what a command decided into the record, and lets nothing be decided where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from ostiary.ledger.failure import LedgerUnusable
from ostiary.ledger.settings import LedgerSettings
from ostiary.model.event import Event, RecordUnwritable


class Unrecorded(Exception):
    """A decision could not be recorded. The message says what stands and what to do."""


@contextmanager
def recording(settings: LedgerSettings) -> Iterator[Callable[[Iterable[Event]], None]]:
    """The record while something is decided: opened before it, so that nothing is decided where
    nothing can be recorded. A gateway that runs writes another chain of the same record.

    Raises :class:`Unrecorded`.
    """
    from ostiary.ledger.opening import open_ledger  # noqa: PLC0415 - only a decision needs it

    try:
        ledger = open_ledger(settings)
    except LedgerUnusable as problem:
        raise Unrecorded(
            f"nothing was changed, because it could not be recorded: {problem}"
        ) from None

    def add(events: Iterable[Event]) -> None:
        for event in events:
            ledger.append(event)

    try:
        yield add
    except RecordUnwritable as problem:
        raise Unrecorded(
            f"the lock was changed, and that could not be recorded: {problem}; mend the record and "
            "look at it with `ostiary log verify`"
        ) from None
    finally:
        try:
            ledger.close()
        except RecordUnwritable as problem:
            raise Unrecorded(f"the end of the record could not be signed: {problem}") from None
