"""What can go wrong with a record, apart from :class:`~ostiary.model.event.RecordUnwritable`."""

from __future__ import annotations


class LedgerUnusable(Exception):
    """The ledger cannot be opened. The message says what is wrong and what to do."""


class LedgerInUse(LedgerUnusable):
    """Another process writes this chain."""
