"""What people approved: what each server is, what it showed, how far it may go and till when."""

from __future__ import annotations

from dataclasses import dataclass, field


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
    """Levels that a person confirmed, or that evidence gave and a person let stand; sorted."""
    labels: tuple[str, ...] = ()
    """``private``, ``untrusted``, ``outward``, or the owner's own; sorted."""


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
    """Sorted by kind and name."""
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
    words: tuple[tuple[str, str], ...] = field(default=(), hash=False)
    """Canonical definition by digest, so that drift can be told in words."""

    def item(self, kind: str, name: str) -> ApprovedItem | None:
        """The approved item, if there is one."""
        return next((one for one in self.items if one.kind == kind and one.name == name), None)


@dataclass(frozen=True, slots=True)
class Lock:
    """The content of one ``ostiary.lock``, signature checked."""

    approvals: tuple[Approval, ...]
    """Sorted by server."""
    digest: str
    """SHA-256 of the signed bytes: the version of the lock, for the record."""
    signed_by: str
    """Id of the key that signed it."""
