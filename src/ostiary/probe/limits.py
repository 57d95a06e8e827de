"""How long, how much and how often: the bounds of one recording, and the clock that keeps them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from ostiary.probe.failure import NoAnswer, TooMuch

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProbeLimits:
    """Bounds of one recording. Whatever exceeds them is named in the answer."""

    total_seconds: float = 60.0
    """For everything, from the start of the server to its end."""
    answer_seconds: float = 20.0
    """For one answer."""
    era_seconds: float = 5.0
    """For an answer to ``server/discover`` before the handshake is tried."""
    message_bytes: int = 16 * MIB
    """Of one message, after decompression."""
    total_bytes: int = 64 * MIB
    """Received over all messages and channels."""
    pages: int = 500
    """Of one list."""
    items: int = 50_000
    """Of one list."""
    noise: int = 200
    """Lines on standard output that are no message, notifications not counted."""


class Budget:
    """The time and bytes that are left of one recording. Used by one thread."""

    def __init__(self, limits: ProbeLimits) -> None:
        self.limits = limits
        self._end = time.monotonic() + limits.total_seconds
        self._until = self._end
        self._waiting = limits.total_seconds
        self._received = 0

    def wait(self, seconds: float) -> None:
        """From now on, :meth:`left` counts towards ``seconds`` from now, or the overall end."""
        self._waiting = seconds
        self._until = min(self._end, time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds left, always positive. Raises :class:`NoAnswer` when there are none."""
        now = time.monotonic()
        if now < self._until:
            return self._until - now
        if now >= self._end:
            raise NoAnswer(
                f"it took longer than the {self.limits.total_seconds:g} seconds of one recording",
                over=True,
            )
        raise NoAnswer(f"it did not answer within {self._waiting:g} seconds")

    def over(self) -> bool:
        """Whether the time of the whole recording is used up."""
        return time.monotonic() >= self._end

    def take(self, count: int) -> None:
        """Count received bytes. Raises :class:`TooMuch`."""
        self._received += count
        if self._received > self.limits.total_bytes:
            raise TooMuch(f"it sent more than {self.limits.total_bytes:,} bytes")
