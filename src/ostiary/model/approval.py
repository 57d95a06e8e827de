"""What people approved: what each server is, what it showed, how far it may go and till when."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.model.json import JsonObject


@dataclass(frozen=True, slots=True)
class Start:
    """How the gateway reaches an approved server. Holds no secret, only names of secrets."""

    transport: str
    """``stdio``, ``http`` or ``sse``."""
    command: tuple[str, ...] = ()
    url: str = ""
    cwd: str = ""
    env: tuple[str, ...] = ()
    """Names of the environment variables it is given, sorted. Values come from the settings."""
    headers: tuple[str, ...] = ()
    """Names of the headers it is sent, sorted. Values come from the settings."""
    network: bool = False
    readable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovedItem:
    """One tool, prompt, resource or template as it was approved."""

    kind: str
    name: str
    digest: str
    """SHA-256 over the RFC 8785 form of the whole definition."""
    levels: tuple[str, ...] = ()
    """Levels that a person confirmed, or that evidence gave and a person let stand; sorted.
    Empty is unknown."""
    labels: tuple[str, ...] = ()
    """``private``, ``untrusted``, ``outward``, or the owner's own; sorted."""
    definition: JsonObject = field(default_factory=dict, hash=False, repr=False)
    """The whole definition as it was approved. Its digest is ``digest``."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something the server showed that a person did not approve."""

    kind: str
    name: str
    digest: str
    """Of the definition that was left out; another definition is looked at afresh."""
    why: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that did not keep the server, or a part of it, from being approved."""

    rule: str
    reason: str
    fingerprints: tuple[str, ...] = ()
    """Findings the reason stood for, sorted."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one approved server; 0 is the gateway's own limit."""

    calls_per_minute: int = 0
    concurrent_calls: int = 0
    answer_bytes: int = 0
    answer_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Approval:
    """One approved server."""

    server: str
    """Our name: lower-case letters, digits, ``-`` and single ``_``; never from ``serverInfo``."""
    key: str
    """Key of what would be started or called, as in :class:`~ostiary.model.server.Server`."""
    start: Start
    artifact: str
    """Package with version and digest, or a file's digest; empty for a remote server."""
    instructions: str
    """SHA-256 of the instructions; of the empty string if there are none."""
    capabilities: str
    """SHA-256 over the RFC 8785 form of the declared capabilities."""
    items: tuple[ApprovedItem, ...]
    """Sorted by kind and name; no two with one kind and name."""
    owner: str
    reason: str
    approved_by: str
    approved_at: str
    """RFC 3339, UTC, seconds."""
    review_by: str = ""
    """``YYYY-MM-DD``; empty if never."""
    bounds: Bounds = Bounds()
    groups: tuple[str, ...] = ()
    """Groups the approval is for; empty is everyone policy lets in."""
    revision: str = ""
    """Protocol revision that was spoken when it was looked at; empty if unknown."""
    instructions_text: str = field(default="", repr=False)
    """The instructions behind ``instructions``, so that drift can be told in words."""
    capabilities_declared: JsonObject = field(default_factory=dict, hash=False, repr=False)
    """The value behind ``capabilities``."""
    left_out: tuple[LeftOut, ...] = ()
    """Sorted by kind and name."""
    accepted: tuple[Accepted, ...] = ()
    """Sorted by rule."""
    _index: dict[tuple[str, str], ApprovedItem] = field(
        init=False, repr=False, compare=False, hash=False
    )

    def __post_init__(self) -> None:
        index = {(one.kind, one.name): one for one in self.items}
        object.__setattr__(self, "_index", index)

    def item(self, kind: str, name: str) -> ApprovedItem | None:
        """The approved item, if there is one. Constant time."""
        return self._index.get((kind, name))


@dataclass(frozen=True, slots=True)
class Lock:
    """The content of one ``ostiary.lock``, signature checked."""

    approvals: tuple[Approval, ...]
    """Sorted by server."""
    digest: str
    """SHA-256 of the signed bytes: the version of the lock, for the record."""
    signed_by: str
    """The first trusted signer, as ``ed25519:KEY``."""
    serial: int = 1
    """Grows by one with every change, so that an older lock is noticed."""
    previous: str = ""
    """``digest`` of the lock that this one replaced; empty for the first."""
    signers: tuple[str, ...] = ()
    """Every trusted key with a valid signature, sorted."""

    def approval(self, server: str) -> Approval | None:
        """The approval of a server by our name for it, if there is one."""
        return next((one for one in self.approvals if one.server == server), None)
