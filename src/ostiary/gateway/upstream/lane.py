"""Messages on their way to one taker, in order, without holding up those of others."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

from ostiary.gateway.ports import Interim
from ostiary.model.json import JsonObject

_MANY = 64
_MUCH = 1024 * 1024
"""Messages, and bytes, that wait for a slow taker before its server is read no further."""


class Lane:
    """One taker's queue. ``moved`` is called after each message it took."""

    def __init__(self, take: Interim | None, moved: Callable[[], None]) -> None:
        self._take = take
        self._moved = moved
        self._waiting: deque[tuple[JsonObject, int]] = deque()
        self.held = 0
        """Bytes of the messages that wait, as they came."""
        self._after: Callable[[], None] | None = None
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def empty(self) -> bool:
        """Whether nothing waits and nothing is being taken."""
        return not self._waiting and self._task is None

    @property
    def full(self) -> bool:
        """Whether its taker is behind."""
        return len(self._waiting) >= _MANY or self.held >= _MUCH

    def put(self, message: JsonObject, size: int) -> None:
        """Queue a message of ``size`` bytes."""
        self._waiting.append((message, size))
        self.held += size
        self._go()

    def drop_oldest_notice(self) -> bool:
        """Forget the oldest message that expects no answer; whether there was one."""
        for number, (message, size) in enumerate(self._waiting):
            if "id" not in message:
                del self._waiting[number]
                self.held -= size
                return True
        return False

    def taken_by(self, take: Interim) -> None:
        """From now on, ``take`` takes the messages."""
        self._take = take
        self._go()

    def finally_do(self, after: Callable[[], None]) -> None:
        """Call ``after`` when everything that waits has been taken."""
        if self.empty:
            after()
        else:
            self._after = after

    def close(self) -> None:
        """Forget everything."""
        self._waiting.clear()
        self.held = 0
        self._after = None
        task, self._task = self._task, None
        if task is not None and task is not asyncio.current_task():
            task.cancel()

    def _go(self) -> None:
        if self._task is None and self._take is not None and self._waiting:
            self._task = asyncio.get_running_loop().create_task(self._run(self._take))

    async def _run(self, take: Interim) -> None:
        me = asyncio.current_task()
        while self._waiting and self._task is me:
            message, size = self._waiting.popleft()
            self.held -= size
            # A taker that fails has lost its caller; the messages after it find their own way.
            with contextlib.suppress(Exception):
                await take(message)
            self._moved()
        if self._task is me:
            self._task = None
            after, self._after = self._after, None
            if after is not None:
                after()
