"""When a server is left alone, and who has his turn: so that a dead one costs nobody's time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from enum import StrEnum

from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.trouble import Busy


class State(StrEnum):
    """Of a circuit breaker."""

    CLOSED = "closed"
    """Requests pass."""
    OPEN = "open"
    """Requests are refused for a while."""
    HALF_OPEN = "half-open"
    """One request is under way to find out; the others are refused."""


class Breaker:
    """Counts failures in a row. ``clock`` gives seconds that never go back."""

    def __init__(self, name: str, limits: Limits, clock: Callable[[], float]) -> None:
        self._name = name
        self._limits = limits
        self._clock = clock
        self._failures = 0
        self._pause = 0.0
        self._until = 0.0
        self._trying = False

    @property
    def state(self) -> State:
        """What it does with the next request."""
        if self._failures < self._limits.failures:
            return State.CLOSED
        if self._trying:
            return State.HALF_OPEN
        return State.OPEN if self._clock() < self._until else State.HALF_OPEN

    def enter(self) -> None:
        """Before each request. Raises :class:`~ostiary.gateway.upstream.trouble.Busy`."""
        if self._failures < self._limits.failures:
            return
        left = self._until - self._clock()
        if left > 0 or self._trying:
            raise Busy(
                f"{self._name} failed {self._failures} times in a row and is left alone for now",
                max(left, self._limits.pause_seconds),
            )
        self._trying = True

    def succeeded(self) -> None:
        """It answered."""
        self._failures = 0
        self._pause = 0.0
        self._trying = False

    def failed(self) -> None:
        """It could not be reached, or did not answer."""
        self._failures += 1
        if self._failures >= self._limits.failures and (self._trying or not self._pause):
            most = self._limits.pause_most_seconds
            self._pause = min(self._pause * 2 or self._limits.pause_seconds, most)
            self._until = self._clock() + self._pause
        self._trying = False

    def unknown(self) -> None:
        """The request ended without saying anything about the server."""
        self._trying = False


class Turns:
    """How many requests a server has at once. The first to wait is the first to be served."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._running = 0
        self._queue: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """Requests that wait for their turn."""
        return len(self._queue)

    def take(self) -> bool:
        """Take a turn at once, if there is one."""
        if self._running >= self._limits.concurrent_calls or self._queue:
            return False
        self._running += 1
        return True

    async def wait(self) -> None:
        """Wait for a turn. Raises :class:`~ostiary.gateway.upstream.trouble.Busy`."""
        seconds = self._limits.queue_seconds
        if len(self._queue) >= self._limits.queued_calls:
            raise Busy(f"{self._name} has {len(self._queue)} requests waiting already", seconds)
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._queue.append(turn)
        timer = loop.call_later(seconds, self._weary, turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.give()
            raise
        finally:
            timer.cancel()
            if turn in self._queue:
                self._queue.remove(turn)

    def give(self) -> None:
        """End a turn."""
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._running -= 1

    def _weary(self, turn: asyncio.Future[None]) -> None:
        if not turn.done():
            seconds = self._limits.queue_seconds
            turn.set_exception(
                Busy(f"{self._name} had no turn for this request for {seconds:g} s", seconds)
            )
