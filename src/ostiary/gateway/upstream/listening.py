"""The stream of messages nobody asked for (revisions 2025-03-26 to 2025-11-25: HTTP GET)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from ostiary.gateway.ports import Interim, UpstreamFailure
from ostiary.gateway.upstream import messages
from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.events import EventStream
from ostiary.gateway.upstream.http_pool import Pool
from ostiary.wire import strict_json

_FIRST_PAUSE = 1.0
_MOST_PAUSE = 60.0
_LEAST_PAUSE = 0.05
_OPENING_SECONDS = 0.5
"""How long requests wait for the stream to be there. Once in a session; usually a round trip."""
_NONE = (400, 405, 406, 501)
"""Statuses of a server that has nothing to say unasked."""


class _Pauses:
    """Seconds before the next connection: doubled each time, until something was heard."""

    def __init__(self) -> None:
        self._next = _FIRST_PAUSE

    def longer(self) -> float:
        pause, self._next = self._next, min(self._next * 2, _MOST_PAUSE)
        return pause

    def shorter(self, retry: int | None) -> None:
        """Start over, with what the server asks for, if it does."""
        asked = _FIRST_PAUSE if retry is None else retry / 1000
        self._next = min(max(asked, _LEAST_PAUSE), _MOST_PAUSE)


class Listening:
    """Keeps one stream open as long as the server offers one."""

    def __init__(
        self,
        pool: Pool,
        limits: Limits,
        *,
        get: Callable[[bytes], bytes],
        unasked: Interim,
        forgotten: Callable[[], None],
    ) -> None:
        """``get`` makes the request that goes on after an event id."""
        self._pool = pool
        self._limits = limits
        self._json = strict_json.Limits(limits.answer_bytes, limits.answer_depth)
        self._get = get
        self._unasked = unasked
        self._forgotten = forgotten
        self._task: asyncio.Task[None] | None = None
        self._answered = asyncio.Event()

    @property
    def opening(self) -> bool:
        """Whether the stream was asked for and nothing was heard of it yet."""
        return self._task is not None and not self._answered.is_set()

    async def opened(self) -> None:
        """Wait a moment for the stream. A request that overtakes it is one whose questions a
        server can send to nobody."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_OPENING_SECONDS):
                await self._answered.wait()
        self._answered.set()

    def start(self) -> None:
        """Begin, if it has not begun."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Hang up."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        pauses = _Pauses()
        last_id = b""
        while True:
            try:
                reply = await self._pool.listen(
                    self._get(last_id), self._limits.answer_bytes, self._limits.answer_seconds
                )
            except UpstreamFailure:
                self._answered.set()
                await asyncio.sleep(pauses.longer())
                continue
            self._answered.set()
            if reply.status == 404:
                self._forgotten()
                return
            if reply.status in _NONE or (reply.status == 200 and not reply.streamed):
                return
            if reply.streamed:
                stream = EventStream(self._pool.name, reply, self._json)
                if await self._read(stream):
                    pauses.shorter(stream.retry)
                last_id = b"" if stream.garbled else stream.last_id or last_id
            await asyncio.sleep(pauses.longer())

    async def _read(self, stream: EventStream) -> bool:
        """Hand on what comes; whether anything came."""
        heard = False
        try:
            while (message := await stream.next(None)) is not None:
                heard = True
                if messages.is_ask(message):
                    await self._unasked(message)
        except UpstreamFailure:
            return heard and not stream.garbled
        finally:
            stream.close()
        return heard
