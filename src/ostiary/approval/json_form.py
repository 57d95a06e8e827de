"""A proposal, an approval and a lock as JSON, for programs."""

from __future__ import annotations

from ostiary.approval.candidates import Candidate, Waiting
from ostiary.approval.propose import Proposal
from ostiary.model.approval import Approval, Lock
from ostiary.model.finding import Finding
from ostiary.model.json import JsonObject
from ostiary.model.outcome import NotChecked


def proposal_json(proposal: Proposal, candidate: Candidate) -> JsonObject:
    """Everything of one proposal but the definitions, which the lock holds."""
    stops = {one.fingerprint for one in proposal.stops}
    return {
        "server": proposal.approval.server,
        "origin": candidate.origin,
        "approval": approval_json(proposal.approval),
        "evidence": [
            {
                "kind": kind,
                "name": name,
                "levels": list(sight.levels),
                "by": sight.by,
                "evidence": list(sight.evidence),
                "contradicted": list(sight.contradicted),
            }
            for (kind, name), sight in sorted(proposal.sights.items())
        ],
        "unknown": list(proposal.unknown),
        "first": proposal.earlier is None,
        "changes": [
            {
                "part": one.part,
                "says": one.says,
                "severity": one.severity.word,
                "before": one.before,
                "after": one.after,
            }
            for one in proposal.changes
        ],
        "start_changes": list(proposal.start_changes),
        "findings": [
            finding_json(one) | {"stops": one.fingerprint in stops} for one in proposal.findings
        ],
        "needed": [
            {"kind": one.kind, "name": one.name, "suggestion": one.suggestion}
            for one in candidate.needed
        ],
        "not_checked": [not_checked_json(one) for one in proposal.not_checked],
    }


def approval_json(one: Approval) -> JsonObject:
    """One approval without its definitions."""
    return {
        "server": one.server,
        "key": one.key,
        "start": {
            "transport": one.start.transport,
            "command": list(one.start.command),
            "url": one.start.url,
            "cwd": one.start.cwd,
            "env": list(one.start.env),
            "headers": list(one.start.headers),
            "network": one.start.network,
            "read": list(one.start.readable),
            "write": list(one.start.writable),
        },
        "artifact": one.artifact,
        "owner": one.owner,
        "reason": one.reason,
        "approved_by": one.approved_by,
        "approved_at": one.approved_at,
        "review_by": one.review_by,
        "groups": list(one.groups),
        "items": [
            {
                "kind": item.kind,
                "name": item.name,
                "digest": item.digest,
                "levels": list(item.levels),
                "labels": list(item.labels),
            }
            for item in one.items
        ],
        "left_out": [
            {"kind": left.kind, "name": left.name, "digest": left.digest, "why": left.why}
            for left in one.left_out
        ],
        "accepted": [{"rule": each.rule, "reason": each.reason} for each in one.accepted],
    }


def lock_json(lock: Lock) -> JsonObject:
    """What names a lock."""
    return {
        "serial": lock.serial,
        "digest": lock.digest,
        "signers": list(lock.signers),
        "servers": [one.server for one in lock.approvals],
    }


def finding_json(one: Finding) -> JsonObject:
    """A finding in short."""
    return {
        "rule": one.rule,
        "severity": one.severity.word,
        "message": one.message,
        "server": one.location.server or "",
        "part": one.location.part,
        "fingerprint": one.fingerprint,
    }


def not_checked_json(one: NotChecked) -> JsonObject:
    """Something that could not be looked at."""
    return {"subject": one.subject, "reason": one.reason, "remedy": one.remedy}


def waiting_json(one: Waiting) -> JsonObject:
    """A server that waits for approval."""
    return {
        "name": one.name,
        "called": one.server.name,
        "clients": list(one.server.clients),
        "command": one.server.command,
        "why": one.why,
    }
