"""What a login is for, what a person is shown of it, and why there is none."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ostiary.gateway.login_settings import LoginSettings


@dataclass(frozen=True, slots=True)
class Wanted:
    """One server to log in at."""

    server: str
    """Our name for it."""
    url: str
    sse: bool = False
    """Whether it speaks HTTP+SSE."""
    settings: LoginSettings = field(default_factory=LoginSettings)
    secret: str = field(default="", repr=False)
    """Of the pre-registered client, if the settings name one."""
    private: bool = False
    """Whether it, and its authorization server, may be on this machine or in a private network."""
    tls: ssl.SSLContext | None = None
    """Trust other than the system's."""
    owner: str = ""
    """The principal whose login it will be; empty for the gateway's owner."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person agrees to by going to ``address``."""

    server: str
    url: str
    issuer: str
    """The authorization server."""
    resource: str
    scopes: tuple[str, ...]
    """Asked for; empty where the authorization server decides."""
    client: str
    """How the authorization server knows us: ``settings``, ``document`` or ``dynamic``."""
    address: str
    """Where the browser goes: http or https, free of anything a terminal or shell would act on."""


@dataclass(frozen=True, slots=True)
class Desk:
    """How a login reaches its person."""

    show: Callable[[Shown], None]
    """Shows what it is about and opens the browser. Called in a thread of its own."""
    seconds: float = 300.0
    """How long the person has."""
    clock: Callable[[], float] = time.time


class CannotLogIn(Exception):
    """There is no login. The message says why and what to do; it holds no secret."""


class NoLoginNeeded(Exception):
    """The server answers as it is: without a login, or with the one that there is."""
