"""Why a server could not be recorded: one class for each thing a person can do about it."""

from __future__ import annotations

from ostiary.model.json import JsonValue
from ostiary.model.visible import one_line

_OTHER_TRANSPORT = (400, 404, 405, 406, 415)
"""HTTP statuses by which a client tells the transports apart (2025-11-25, transports)."""


ASKS = "it asks for credentials"
"""Begins the reason of :class:`AsksForCredentials`."""


class ProbeFailure(Exception):
    """Recording ended. The message is the reason in one sentence, free of secrets."""

    remedy = "start the server by hand and look at what it prints"
    """The next step. ``SERVER:`` stands for the server's name."""
    fatal = True
    """Whether the channel is of no use any more."""

    def __init__(self, reason: str, remedy: str | None = None) -> None:
        super().__init__(reason)
        if remedy is not None:
            self.remedy = remedy


class NoAnswer(ProbeFailure):
    """The server took too long."""

    remedy = (
        "give it more time with --seconds; if it waits for another service, add "
        "--grant SERVER:network, or look at why it hangs"
    )
    fatal = False

    def __init__(self, reason: str, *, over: bool = False) -> None:
        super().__init__(reason)
        self.fatal = over


class Ended(ProbeFailure):
    """The server ended or closed the channel."""

    remedy = (
        "if it needs more than a box gives, add --grant SERVER:network, SERVER:env or "
        "SERVER:read=PATH; otherwise run its command by hand"
    )


class EndedAtOnce(Ended):
    """The server ended before it answered the very first request."""


class TooMuch(ProbeFailure):
    """The server sent more than the limits allow."""

    remedy = "treat a server that floods its client as hostile until it is explained"


class Garbage(ProbeFailure):
    """The server sent something that is no answer of the protocol."""

    remedy = "report it to the server's authors: a client cannot read this answer either"
    fatal = False


class AsksForCredentials(ProbeFailure):
    """The server answers nobody without credentials."""

    remedy = "send it the configured headers with --grant SERVER:headers, or capture its surface"

    def __init__(
        self, reason: str, remedy: str | None = None, *, status: int = 401, challenge: str = ""
    ) -> None:
        super().__init__(reason, remedy)
        self.status = status
        """401 or 403."""
        self.challenge = challenge
        """``WWW-Authenticate`` as it came; not for display."""


class RefusedPlace(ProbeFailure):
    """The address is one that a scan does not call."""

    remedy = "add --allow-private if this address is meant to be called"


class Unreachable(ProbeFailure):
    """No connection, no name, or no valid certificate."""

    remedy = "check the address and whether the server runs"


class WrongEndpoint(ProbeFailure):
    """HTTP answered, and not with MCP."""

    remedy = "check the path of the URL and its transport"
    fatal = False

    def __init__(self, reason: str, status: int, *, other_transport: bool = False) -> None:
        super().__init__(reason)
        self.other_transport = other_transport or status in _OTHER_TRANSPORT
        """Whether it may be the right server on the other HTTP transport."""


class ErrorAnswer(ProbeFailure):
    """The server answered a request with a JSON-RPC error."""

    remedy = (
        "if it asks another service for the answer, add --grant SERVER:network, and SERVER:env for "
        "its credentials; otherwise look up the error in the server's documentation"
    )
    fatal = False

    def __init__(self, code: int, message: str, data: JsonValue) -> None:
        super().__init__(f"it answered with error {code}: {one_line(message)}")
        self.code = code
        self.data = data
