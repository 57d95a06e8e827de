"""Records callers that were not let in, so that a flood of them cannot fill the disk."""

from __future__ import annotations

from collections.abc import Callable

from ostiary.model.challenge import Challenge
from ostiary.model.event import Event, EventKind

MOST = 20
"""Told one by one in each span; the rest of the span is counted."""
SPAN = 10.0


class Strangers:
    """Tells of failed authentication."""

    def __init__(self, tell: Callable[[Event], None], clock: Callable[[], float]) -> None:
        self._tell = tell
        self._clock = clock
        self._since = 0.0
        self._told = 0
        self._left_out = 0

    def __call__(self, challenge: Challenge, path: str) -> None:
        """Take note of one caller that was not let in."""
        now = self._clock()
        if not 0 <= now - self._since < SPAN:
            self.flush()
            self._since, self._told = now, 0
        if self._told >= MOST:
            self._left_out += 1
            return
        self._told += 1
        self._put(now, challenge.reason, path, challenge.status)

    def flush(self) -> None:
        """Tell how many were left out since the last time."""
        if self._left_out:
            self._put(self._clock(), f"{self._left_out} more callers were not let in", "", 401)
            self._left_out = 0

    def _put(self, now: float, why: str, path: str, status: int) -> None:
        self._tell(
            Event(
                kind=EventKind.IDENTITY,
                at=now,
                effect="deny",
                why=why,
                detail={"path": path[:200], "status": status},
            )
        )
