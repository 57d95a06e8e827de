"""Ways in which a server fails, told so that pool and breaker know what follows from each."""

from __future__ import annotations

from ostiary.gateway.ports import UpstreamFailure


class Down(UpstreamFailure):
    """The server cannot be reached or does not answer at all. Counts towards its breaker."""


class Unreachable(Down):
    """No connection: no name, no permitted address, nobody there, or no valid certificate."""

    def __init__(self, reason: str, status: int = 502) -> None:
        super().__init__(reason, sent=False, status=status)


class Hurried(Down):
    """The connection ended before the first byte of an answer."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason, sent=sent)


class TooSlow(Down):
    """No answer, or no further part of it, within the time."""

    def __init__(self, reason: str, *, sent: bool = True) -> None:
        super().__init__(reason, sent=sent, status=504)


class BrokenOff(UpstreamFailure):
    """The connection ended within an answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, sent=True)


class Garbled(UpstreamFailure):
    """The answer is not one that a careful reader can tell from two."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, sent=True)


class Busy(UpstreamFailure):
    """The server has as much to do as it may have, or is left alone; nothing was sent."""

    def __init__(self, reason: str, retry_after: float) -> None:
        super().__init__(reason, sent=False, status=503, retry_after=retry_after)


class Denied(UpstreamFailure):
    """The server refused the credentials it was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, sent=False)
