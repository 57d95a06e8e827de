"""One HTTP answer: whole, or as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ostiary.gateway.upstream.trouble import TooSlow

if TYPE_CHECKING:
    from ostiary.gateway.ports import UpstreamFailure
    from ostiary.gateway.upstream.connection import Connection

HIGH = 128 * 1024
"""Bytes that wait for a slow reader before the connection is read no further."""
_REST_SECONDS = 1.0
_REST_BYTES = 16 * 1024
"""What may still come after the last message of a stream for its connection to be kept."""


class Reply:
    """Status, the headers that matter, and the body: ``body`` if it came whole, else ``read``."""

    __slots__ = (
        "_chunks",
        "_connection",
        "_ended",
        "_failure",
        "_held",
        "_rest",
        "_timer",
        "_waiting",
        "body",
        "headers",
        "status",
        "streamed",
    )

    def __init__(self, status: int, headers: Mapping[bytes, bytes], connection: Connection) -> None:
        self.status = status
        self.headers = headers
        """Names in lower case; only those this gateway reads."""
        self.body = b""
        self.streamed = False
        self._connection: Connection | None = connection
        self._chunks: list[bytes] = []
        self._held = 0
        self._rest = -1
        self._timer: asyncio.TimerHandle | None = None
        self._ended = False
        self._failure: UpstreamFailure | None = None
        self._waiting: asyncio.Future[None] | None = None

    def header(self, name: bytes) -> str:
        """A header's value; empty if there is none."""
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def kind(self) -> bytes:
        """The media type in lower case, without parameters."""
        return self.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()

    async def read(self, seconds: float | None) -> bytes:
        """The next part of a streamed body; empty at its end. ``None`` waits without limit.
        Raises :class:`~ostiary.gateway.ports.UpstreamFailure`."""
        if not self._chunks and not self._ended:
            await self._wait(seconds)
        if self._chunks:
            data = b"".join(self._chunks)
            self._chunks.clear()
            self._held = 0
            if self._connection is not None:
                self._connection.resume()
            return data
        if self._failure is not None:
            raise self._failure
        return b""

    def close(self) -> None:
        """Stop reading. What has not been read yet costs the connection."""
        connection, self._connection = self._connection, None
        if connection is not None and self.streamed and not self._ended:
            connection.abort("the gateway read no further")
        self._chunks.clear()

    def let_go(self) -> None:
        """Read no further, because all that matters has come. If the body ends in a moment, the
        connection is kept."""
        connection, self._connection = self._connection, None
        if connection is not None and self.streamed and not self._ended:
            self._chunks.clear()
            self._rest = _REST_BYTES
            connection.resume()
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_REST_SECONDS, connection.end, self)

    async def _wait(self, seconds: float | None) -> None:
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        timer = None if seconds is None else loop.call_later(seconds, self._late, seconds)
        try:
            await self._waiting
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            self._waiting = None
            if timer is not None:
                timer.cancel()

    def _late(self, seconds: float) -> None:
        connection = self._connection
        if connection is not None and not self._ended:
            name = connection.name
            connection.fail(TooSlow(f"{name} sent nothing for {seconds:g} s within its answer"))

    # Called by the connection.

    def put(self, data: bytes) -> bool:
        """Take a part of the body; whether there is room for more."""
        if self._rest >= 0:
            self._rest -= len(data)
            return self._rest >= 0
        self._chunks.append(data)
        self._held += len(data)
        self._wake()
        return self._held < HIGH

    def end(self, failure: UpstreamFailure | None) -> None:
        """Take note that nothing more will come."""
        self._ended = True
        self._failure = failure
        self._connection = None
        if self._timer is not None:
            self._timer.cancel()
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
