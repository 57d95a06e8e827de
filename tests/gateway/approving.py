"""Looks at servers as ``ostiary approve`` does, and approves all they show, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ostiary.approval.look import Means, look_at
from ostiary.approval.propose import propose
from ostiary.approval.start import given_server, with_token
from ostiary.approval.weigh import Weighed
from ostiary.approval.wish import Moment, Wish
from ostiary.catalogue.book import open_page, write_page
from ostiary.catalogue.settings import ApprovalSettings
from ostiary.model.approval import Approval, Start
from ostiary.model.outcome import NotChecked


class NotSeen(Exception):
    """The server cannot be looked at, so nobody can approve it."""


def approval_of(
    name: str, start: Start, cache: Path, wish: Wish | None = None, token: str = ""
) -> Approval:
    """Everything the server shows now, to a caller with ``token``, approved. Raises
    :class:`NotSeen`."""
    server = with_token(given_server(name, start), token)
    means = Means(cache=cache, fetch=False, allow_private=True, seconds=30)
    seen = look_at(((server, start),), means, lambda _: None)[name]
    if isinstance(seen, NotChecked):
        raise NotSeen(f"{name}: {seen.reason}")
    moment = Moment(datetime(2026, 11, 21, tzinfo=UTC), "a test", review_days=0)
    found = propose(
        start,
        seen,
        Weighed((), {}, (), ()),
        wish=wish or Wish(reason="for a test"),
        earlier=None,
        moment=moment,
    )
    return found.approval


def with_levels(approval: Approval, levels: Mapping[str, tuple[str, ...]]) -> Approval:
    """``approval`` with confirmed levels for the named tools."""
    items = tuple(
        replace(one, levels=levels.get(one.name, one.levels)) if one.kind == "tool" else one
        for one in approval.items
    )
    return replace(approval, items=items)


def write_lock(folder: Path, state: Path, approvals: Iterable[Approval]) -> None:
    """Sign ``approvals`` as the lock in ``folder``; more are added to those that are there."""
    settings = ApprovalSettings.from_table({}, folder, state)
    page = open_page(settings)
    known = {one.server: one for one in page.approvals} | {one.server: one for one in approvals}
    write_page(settings, page, [known[name] for name in sorted(known)])
