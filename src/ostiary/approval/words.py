"""A proposal in words, for a person who is about to say yes or no."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ostiary.approval.candidates import Candidate
from ostiary.approval.levels import Sight
from ostiary.approval.propose import Proposal
from ostiary.model.approval import Approval, ApprovedItem, Start
from ostiary.model.change import Change
from ostiary.model.finding import Finding
from ostiary.model.grade import Severity
from ostiary.model.server import Server
from ostiary.model.visible import NAME, visible
from ostiary.surface.pinned_words import line

MOST = 40
"""Rows of one list that are shown; the rest is counted."""


def command_words(server: Server) -> str:
    """What is started or called, in one line."""
    return visible(server.command, 2_000)


def granted_words(server: Server, start: Start) -> Iterator[str]:
    """What it gets while it is looked at, so that nobody agrees to more than they see."""
    entry = server.entries[0]
    given = [one.name for one in (*entry.env, *entry.headers) if one.value is not None]
    if given:
        yield f"with values for {', '.join(visible(name, NAME) for name in given)}"
    if start.network:
        yield "with the network"
    for path in (*start.readable, *start.writable):
        yield f"reading {visible(path, 200)}"


def counted(items: int) -> str:
    """``1 item``, ``2 items``."""
    return f"{items:,} item{'' if items == 1 else 's'}"


def proposal_lines(proposal: Proposal, candidate: Candidate) -> Iterator[str]:
    """Everything a person needs to decide. A re-approval tells only what changed."""
    one, earlier = proposal.approval, proposal.earlier
    yield f"{one.server}  ({candidate.origin})"
    yield f"  {'starts' if one.start.command else 'calls'}: {command_words(candidate.server)}"
    if one.artifact:
        yield f"  code: {visible(one.artifact, 200)}"
    yield from _grants(one)
    if earlier is None:
        yield from _items(proposal, one.items)
    else:
        yield from _changes(proposal, earlier)
    yield from _left_out(one)
    yield from _findings(proposal)
    for problem in proposal.not_checked:
        yield f"  not checked: {visible(problem.subject, NAME)}: {visible(problem.reason, 200)}"
    yield from _needs(candidate)
    due = one.review_by or "never"
    yield f"  owner {visible(one.owner, NAME)}; to be looked at again by {due}"


def _grants(one: Approval) -> Iterator[str]:
    if one.start.transport != "stdio":
        return
    told = ["the network" if one.start.network else "no network"]
    told += [f"reads {visible(path, 120)}" for path in one.start.readable]
    told += [f"writes {visible(path, 120)}" for path in one.start.writable]
    yield f"  its box: {', '.join(told)}"


def _items(proposal: Proposal, items: Iterable[ApprovedItem]) -> Iterator[str]:
    rows = list(items)
    if not rows:
        yield "  it shows nothing that would be approved"
    for item in rows[:MOST]:
        yield from _item(item, proposal.sights.get((item.kind, item.name)))
    if len(rows) > MOST:
        yield f"  and {len(rows) - MOST} more; --json shows all"


def _item(item: ApprovedItem, sight: Sight | None) -> Iterator[str]:
    levels = ", ".join(item.levels) or "UNKNOWN"
    labels = f"  [{', '.join(item.labels)}]" if item.labels else ""
    yield f"  {item.kind} {visible(item.name, NAME)}: {levels}{labels}"
    if sight is None or item.kind != "tool":
        return
    if sight.by != "evidence":
        yield f"      set by {'a person' if sight.by == 'person' else 'the earlier approval'}"
    for says in sight.evidence if sight.by == "evidence" else ():
        yield f"      {visible(says, 200)}"
    for says in sight.contradicted:
        yield f"      its claim does not hold: {visible(says, 200)}"


def _changes(proposal: Proposal, earlier: Approval) -> Iterator[str]:
    if proposal.same:
        yield "  nothing changed since it was approved"
    for says in proposal.start_changes:
        yield f"  changed: it {says}"
    yield from change_lines(proposal.changes)
    fresh = [
        item
        for item in proposal.approval.items
        if (before := earlier.item(item.kind, item.name)) is None or before != item
    ]
    if fresh:
        yield "  what would be approved anew:"
        yield from _items(proposal, fresh)


def change_lines(changes: Iterable[Change]) -> Iterator[str]:
    """Changes grouped by what they are about, worst first."""
    parts: dict[str, list[Change]] = {}
    for change in changes:
        parts.setdefault(change.part, []).append(change)
    for part, group in list(parts.items())[:MOST]:
        yield f"  changed: {visible(part, NAME + 20)}"
        for change in group[:12]:
            yield f"      {_weight(change.severity)}{line(change)}"
    if len(parts) > MOST:
        yield f"  and {len(parts) - MOST} more parts changed"


def _weight(severity: Severity) -> str:
    return f"{severity!s}: " if severity >= Severity.MEDIUM else ""


def _left_out(one: Approval) -> Iterator[str]:
    for left in one.left_out[:MOST]:
        name = f" {visible(left.name, NAME)}" if left.name else ""
        yield f"  left out: {left.kind}{name}: {visible(left.why, 240)}"
    if len(one.left_out) > MOST:
        yield f"  and {len(one.left_out) - MOST} more left out"


def _findings(proposal: Proposal) -> Iterator[str]:
    stops = {one.fingerprint for one in proposal.stops}
    known = {print_ for one in proposal.approval.accepted for print_ in one.fingerprints}
    for one in proposal.findings[:MOST]:
        mark = " STOPS" if one.fingerprint in stops else ""
        mark = " (accepted)" if one.fingerprint in known else mark
        yield f"  finding{mark}: {told(one)}"
    if len(proposal.findings) > MOST:
        yield f"  and {len(proposal.findings) - MOST} more findings"


def told(finding: Finding) -> str:
    """A finding in one line."""
    where = f" ({visible(finding.location.part, 100)})" if finding.location.part else ""
    return f"{finding.severity!s} {finding.rule}{where}: {visible(finding.message, 300)}"


def _needs(candidate: Candidate) -> Iterator[str]:
    for lacking in candidate.lacking:
        yield f"  not given: {visible(lacking, 300)}"
    if not candidate.needed:
        return
    names = ", ".join(visible(one.name, NAME) for one in candidate.needed)
    yield f"  it is configured with {names}, which the lock does not hold; tell ostiary.toml where"
    yield "  the values are (env:NAME, file:PATH, or literal:TEXT for what is no secret):"
    for kind in ("env", "headers"):
        rows = [one for one in candidate.needed if one.kind == kind]
        if rows:
            yield ""
            yield f"      [servers.{candidate.name}.{kind}]"
            for one in rows:
                yield f"      {_toml(one.name)} = {_toml(one.suggestion)}"
            yield ""


def _toml(text: str) -> str:
    """A basic string of TOML."""
    safe = visible(text, 400).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{safe}"'
