"""From what a server shows and what a person wishes to the approval that would be signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ostiary.approval.levels import Sight, seen_in
from ostiary.approval.start import CannotApprove
from ostiary.approval.surfaces import surface_of
from ostiary.approval.weigh import INSTRUCTIONS, Key, Weighed
from ostiary.approval.wish import Moment, Wish, bounds_with, chosen, matches
from ostiary.model.approval import Accepted, Approval, ApprovedItem, Bounds, LeftOut, Start
from ostiary.model.audited import Audited
from ostiary.model.change import Change
from ostiary.model.finding import Finding
from ostiary.model.outcome import NotChecked
from ostiary.model.surface import Item, Surface
from ostiary.model.visible import NAME, visible
from ostiary.scan.rules import all_rules
from ostiary.surface.difference import differences
from ostiary.surface.pins import text_digest
from ostiary.wire.canonical import digest

BY_NAME = "left out by name"
NOT_NAMED = "only others were approved"
BY_LIMITS = "left out by the limits of its audit"
_MEANT = (BY_NAME, NOT_NAMED, BY_LIMITS)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a person is asked to say yes to."""

    approval: Approval
    earlier: Approval | None
    sights: Mapping[Key, Sight]
    """What speaks for the levels of each item, the left-out ones included."""
    findings: tuple[Finding, ...]
    stops: tuple[Finding, ...]
    """Findings about the server as a whole that nobody gave a reason for."""
    changes: tuple[Change, ...]
    """Since the earlier approval, worst first."""
    start_changes: tuple[str, ...]
    """What changed in how it is started or bounded, in words."""
    not_checked: tuple[NotChecked, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of approved tools of whose levels nothing is known."""
        return tuple(
            one.name for one in self.approval.items if one.kind == "tool" and not one.levels
        )

    @property
    def kept_out(self) -> bool:
        """Whether anything is left out for another reason than that a person said so."""
        return any(one.why not in _MEANT for one in self.approval.left_out)

    @property
    def same(self) -> bool:
        """Whether nothing changed but when it is due."""
        return self.earlier is not None and not self.changes and not self.start_changes


def propose(
    start: Start,
    surface: Surface,
    weighed: Weighed,
    *,
    wish: Wish,
    earlier: Approval | None,
    moment: Moment,
    audited: Audited | None = None,
) -> Proposal:
    """The approval of what ``surface`` shows. Raises :class:`CannotApprove`."""
    _refuse_unknown_names(wish, surface)
    stood = _accepted(wish, earlier, weighed)
    choice = _Choice(wish, earlier, weighed.by_item, stood, audited)
    items, left, sights = _sorted_out(surface, choice)
    muted = choice.refused(INSTRUCTIONS, text_digest(surface.instructions))
    instructions = "" if muted else surface.instructions
    if muted:
        left.append(LeftOut(*INSTRUCTIONS, text_digest(surface.instructions), muted))
    approval = Approval(
        server=surface.server,
        key=surface.key,
        start=start,
        artifact=surface.artifact,
        instructions=text_digest(instructions),
        capabilities=digest(surface.capabilities),
        items=tuple(sorted(items, key=lambda one: (one.kind, one.name))),
        owner=wish.owner or (earlier.owner if earlier else moment.who),
        reason=wish.reason or (earlier.reason if earlier else ""),
        approved_by=moment.who,
        approved_at=moment.text,
        review_by=moment.due if wish.review_by is None else wish.review_by,
        bounds=bounds_with(earlier.bounds if earlier else Bounds(), wish.bounds),
        groups=_groups(wish, earlier),
        revision=surface.revision or "",
        instructions_text=instructions,
        capabilities_declared=surface.capabilities,
        left_out=tuple(sorted(left, key=lambda one: (one.kind, one.name, one.digest))),
        accepted=tuple(sorted(stood.values(), key=lambda one: one.rule)),
    )
    changes = differences(surface_of(earlier), surface_seen(surface, earlier)) if earlier else ()
    return Proposal(
        approval=approval,
        earlier=earlier,
        sights=sights,
        findings=weighed.findings,
        stops=tuple(one for one in weighed.whole if one.rule not in stood),
        changes=changes,
        start_changes=start_changes(earlier, approval) if earlier else (),
        not_checked=(*weighed.not_checked, *_unread(surface)),
    )


def surface_seen(surface: Surface, earlier: Approval) -> Surface:
    """``surface`` without what the lock does not keep, and without what was left out before, so
    that neither passes for a change."""
    left = {(one.kind, one.name, one.digest) for one in earlier.left_out}
    muted = (*INSTRUCTIONS, text_digest(surface.instructions)) in left
    return replace(
        surface,
        claimed_name="",
        claimed_version="",
        meta={},
        instructions="" if muted else surface.instructions,
        tools=tuple(one for one in surface.tools if _key(one) not in left),
        prompts=tuple(one for one in surface.prompts if _key(one) not in left),
        resources=tuple(one for one in surface.resources if _key(one) not in left),
        templates=tuple(one for one in surface.templates if _key(one) not in left),
    )


def _key(item: Item) -> tuple[str, str, str]:
    return item.kind, item.name, item.digest


def with_code_of(earlier: Approval, surface: Surface, moment: Moment) -> Approval:
    """``earlier`` for other code that shows exactly the same. Raises :class:`CannotApprove`."""
    changes = [
        one
        for one in differences(surface_of(earlier), surface_seen(surface, earlier))
        if one.part != "code"
    ]
    if changes or digest(surface.capabilities) != earlier.capabilities:
        told = "; ".join(f"{one.part}: {one.says}" for one in changes[:5])
        raise CannotApprove(
            f"{earlier.server} shows other things than when it was approved ({told}), so its code "
            "alone cannot be approved; leave --artifact-only out and look at what changed"
        )
    if not surface.artifact:
        raise CannotApprove(f"{earlier.server} has no code here that could be told")
    return replace(
        earlier,
        artifact=surface.artifact,
        approved_by=moment.who,
        approved_at=moment.text,
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    """Decides which items are approved, and at which levels."""

    wish: Wish
    earlier: Approval | None
    stopped: Mapping[Key, tuple[Finding, ...]]
    stood: Mapping[str, Accepted]
    audited: Audited | None = None
    """What an audit told of its code."""

    def refused(self, key: Key, shown: str) -> str:
        """Why an item is left out; empty if it is approved."""
        kind, name = key
        if kind != INSTRUCTIONS[0]:
            if matches(name, self.wish.without):
                return BY_NAME
            if self.wish.only and not matches(name, self.wish.only):
                return NOT_NAMED
            if kind == "tool" and name in self.wish.off:
                return BY_LIMITS
        standing = [one for one in self.stopped.get(key, ()) if one.rule not in self.stood]
        if standing:
            return _why(standing)
        named = matches(name, self.wish.only) or chosen(name, self.wish.levels) is not None
        before = () if named or self.earlier is None else self.earlier.left_out
        return next((one.why for one in before if _stays(one, key, shown)), "")

    def sight(self, item: Item) -> Sight:
        """Levels and labels: what a person says now, said of the same definition before, or what
        evidence gives."""
        seen = seen_in(item, self.audited)
        before = self.earlier.item(item.kind, item.name) if self.earlier else None
        if before is not None and before.digest == item.digest:
            by = seen.by if before.levels == seen.levels else "earlier approval"
            seen = replace(seen, levels=before.levels, labels=before.labels, by=by)
        levels, labels = chosen(item.name, self.wish.levels), chosen(item.name, self.wish.labels)
        if levels is not None:
            seen = replace(seen, levels=levels, by="person")
        return seen if labels is None else replace(seen, labels=labels)


def _why(standing: list[Finding]) -> str:
    """The worst finding, and the rules of the others: each of them needs its reason."""
    first = standing[0]
    rules = sorted({one.rule for one in standing} - {first.rule})
    also = f" (also {', '.join(rules)})" if rules else ""
    return f"{first.rule} ({first.severity}){also}: {visible(first.message, 200)}"


def _stays(one: LeftOut, key: Key, shown: str) -> bool:
    """Whether a person left exactly this out. What a finding kept out is judged afresh."""
    return (one.kind, one.name, one.digest) == (*key, shown) and one.why in _MEANT


def _sorted_out(
    surface: Surface, choice: _Choice
) -> tuple[list[ApprovedItem], list[LeftOut], dict[Key, Sight]]:
    counts = Counter((item.kind, item.name) for item in surface.items())
    items: list[ApprovedItem] = []
    left: set[LeftOut] = set()
    sights: dict[Key, Sight] = {}
    for item in surface.items():
        key = (item.kind, item.name)
        why = choice.refused(key, item.digest)
        if counts[key] > 1:
            why = f"the server lists the name {counts[key]} times"
        sights[key] = choice.sight(item)
        if why:
            left.add(LeftOut(item.kind, item.name, item.digest, why))
        else:
            sight = sights[key]
            items.append(
                ApprovedItem(
                    item.kind, item.name, item.digest, sight.levels, sight.labels, item.raw
                )
            )
    return items, list(left), sights


def _accepted(wish: Wish, earlier: Approval | None, weighed: Weighed) -> dict[str, Accepted]:
    """Reasons by rule: those given now, and those given before for the very same findings."""
    standing: dict[str, set[str]] = {}
    for one in (*weighed.whole, *(hit for group in weighed.by_item.values() for hit in group)):
        standing.setdefault(one.rule, set()).add(one.fingerprint)
    for rule in sorted(set(wish.despite) - {one.id for one in all_rules()}):
        raise CannotApprove(
            f"--despite {rule}: no rule is called so; list them with `ostiary explain`"
        )
    found = {}
    for rule, prints in standing.items():
        before = (
            next((one for one in earlier.accepted if one.rule == rule), None) if earlier else None
        )
        if rule in wish.despite:
            found[rule] = Accepted(rule, wish.despite[rule], tuple(sorted(prints)))
        elif before is not None and prints <= set(before.fingerprints):
            found[rule] = replace(before, fingerprints=tuple(sorted(prints)))
    return found


def _refuse_unknown_names(wish: Wish, surface: Surface) -> None:
    names = {item.name for item in surface.items()}
    for pattern in wish.patterns():
        if not any(matches(name, (pattern,)) for name in names):
            raise CannotApprove(
                f"{surface.server} shows nothing called {pattern!r}; it shows "
                f"{', '.join(visible(name, NAME) for name in sorted(names)[:12]) or 'nothing'}"
            )


def _groups(wish: Wish, earlier: Approval | None) -> tuple[str, ...]:
    if wish.groups is not None:
        return tuple(sorted(set(wish.groups)))
    return earlier.groups if earlier else ()


def _unread(surface: Surface) -> list[NotChecked]:
    return [
        NotChecked(
            f"{surface.server}, {part.partition(': ')[0]}",
            part.partition(": ")[2] or "it was declared and could not be read",
            "it stays outside until it can be read and is approved",
        )
        for part in surface.missing
    ]


def start_changes(before: Approval, after: Approval) -> tuple[str, ...]:
    """What changed in how a server is started, bounded and meant for, in words."""
    told = []
    for words, old, new in (
        ("is started by", before.start.command, after.start.command),
        ("is at", (before.start.url,), (after.start.url,)),
        ("speaks over", (before.start.transport,), (after.start.transport,)),
        ("runs in", (before.start.cwd,), (after.start.cwd,)),
        ("is given the variables", before.start.env, after.start.env),
        ("is sent the headers", before.start.headers, after.start.headers),
        ("may read", before.start.readable, after.start.readable),
        ("may write", before.start.writable, after.start.writable),
        ("is for the groups", before.groups, after.groups),
    ):
        if old != new:
            told.append(f"{words} {_shown(new)}, before {_shown(old)}")
    if before.start.network != after.start.network:
        told.append("may use the network" if after.start.network else "may not use the network")
    if before.bounds != after.bounds:
        told.append("has other limits")
    return tuple(told)


def _shown(words: tuple[str, ...]) -> str:
    return visible(" ".join(words), 300) or "none"
