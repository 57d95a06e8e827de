"""One request at the door, as the guards see it: who wants to do what to which thing, with what."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ostiary.model.json import JsonObject
from ostiary.model.principal import Principal


class Verb(StrEnum):
    """What is done. Each is an action of the policy schema."""

    SEE = "see"
    """Have a thing listed."""
    CALL = "call"
    """Call a tool."""
    GET = "get"
    """Get a prompt."""
    READ = "read"
    """Read, or subscribe to, a resource."""
    COMPLETE = "complete"
    """Have an argument completed."""
    CONNECT = "connect"
    """Open a session, ask what a server is, ping, set a log level, listen to changes."""
    SAMPLE = "sample"
    """A server asks the client's model for text."""
    ELICIT = "elicit"
    """A server asks the person for input."""
    ROOTS = "roots"
    """A server asks for the client's folders."""
    OTHER = "other"
    """A method that no revision we know defines."""


@dataclass(frozen=True, slots=True)
class Target:
    """The thing a request is about, as it was approved. Never as the caller describes it."""

    server: str
    """Our name for the server."""
    kind: str
    """``server``, ``tool``, ``prompt``, ``resource`` or ``template``."""
    name: str
    """Name at the server; for a resource its URI. The server's own name for ``server``."""
    digest: str = ""
    """Digest of the definition; empty if there is none."""
    levels: tuple[str, ...] = ()
    """Confirmed capability levels (``read``, ``write``, ``destroy``, ``execute``, ``send``,
    ``spend``, ``administer``), sorted. Empty is unknown, which presets treat as the worst."""
    labels: tuple[str, ...] = ()
    """``private``, ``untrusted``, ``outward`` and the owner's own, sorted."""
    owner: str = ""
    review_by: str = ""
    """The day on which the approval should be looked at again, ``YYYY-MM-DD``; empty if none."""


@dataclass(slots=True)
class Asked:
    """One request. ``arguments`` are what will be forwarded, nothing else. Nobody changes one; it
    is not frozen because one is made for every call."""

    principal: Principal
    verb: Verb
    target: Target
    method: str
    arguments: JsonObject = field(default_factory=dict, hash=False)
    session: str = ""
    """Names the conversation, for flow rules and the record."""
    at: float = 0.0
    """Seconds since the epoch."""
    trace: str = ""
    """The W3C ``traceparent`` that came with it, for the record alone; empty if none."""
