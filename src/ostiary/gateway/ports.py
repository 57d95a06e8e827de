"""What the relay needs from the parts around it. Each part matches a protocol here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from ostiary.ledger.writer import Receipt
from ostiary.model.asked import Asked
from ostiary.model.challenge import Challenge as Challenge  # noqa: PLC0414 - a port
from ostiary.model.decision import Decision
from ostiary.model.event import Event
from ostiary.model.event import RecordUnwritable as RecordUnwritable  # noqa: PLC0414 - a port
from ostiary.model.json import JsonObject
from ostiary.model.principal import Principal


class Era(StrEnum):
    """The two ways MCP is spoken."""

    HANDSHAKE = "handshake"
    """Revisions 2024-11-05 to 2025-11-25: ``initialize``, then a session."""
    STATELESS = "stateless"
    """Revision 2026-07-28: every request stands alone."""


Interim = Callable[[JsonObject], Awaitable[None]]
"""Takes each message that comes before the answer: notifications, requests of the server. It is
awaited, so that a slow client slows its server and nothing piles up between them."""


class UpstreamFailure(Exception):
    """A server did not answer a request. The message says what happened, for the record and for
    the caller; it holds no text of the server and no secret."""

    def __init__(
        self, reason: str, *, sent: bool, status: int = 502, retry_after: float | None = None
    ) -> None:
        super().__init__(reason)
        self.sent = sent
        """Whether the server may have acted on the request. If not, it may be sent again."""
        self.status = status
        """The HTTP status that tells the caller: 502, 503 or 504."""
        self.retry_after = retry_after
        """Seconds after which another try makes sense, where that is known."""


class SessionForgotten(UpstreamFailure):
    """The server no longer knows the session (HTTP 404 with a session id, a process that ended).
    The request was not acted on; a fresh session may be opened and the request sent again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, sent=False)


class NoRoom(UpstreamFailure):
    """As many conversations with the server are open as may; another one has to end first."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, sent=False, status=503)


@dataclass(slots=True)
class Answer:
    """A server's answer to one request."""

    message: JsonObject = field(hash=False)
    """A JSON-RPC answer, decoded strictly, with the id that was sent."""
    session: str = ""
    """The session id the server gave with this answer (``Mcp-Session-Id``); empty if none."""
    status: int = 200
    """The HTTP status it came with; 200 where there is none."""
    size: int = 0
    """Bytes of the answer as it came."""


class Link(Protocol):
    """One conversation with one server on behalf of one caller. Never shared by two principals."""

    async def request(
        self, message: JsonObject, headers: Mapping[str, str], interim: Interim
    ) -> Answer:
        """Send one request and wait for its answer. ``message`` carries an id that is unique in
        this link. ``headers`` are MCP headers only; the link adds its credentials.

        When the awaiting task is cancelled, the link stops waiting at once and, on HTTP, closes
        the stream; where that says nothing to the server, the link tells it.
        Raises :class:`UpstreamFailure`.
        """

    async def send(self, message: JsonObject, headers: Mapping[str, str]) -> None:
        """Send a notification, or the client's answer to a server's request.
        Raises :class:`UpstreamFailure`."""

    def listen(self, unasked: Interim) -> None:
        """From now on, ``unasked`` takes messages that belong to no pending request."""

    async def close(self) -> None:
        """End the conversation and what it started. May be called again."""

    @property
    def ended(self) -> str | None:
        """Why the link can no longer be used; ``None`` while it can."""


class Opener(Protocol):
    """Opens links to one approved server. One per server, made when the gateway starts."""

    async def open(self, era: Era, session: str, headers: Mapping[str, str]) -> Link:
        """A link that has sent nothing. ``session`` resumes a session the server gave earlier
        (HTTP only); ``headers`` are credentials for this caller. Raises :class:`UpstreamFailure`.
        """

    async def close(self) -> None:
        """Close everything that is still open."""


