"""One HTTP answer: a JSON object, or an event stream if anything has to be said before it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ostiary.gateway.downstream.protocol import HttpProtocol
from ostiary.gateway.encode import encode
from ostiary.gateway.ports import Outbound
from ostiary.model.json import JsonObject

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

STREAM_HEADERS: Headers = (
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)
MOST_HELD = 64
COMMENT = b":\n\n"
_JSON = (b"content-type", b"application/json")
_NO_STORE = (b"cache-control", b"no-store")


def event(body: bytes, name: bytes = b"message") -> bytes:
    """One server-sent event. ``body`` holds no line break."""
    return b"event: %b\ndata: %b\n\n" % (name, body)


class Answer:
    """The answer to one request. Nothing is sent until it is known whether it streams."""

    __slots__ = (
        *(
            "_began",
            "_connection",
            "_extra",
            "_held",
            "_keeper",
            "_lock",
            "_pause",
            "_send",
            "_stall",
        ),
        *("_timer", "streaming"),
    )

    def __init__(
        self,
        send: Send,
        connection: HttpProtocol,
        extra: Headers,
        *,
        pause: float,
        stall: float,
        began: Callable[[], None] | None = None,
        whole: bool = False,
    ) -> None:
        """``extra`` headers go with every answer. After ``pause`` seconds of silence a stream gets
        a comment; after ``stall`` seconds in which nothing could be written, the connection is cut.
        ``began`` is called when it becomes a stream. A ``whole`` answer holds back what comes
        before it: its headers are known last."""
        self._send = send
        self._connection = connection
        self._extra = extra
        self._pause = pause
        self._stall = stall
        self._began = began
        self._held: list[JsonObject] | None = [] if whole else None
        self._lock: asyncio.Lock | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(pause, self._keep)
        self.streaming = False

    async def interim(self, message: JsonObject) -> None:
        """Send a message that comes before the answer. Returns once there is room for more."""
        if self._held is not None:
            if len(self._held) < MOST_HELD:
                self._held.append(message)
            return
        await self.say(encode(message))

    async def say(self, body: bytes, name: bytes = b"message") -> None:
        """Send one event. Returns once there is room for more."""
        await self.start()
        await self._write(event(body, name))

    async def start(self) -> None:
        """Make it an event stream, if it is none yet."""
        if self.streaming:
            return
        if self._lock is None:
            self._lock = asyncio.Lock()
        async with self._lock:
            if not self.streaming:
                headers = [*STREAM_HEADERS, *self._extra]
                await self._send({"type": "http.response.start", "status": 200, "headers": headers})
                self.streaming = True
                if self._began is not None:
                    self._began()
        if self._keeper is None:
            self._keep()

    async def finish(self, outbound: Outbound) -> None:
        """Send the answer and end."""
        await self.stop()
        if self._held:
            await self._release(outbound)
        if self.streaming:
            last = event(outbound.body) if outbound.body else b""
            await self._send({"type": "http.response.body", "body": last})
            return
        body = outbound.body
        headers = [_NO_STORE, *self._extra]
        if body:
            headers.append(_JSON)
        if outbound.status != 204:
            headers.append((b"content-length", b"%d" % len(body)))
        if outbound.session:
            headers.append((b"mcp-session-id", outbound.session.encode("latin-1")))
        for name, value in outbound.headers:
            headers.append((name.lower().encode("latin-1"), value.encode("latin-1")))
        corked = self._connection.corked
        corked.cork()
        try:
            await self._send(
                {"type": "http.response.start", "status": outbound.status, "headers": headers}
            )
            await self._send({"type": "http.response.body", "body": body})
        finally:
            corked.uncork()

    async def _release(self, outbound: Outbound) -> None:
        if outbound.session:
            self._extra += ((b"mcp-session-id", outbound.session.encode("latin-1")),)
        held, self._held = self._held, None
        for message in held or ():
            await self.interim(message)
        await self.stop()

    async def stop(self) -> None:
        """Send no more comments."""
        self.abandon()
        if self._keeper is not None:
            await asyncio.wait((self._keeper,))

    def abandon(self) -> None:
        """Leave nothing behind, whether or not an answer was sent. May be called again."""
        self._timer.cancel()
        if self._keeper is not None:
            self._keeper.cancel()

    def _keep(self) -> None:
        self._timer.cancel()
        if self._keeper is None and self._held is None:
            self._keeper = asyncio.get_running_loop().create_task(self._comment())

    async def _comment(self) -> None:
        await self.start()
        while True:
            await asyncio.sleep(self._pause)
            await self._write(COMMENT)

    async def _write(self, chunk: bytes) -> None:
        try:
            async with asyncio.timeout(self._stall):
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        except TimeoutError:
            self._connection.give_up()
