"""A login at a remote server: the tokens an authorization server gave, and what they open."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Registration:
    """How an authorization server knows us."""

    client_id: str
    origin: str
    """``settings`` (pre-registered), ``document`` (a client ID metadata document) or ``dynamic``
    (RFC 7591)."""
    method: str = "none"
    """How the client proves itself: ``none``, ``client_secret_basic`` or ``client_secret_post``."""
    secret: str = field(default="", repr=False)
    """Of a dynamic registration only; one of the settings stays where the settings say."""
    redirect: str = ""
    """The redirect URI that was registered."""


@dataclass(frozen=True, slots=True)
class Login:
    """Tokens for one server. Never prints one."""

    server: str
    """Our name for it."""
    url: str
    """The address that was logged in to."""
    issuer: str
    """The authorization server that gave the tokens (RFC 8414)."""
    resource: str
    """What they are for (RFC 8707): sent nowhere else."""
    token_endpoint: str
    registration: Registration
    access: str = field(repr=False)
    at: float
    """When the access token was given, in seconds since the epoch."""
    expires: float | None = None
    """When it ends; ``None`` if that was not said."""
    refresh: str = field(default="", repr=False)
    """What renews it; empty if nothing does."""
    scopes: tuple[str, ...] = ()
    """Granted."""
    asked: tuple[str, ...] = ()
    """Asked for, at any time; a step up asks for these and more."""
    owner: str = ""
    """The principal whose login it is; empty for the gateway's owner."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Server, issuer and owner: credentials of one are never used for another."""
        return (self.server, self.issuer, self.owner)


@dataclass(frozen=True, slots=True)
class Need:
    """What a server asked for when it refused a request of the gateway."""

    server: str
    url: str
    status: int
    """401 or 403."""
    scopes: tuple[str, ...] = ()
    metadata: str = ""
    """Where it says who may give tokens (RFC 9728, section 5.1); empty if it did not say."""
    owner: str = ""
