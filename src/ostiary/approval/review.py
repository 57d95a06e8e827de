"""The approved servers looked at again: what is due, what drifted, what is not used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ostiary.approval.decide import neighbours
from ostiary.approval.propose import surface_seen
from ostiary.approval.start import server_of
from ostiary.approval.surfaces import surface_of
from ostiary.approval.weigh import weigh
from ostiary.approval.words import change_lines, told
from ostiary.model.approval import Approval
from ostiary.model.change import Change
from ostiary.model.finding import Finding, order
from ostiary.model.json import JsonObject
from ostiary.model.outcome import NotChecked
from ostiary.model.surface import Surface
from ostiary.model.visible import NAME, visible
from ostiary.surface.difference import differences

MOST_CALLS = 1_000
"""Calls of one server that are counted; it is either used or not."""


class Due(StrEnum):
    """Whether an approval has to be looked at again."""

    OVERDUE = "overdue"
    """Its day has passed, or is today."""
    SOON = "soon"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Use:
    """How one server was used since it was approved, as far as the record says."""

    calls: int
    last: str = ""
    """RFC 3339; empty if never."""
    things: frozenset[str] = frozenset()
    """``KIND:NAME`` of what was used."""

    @property
    def whole(self) -> bool:
        """Whether every call was counted, so that what is not in ``things`` was never used."""
        return self.calls < MOST_CALLS


@dataclass(frozen=True, slots=True)
class Row:
    """One approved server as it stands today."""

    approval: Approval
    due: Due
    days: int
    """Until its day; negative once it has passed, 0 where there is none."""
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Serious findings about what is approved that nobody gave a reason for."""
    looked: bool = False
    """Whether it was recorded again."""
    not_looked: str = ""
    """Why it was not."""
    use: Use | None = None
    """``None`` where there is no record to ask."""
    withheld: tuple[str, ...] = ()
    """What the gateway withheld since it was approved, in words."""

    @property
    def unused(self) -> tuple[str, ...]:
        """Approved tools that were never used, if that can be told."""
        if self.use is None or not self.use.whole:
            return ()
        used = self.use.things
        items = self.approval.items
        return tuple(
            one.name for one in items if one.kind == "tool" and f"tool:{one.name}" not in used
        )

    @property
    def needs_a_person(self) -> bool:
        """Whether something about it should be decided."""
        if self.due is Due.OVERDUE or self.changes or self.findings:
            return True
        # What was looked at just now knows better than the record.
        return bool(self.withheld) and not self.looked


def due_of(approval: Approval, today: date, within: int) -> tuple[Due, int]:
    """Whether an approval is due, and in how many days. ``within`` days from now is soon."""
    if not approval.review_by:
        return Due.NEVER, 0
    days = (date.fromisoformat(approval.review_by) - today).days
    if days <= 0:
        return Due.OVERDUE, days
    return (Due.SOON if days <= within else Due.LATER), days


def rows(
    approvals: tuple[Approval, ...],
    seen: Mapping[str, Surface | NotChecked],
    uses: Mapping[str, Use],
    today: date,
    within: int,
) -> tuple[Row, ...]:
    """Every approval, what has to be decided first. ``seen`` holds what was recorded just now."""
    found = [
        _row(one, approvals, seen.get(one.server), uses, due_of(one, today, within))
        for one in approvals
    ]
    return tuple(sorted(found, key=_order))


def _order(row: Row) -> tuple[bool, bool, bool, int, str]:
    return (
        not row.changes,
        row.due is not Due.OVERDUE,
        not row.findings,
        row.days if row.due is not Due.NEVER else 10**6,
        row.approval.server,
    )


def _row(
    one: Approval,
    approvals: tuple[Approval, ...],
    seen: Surface | NotChecked | None,
    uses: Mapping[str, Use],
    due: tuple[Due, int],
) -> Row:
    row = Row(one, *due, use=uses.get(one.server))
    if isinstance(seen, NotChecked):
        row = replace(row, not_looked=seen.reason)
    elif seen is not None:
        changes = differences(surface_of(one), surface_seen(seen, one))
        row = replace(row, looked=True, changes=changes)
    # What passes the gateway is what was approved, so that is what is judged by today's rules.
    weighed = weigh(server_of(one), surface_of(one), neighbours(one.server, approvals))
    accepted = {print_ for each in one.accepted for print_ in each.fingerprints}
    groups = (weighed.whole, *weighed.by_item.values())
    serious = {hit.fingerprint: hit for group in groups for hit in group}
    standing = [hit for print_, hit in serious.items() if print_ not in accepted]
    return replace(row, findings=tuple(sorted(standing, key=order)))


def kept(approval: Approval, review_by: str) -> Approval:
    """The approval as it is, to be looked at again on another day."""
    return replace(approval, review_by=review_by)


def row_lines(row: Row) -> Iterator[str]:
    """One server in words."""
    one = row.approval
    yield f"{one.server}  {_due_words(row)}  (owner {visible(one.owner, NAME)})"
    if one.reason:
        yield f"  approved for: {visible(one.reason, 200)}"
    if row.not_looked:
        yield f"  not looked at: {visible(row.not_looked, 300)}"
    elif row.looked and not row.changes:
        yield "  shows what was approved"
    yield from change_lines(row.changes)
    for words in row.withheld[:10] if not row.looked else ():
        yield f"  withheld by the gateway: {words}"
    for finding in row.findings[:10]:
        yield f"  finding: {told(finding)}"
    yield from _use_lines(row)


def _due_words(row: Row) -> str:
    day = row.approval.review_by
    if row.due is Due.NEVER:
        return "no review date"
    if row.due is Due.OVERDUE:
        return f"DUE since {day}" if row.days < 0 else f"DUE today, {day}"
    return f"due {day}, in {row.days} day{'s' if row.days != 1 else ''}"


def _use_lines(row: Row) -> Iterator[str]:
    if row.use is None:
        return
    if not row.use.calls:
        yield "  never used since it was approved"
        return
    count = f"{row.use.calls} calls" if row.use.whole else f"at least {row.use.calls} calls"
    yield f"  used: {count} since it was approved, last {row.use.last}"
    if row.unused:
        some = ", ".join(visible(name, NAME) for name in row.unused[:8])
        more = f" and {len(row.unused) - 8} more" if len(row.unused) > 8 else ""
        yield f"  never used: {some}{more}"


def rows_json(found: Iterable[Row]) -> list[JsonObject]:
    """The rows for programs."""
    return [_json(row) for row in found]


def _json(row: Row) -> JsonObject:
    use: JsonObject | None = None
    if row.use is not None:
        use = {
            "calls": row.use.calls,
            "last": row.use.last,
            "whole": row.use.whole,
            "unused": list(row.unused),
        }
    return {
        "server": row.approval.server,
        "owner": row.approval.owner,
        "reason": row.approval.reason,
        "approved_at": row.approval.approved_at,
        "approved_by": row.approval.approved_by,
        "review_by": row.approval.review_by,
        "due": row.due.value,
        "days": row.days if row.due is not Due.NEVER else None,
        "looked": row.looked,
        "not_looked": row.not_looked,
        "changes": [
            {"part": one.part, "says": one.says, "severity": one.severity.word}
            for one in row.changes
        ],
        "findings": [
            {"rule": one.rule, "severity": one.severity.word, "message": one.message}
            for one in row.findings
        ],
        "withheld": list(row.withheld),
        "use": use,
    }
