"""How much one caller, and all callers together, may ask for at once and per minute."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ostiary.gateway.downstream.settings import Limits

_BUSY = "more requests at once than the gateway's limit for one caller"
MOST_REMEMBERED = 10_000
"""Callers whose use is remembered; more only while they are busy."""


@dataclass(frozen=True, slots=True)
class TooMuch:
    """A limit was met."""

    reason: str
    retry_after: int = 1
    """Seconds after which it is worth trying again."""


class _Use:
    """What one caller uses now. Tokens are whole requests left."""

    __slots__ = ("at", "calls", "streams", "tokens")

    def __init__(self, tokens: float, at: float) -> None:
        self.tokens = tokens
        self.at = at
        self.calls = 0
        self.streams = 0


class Limiter:
    """Token bucket and two counters per caller, and the same counters over all of them.

    ``now`` gives seconds of a clock that never jumps back.
    """

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self._limits = limits
        self._most = float(limits.requests_per_minute)
        self._rate = limits.requests_per_minute / 60
        self._now = now
        self._callers: dict[str, _Use] = {}
        self.calls = 0
        """Requests in work."""
        self.streams = 0
        """Event streams open."""

    def begin_call(self, caller: str) -> TooMuch | None:
        """Count one request of ``caller`` in. Unless refused, :meth:`end_call` must follow."""
        use = self._use(caller)
        if use.tokens < 1:
            return self._too_fast(use)
        if use.calls >= 2 * self._limits.calls_per_caller:
            return TooMuch(_BUSY)
        if self.calls >= self._limits.calls:
            return TooMuch("the gateway serves as many requests at once as its limit allows")
        use.tokens -= 1
        use.calls += 1
        self.calls += 1
        return None

    def too_busy(self, caller: str) -> TooMuch | None:
        """Whether a message that was counted in is one request too many. Up to twice the limit is
        counted in, so that the notification that cancels a request still gets through."""
        busy = self._callers[caller].calls > self._limits.calls_per_caller
        return TooMuch(_BUSY) if busy else None

    def end_call(self, caller: str) -> None:
        """Count a request out that was let in."""
        self._callers[caller].calls -= 1
        self.calls -= 1

    def begin_stream(self, caller: str) -> TooMuch | None:
        """Count one event stream in. Unless refused, :meth:`end_stream` must follow."""
        use = self._use(caller)
        if use.tokens < 1:
            return self._too_fast(use)
        if use.streams >= self._limits.streams_per_caller:
            return TooMuch("more open streams than the gateway's limit for one caller", 10)
        if self.streams >= self._limits.streams:
            return TooMuch("as many streams are open as the gateway's limit allows", 10)
        use.tokens -= 1
        use.streams += 1
        self.streams += 1
        return None

    def end_stream(self, caller: str) -> None:
        """Count a stream out that was let in."""
        self._callers[caller].streams -= 1
        self.streams -= 1

    def _too_fast(self, use: _Use) -> TooMuch:
        wait = math.ceil((1 - use.tokens) / self._rate)
        return TooMuch("more requests per minute than the gateway's limit", wait)

    def _use(self, caller: str) -> _Use:
        now = self._now()
        use = self._callers.get(caller)
        if use is None:
            if len(self._callers) >= MOST_REMEMBERED:
                self._forget(now)
            use = self._callers[caller] = _Use(self._most, now)
            return use
        if now > use.at:
            use.tokens = min(self._most, use.tokens + (now - use.at) * self._rate)
            use.at = now
        return use

    def _forget(self, now: float) -> None:
        """Drop callers whose bucket is full again: to forget them gives them nothing."""
        full = [
            name
            for name, use in self._callers.items()
            if not use.calls
            and not use.streams
            and use.tokens + (now - use.at) * self._rate >= self._most
        ]
        for name in full:
            del self._callers[name]
