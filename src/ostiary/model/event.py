"""What the ledger remembers: one event, what happened, by whom, to what, why."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ostiary.model.json import JsonObject


class RecordUnwritable(Exception):
    """An event could not be recorded. Whatever it was about must not happen."""


class EventKind(StrEnum):
    """Kinds of events. A request and its outcome are two events with one ``call``."""

    REQUEST = "request"
    """A request was allowed and is about to be forwarded."""
    REFUSED = "refused"
    """A request was refused; nothing was forwarded."""
    OUTCOME = "outcome"
    """What became of a request that was let through: ``ok``, ``error``, ``failed``, ``cancelled``,
    ``refused`` (by the gateway after all, for what its form or the answer held) or ``unknown``."""
    SESSION = "session"
    DRIFT = "drift"
    """A server showed something other than what was approved."""
    APPROVAL = "approval"
    POLICY = "policy"
    """A policy was loaded, or could not be."""
    IDENTITY = "identity"
    """A caller could not be authenticated, or a token was issued or revoked."""
    GATEWAY = "gateway"
    """The gateway started, stopped, or met a fault."""


@dataclass(slots=True)
class Event:
    """One event, before the ledger gives it a number and a place in the chain.

    Nobody changes one; it is not frozen because making it would take three times as long.
    """

    kind: EventKind
    at: float
    """Seconds since the epoch."""
    call: str = ""
    """Joins a request to its outcome; unique."""
    principal: str = ""
    agent: str = ""
    client: str = ""
    session: str = ""
    server: str = ""
    method: str = ""
    thing: str = ""
    """``KIND:NAME`` of the tool, prompt or resource."""
    levels: tuple[str, ...] = ()
    effect: str = ""
    """``allow``, ``deny`` or ``ask``; for an outcome its word."""
    rules: tuple[str, ...] = ()
    """What decided, most important first."""
    why: str = ""
    """The first reason's text."""
    policy: str = ""
    """Version of the policy that decided."""
    lock: str = ""
    """Version of the lock that decided."""
    trace: str = ""
    """W3C ``traceparent`` the caller sent; empty if none."""
    content: JsonObject = field(default_factory=dict, hash=False)
    """Arguments or results in the form the settings ask for: digest, redacted or sealed."""
    detail: JsonObject = field(default_factory=dict, hash=False)
    """Anything else, for example sizes in bytes and milliseconds."""
