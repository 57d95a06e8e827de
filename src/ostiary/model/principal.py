"""Who is calling: the person or workload, and beside it the agent and the client it uses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Proof(StrEnum):
    """How a principal showed who it is."""

    TOKEN = "token"
    """A token that this gateway issued to one client of this machine."""
    OAUTH = "oauth"
    """An access token of an identity provider, meant for this gateway."""
    PROCESS = "process"
    """The client started the gateway itself and speaks over its standard streams."""


@dataclass(frozen=True, slots=True)
class Principal:
    """One authenticated caller. Every field was proven or is empty; nothing is self-reported."""

    id: str
    """Stable and unique: ``local:NAME``, ``process:USER`` or ``ISSUER|SUBJECT``."""
    proof: Proof
    name: str = ""
    """For people to read; never compared."""
    groups: tuple[str, ...] = ()
    """Sorted."""
    scopes: tuple[str, ...] = ()
    """Sorted."""
    agent: str = ""
    """The agent that acts for the principal (``act.sub`` or an agent claim); empty if unknown."""
    client: str = ""
    """The application (``client_id``, ``azp``, or the name a local token was issued for)."""
    only: tuple[str, ...] | None = None
    """What a narrowed token may use, as ``SERVER``, ``SERVER/NAME`` or ``SERVER/resource:URI`` with
    ``*``; ``None`` is everything that policy allows. Narrowing never widens."""
    expires: float | None = None
    """Seconds since the epoch at which the proof ends; ``None`` if it does not."""
    token_id: str = ""
    """Names the token without being it: ``jti``, or the id of a local token."""
