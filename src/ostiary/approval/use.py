"""How approved servers were used and what was withheld, from the search tables of the record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from ostiary.approval.review import MOST_CALLS, Use
from ostiary.ledger.failure import LedgerUnusable
from ostiary.ledger.search import Search, open_search
from ostiary.ledger.wanted import Wanted
from ostiary.model.approval import Approval
from ostiary.model.event import EventKind
from ostiary.model.json import as_object, as_text
from ostiary.model.visible import visible

Told = TypeVar("Told")

MOST_DRIFTS = 50
"""Records of drift of one server that are told."""


def uses_of(approvals: tuple[Approval, ...], ledger: Path) -> dict[str, Use]:
    """By server, its calls since it was approved. Empty where there is no record to ask."""
    return _asked(approvals, ledger, _use)


def drifts_of(approvals: tuple[Approval, ...], ledger: Path) -> dict[str, tuple[str, ...]]:
    """By server, what the gateway withheld since it was approved, in words; what a person left out
    is not told. Empty where there is no record to ask."""
    found = _asked(approvals, ledger, _drifts)
    return {name: words for name, words in found.items() if words}


def _asked(
    approvals: tuple[Approval, ...], ledger: Path, ask: Callable[[Search, Approval], Told]
) -> dict[str, Told]:
    if not ledger.is_dir():
        return {}
    try:
        with closing(open_search(ledger)) as search:
            search.catch_up()
            return {one.server: ask(search, one) for one in approvals}
    except LedgerUnusable:
        return {}


def _wanted(approval: Approval, kind: EventKind) -> Wanted:
    since = datetime.strptime(approval.approved_at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return Wanted(server=approval.server, kind=kind.value, since=since.timestamp())


def _drifts(search: Search, approval: Approval) -> tuple[str, ...]:
    left = {one.digest for one in approval.left_out}
    told: dict[str, None] = {}
    for record in search.find(_wanted(approval, EventKind.DRIFT), MOST_DRIFTS):
        if as_text(as_object(record.fields.get("detail")).get("digest")) not in left:
            told[visible(f"{record.text('thing')}: {record.text('why')}", 300)] = None
    return tuple(told)


def _use(search: Search, approval: Approval) -> Use:
    calls, last, things = 0, 0.0, set()
    for record in search.find(_wanted(approval, EventKind.REQUEST), MOST_CALLS):
        thing = record.text("thing")
        if not thing or thing.startswith("server:"):
            continue
        calls += 1
        last = max(last, record.at)
        things.add(thing)
    moment = datetime.fromtimestamp(last, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if calls else ""
    return Use(calls, moment, frozenset(things))