class Ledger(Protocol):
    """The record. Appending is quick and synchronous: it has left the process on return."""

    def append(self, event: Event) -> Receipt:
        """Record ``event``. Raises :class:`RecordUnwritable`."""

    async def settled(self, receipt: Receipt) -> None:
        """Wait until ``receipt`` is as durable as the settings ask. Returns at once where the
        operating system's word is enough. Raises :class:`RecordUnwritable`."""


class Authenticator(Protocol):
    """Tells who is calling."""

    def known(self, authorization: str, now: float, path: str = "") -> Principal | None:
        """The principal of an ``Authorization`` header value that was verified before and still
        stands for the endpoint ``path``. Without a path, only what stands for every endpoint: an
        access token may be meant for one of them alone. Never waits."""

    async def verify(self, authorization: str, path: str, now: float) -> Principal | Challenge:
        """Verify a header value (empty if the request had none) for the endpoint ``path``."""

    def metadata(self, path: str) -> JsonObject | None:
        """What ``/.well-known/oauth-protected-resource{path}`` answers (RFC 9728), for the path of
        an endpoint that exists; ``None`` (HTTP 404) where no identity provider is used."""


class Judge(Protocol):
    """Decides by policy."""

    @property
    def version(self) -> str:
        """Names the policy in force; changes whenever the policy does."""

    def decide(self, asked: Asked) -> Decision:
        """Decide one request. Never raises: a fault is a refusal with its reason."""


@dataclass(slots=True)
class Inbound:
    """One message of a client, after its transport has checked it and its sender is known."""

    principal: Principal
    endpoint: str
    """Name of one server, or empty for the endpoint that joins them all."""
    era: Era
    message: JsonObject = field(hash=False)
    """Decoded strictly; a request, a notification or an answer. Never a batch."""
    session: str = ""
    """The sealed session id the client sent; empty in the stateless era and on ``initialize``."""
    revision: str = ""
    """``MCP-Protocol-Version`` as the client sent it; empty if it sent none."""
    headers: tuple[tuple[str, str], ...] = ()
    """The ``Mcp-Param-*`` headers it sent, as received, names in lower case."""
    transport: str = "http"
    """``http``, ``sse`` or ``stdio``."""


@dataclass(slots=True)
class Outbound:
    """What goes back to the client."""

    body: bytes = b""
    """One encoded JSON-RPC message; empty where none is due (HTTP 202)."""
    status: int = 200
    """HTTP status, for transports that have one."""
    headers: tuple[tuple[str, str], ...] = ()
    session: str = ""
    """The sealed id of a session that this message opened; empty otherwise."""


class Relay(Protocol):
    """What every transport hands its messages to: the one path to the servers."""

    async def exchange(self, inbound: Inbound, interim: Interim) -> Outbound:
        """Decide, record and carry out one message. ``interim`` takes what comes before the
        answer. Cancelled when the client goes away. Never raises but for a cancellation."""

    async def listen(self, inbound: Inbound, push: Interim) -> Outbound:
        """Give ``push`` everything the servers of a session say unasked, until cancelled.
        Returns only if the session is refused. ``inbound.message`` is empty."""

    async def end(self, inbound: Inbound) -> Outbound:
        """End a session at the client's wish (HTTP ``DELETE``)."""


class Contents(Protocol):
    """Arguments and results in the form in which the record keeps them. ``least`` is the form that
    a rule asks for. Both raise :class:`RecordUnwritable` for what cannot be kept as asked."""

    def arguments(self, value: JsonObject, least: str = "") -> JsonObject:
        """An event's content for arguments."""

    def results(self, value: JsonObject, least: str = "") -> JsonObject:
        """An event's content for a result."""


class Guard(Protocol):
    """One check at the door, one file each. ``None`` passes the request on to the next guard."""

    name: str

    def check(self, asked: Asked) -> Decision | None:
        """A refusal or a question, or ``None``."""
