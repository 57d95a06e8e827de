"""One round of approving: look, propose, and put the yes into the lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ostiary.approval.candidates import Candidate
from ostiary.approval.look import Means, look_at
from ostiary.approval.propose import Proposal, propose, with_code_of
from ostiary.approval.start import CannotApprove, server_of
from ostiary.approval.surfaces import surface_of
from ostiary.approval.weigh import Weighed, weigh
from ostiary.approval.wish import Moment, Wish
from ostiary.model.approval import Approval, Lock
from ostiary.model.audited import Audited
from ostiary.model.event import Event, EventKind
from ostiary.model.json import JsonObject
from ostiary.model.outcome import NotChecked
from ostiary.model.server import Server
from ostiary.model.surface import Surface
from ostiary.scan.perform import Progress


@dataclass(frozen=True, slots=True)
class Round:
    """Some candidates, looked at once. Candidates of one round are neighbours of each other."""

    candidates: tuple[Candidate, ...]
    approvals: tuple[Approval, ...]
    moment: Moment
    seen: Mapping[str, Surface | NotChecked]
    audited: Mapping[str, Audited] = field(default_factory=dict)
    """By the candidate's name, what an audit told of exactly that code."""

    @classmethod
    def look(
        cls,
        candidates: Sequence[Candidate],
        approvals: tuple[Approval, ...],
        moment: Moment,
        *,
        means: Means,
        progress: Progress,
        audited: Mapping[str, Audited] | None = None,
    ) -> Round:
        """Start or call every candidate and record what it shows."""
        seen = look_at(tuple((one.server, one.start) for one in candidates), means, progress)
        return cls(tuple(candidates), approvals, moment, seen, audited or {})

    def failed(self) -> list[NotChecked]:
        """Candidates that could not be looked at, and why."""
        return [one for one in self.seen.values() if isinstance(one, NotChecked)]

    def proposals(self, wish: Wish) -> list[tuple[Candidate, Proposal]]:
        """What would be approved of each candidate. Raises :class:`CannotApprove`."""
        made: list[tuple[Candidate, Proposal]] = []
        known = {one.server: one for one in self.approvals}
        for one in self.candidates:
            surface = self.seen[one.name]
            if isinstance(surface, NotChecked):
                continue
            proposal = self._proposal(one, surface, known, wish)
            made.append((one, proposal))
            known[one.name] = proposal.approval
        return made

    def _proposal(
        self, candidate: Candidate, surface: Surface, known: dict[str, Approval], wish: Wish
    ) -> Proposal:
        earlier = known.get(candidate.name)
        if wish.artifact_only:
            return self._code_only(candidate, surface, earlier)
        near = neighbours(candidate.name, known.values())
        weighed = weigh(candidate.server, surface, near)
        return propose(
            candidate.start,
            surface,
            weighed,
            wish=wish,
            earlier=earlier,
            moment=self.moment,
            audited=self.audited.get(candidate.name),
        )

    def _code_only(
        self, candidate: Candidate, surface: Surface, earlier: Approval | None
    ) -> Proposal:
        if earlier is None:
            raise CannotApprove(
                f"{candidate.name} was never approved, so there is more to approve than its code; "
                "leave --artifact-only out"
            )
        approval = with_code_of(earlier, surface, self.moment)
        nothing = Weighed((), {}, (), ())
        told = propose(
            earlier.start, surface, nothing, wish=Wish(), earlier=earlier, moment=self.moment
        )
        return replace(told, approval=approval, start_changes=())


def neighbours(name: str, approvals: Iterable[Approval]) -> tuple[tuple[Server, Surface], ...]:
    """Every other approved server with what was approved of it."""
    return tuple(
        (replace(server_of(one), key=f"lock:{one.server}"), surface_of(one, f"lock:{one.server}"))
        for one in approvals
        if one.server != name
    )


def merged(approvals: Iterable[Approval], changed: Iterable[Approval]) -> tuple[Approval, ...]:
    """``approvals`` with those of ``changed`` in their places."""
    table = {one.server: one for one in (*approvals, *changed)}
    return tuple(table[name] for name in sorted(table))


def without(approvals: Iterable[Approval], names: Iterable[str]) -> tuple[Approval, ...]:
    """``approvals`` without those named. Raises :class:`CannotApprove` for a name that is none."""
    kept = {one.server: one for one in approvals}
    for name in names:
        if kept.pop(name, None) is None:
            raise CannotApprove(f"{name!r} is not approved, so there is nothing to withdraw")
    return tuple(kept.values())


def event(what: str, approval: Approval, lock: Lock, moment: Moment) -> Event:
    """The record of one decision about a server. ``what`` is ``approved``, ``withdrawn`` or
    ``kept``."""
    detail: JsonObject = {
        "items": len(approval.items),
        "left_out": len(approval.left_out),
        "accepted": [one.rule for one in approval.accepted],
        "owner": approval.owner,
        "review_by": approval.review_by,
        "artifact": approval.artifact,
        "serial": lock.serial,
        "signed_by": lock.signed_by,
    }
    return Event(
        kind=EventKind.APPROVAL,
        at=moment.now.timestamp(),
        principal=f"local:{moment.who}",
        server=approval.server,
        method=f"approval/{what}",
        thing=f"server:{approval.server}",
        effect="deny" if what == "withdrawn" else "allow",
        why=approval.reason,
        lock=lock.digest,
        detail=detail,
    )
