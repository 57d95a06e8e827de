"""Ways in which a server fails an HTTP request, told so that a pool knows what it may repeat."""

from __future__ import annotations

from ostiary.gateway.ports import UpstreamFailure


class Unreachable(UpstreamFailure):
    """No connection: no name, no permitted address, nobody there, or no valid certificate."""

    def __init__(self, reason: str, status: int = 502) -> None:
        super().__init__(reason, sent=False, status=status)


class Hurried(UpstreamFailure):
    """The connection ended before the first byte of an answer."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason, sent=sent)


class BrokenOff(UpstreamFailure):
    """The connection ended within an answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, sent=True)


class Garbled(UpstreamFailure):
    """The answer is not one that a careful reader can tell from two."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, sent=True)


class TooSlow(UpstreamFailure):
    """No answer, or no further part of it, within the time."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, sent=True, status=504)


class Busy(UpstreamFailure):
    """The server has as much to do as it may have; nothing was sent."""

    def __init__(self, reason: str, retry_after: float) -> None:
        super().__init__(reason, sent=False, status=503, retry_after=retry_after)
