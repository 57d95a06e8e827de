"""How approved servers were used, from the search tables of the record."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from ostiary.approval.review import MOST_CALLS, Use
from ostiary.ledger.failure import LedgerUnusable
from ostiary.ledger.search import Search, open_search
from ostiary.ledger.wanted import Wanted
from ostiary.model.approval import Approval
from ostiary.model.event import EventKind


def uses_of(approvals: tuple[Approval, ...], ledger: Path) -> dict[str, Use]:
    """By server, its calls since it was approved. Empty where there is no record to ask."""
    if not ledger.is_dir():
        return {}
    try:
        with closing(open_search(ledger)) as search:
            search.catch_up()
            return {one.server: _use(search, one) for one in approvals}
    except LedgerUnusable:
        return {}


def _use(search: Search, approval: Approval) -> Use:
    since = datetime.strptime(approval.approved_at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    wanted = Wanted(server=approval.server, kind=EventKind.REQUEST.value, since=since.timestamp())
    calls, last, things = 0, 0.0, set()
    for record in search.find(wanted, MOST_CALLS):
        thing = record.text("thing")
        if not thing or thing.startswith("server:"):
            continue
        calls += 1
        last = max(last, record.at)
        things.add(thing)
    moment = datetime.fromtimestamp(last, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if calls else ""
    return Use(calls, moment, frozenset(things))
