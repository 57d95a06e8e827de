"""Watches over the credential behind a stream that stays open: streams end with the token that
opened them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ostiary.gateway.downstream.refused import Refused


class Standing:
    """Looks every ``seconds`` whether the caller is still known, or can be verified again."""

    def __init__(
        self,
        known: Callable[[], bool],
        verified: Callable[[], Awaitable[bool]],
        end: Callable[[], object],
        seconds: float,
    ) -> None:
        self._known = known
        self._verified = verified
        self._end = end
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._timer = self._loop.call_later(seconds, self._look)

    def stop(self) -> None:
        """Watch no more."""
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _look(self) -> None:
        if self._known():
            self._timer = self._loop.call_later(self._seconds, self._look)
        else:
            self._task = self._loop.create_task(self._verify())

    async def _verify(self) -> None:
        try:
            stands = await self._verified()
        except Refused:
            stands = False
        if stands:
            self._timer = self._loop.call_later(self._seconds, self._look)
        else:
            self._end()
