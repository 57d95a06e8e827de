"""One HTTP/1.1 connection: one request at a time, its answer parsed strictly (RFC 9112)."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable
from typing import cast

import httptools

from ostiary.gateway.ports import UpstreamFailure
from ostiary.gateway.upstream.reply import Reply
from ostiary.gateway.upstream.trouble import BrokenOff, Garbled, Hurried, TooSlow

_READ = frozenset(
    {
        b"connection",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"mcp-session-id",
        b"retry-after",
        b"transfer-encoding",
        b"www-authenticate",
    }
)
"""Headers that mean something here; each may occur once, but for challenges."""
_CHALLENGE = b"www-authenticate"
_MOST_HEADERS = 128
_OVERHEAD = 64 * 1024
"""Bytes that chunk sizes, extensions and trailers may take, beside eight times the body."""


class _Refused(Exception):
    """Stops the parser; the connection knows why."""


class Connection(asyncio.Protocol):
    """A connection that belongs to a pool. ``gone`` tells the pool of its end, ``free`` that it
    may serve the next request."""

    def __init__(
        self,
        name: str,
        head_bytes: int,
        free: Callable[[Connection], None],
        gone: Callable[[Connection], None],
    ) -> None:
        self.name = name
        """The server, in words."""
        self.since = 0.0
        """When it was last used, on the loop's clock."""
        self.lasting = False
        """Whether it serves a stream without an end."""
        self.counted = False
        """Whether it takes one of the pool's places."""
        self._most_head = head_bytes
        self._free = free
        self._gone = gone
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._poll = select.poll()
        self._timer: asyncio.TimerHandle | None = None
        self._deadline = 0.0
        self._patience: float | None = None
        """Seconds that the answer under way may take to begin; ``None`` is without limit."""
        self._waiting: asyncio.Future[Reply] | None = None
        self._reply: Reply | None = None
        self._limit = 0
        self._paused = False
        self._clear()

    def _clear(self) -> None:
        """Ready for the next answer."""
        self._headers: dict[bytes, bytes] = {}
        self._count = 0
        self._head = 0
        self._received = 0
        self._body: list[bytes] = []
        self._size = 0
        self._in_head = True
        self._until_end = False
        self._complete = False
        self._keep = False
        self._fault = ""

    # What the pool and a reply ask.

    @property
    def alive(self) -> bool:
        """Whether it is open."""
        return self._transport is not None

    def usable(self) -> bool:
        """Whether nothing has arrived and the server has not hung up since the last answer."""
        transport = self._transport
        return transport is not None and not transport.is_closing() and not self._poll.poll(0)

    async def exchange(self, data: bytes, limit: int, seconds: float | None) -> Reply:
        """Send one request and wait for its answer, or, of an event stream, for its head.

        ``limit`` is the most bytes of a whole body. Raises
        :class:`~ostiary.gateway.ports.UpstreamFailure`.
        """
        transport = self._transport
        if transport is None or transport.is_closing():
            raise Hurried(f"{self.name} closed the connection before the request", sent=False)
        self._clear()
        self._limit = limit
        waiting: asyncio.Future[Reply] = self._loop.create_future()
        self._waiting = waiting
        transport.write(data)
        self._patience = seconds
        if seconds is not None:
            self._expect(seconds)
        try:
            return await waiting
        except asyncio.CancelledError:
            if not waiting.done() or waiting.cancelled():
                self.abort("the caller went away")
            elif waiting.exception() is None:
                waiting.result().close()
            raise

    def abort(self, why: str) -> None:
        """Hang up at once."""
        self.fail(BrokenOff(f"{self.name}: {why}"))

    def fail(self, failure: UpstreamFailure) -> None:
        """Hang up and tell whoever waits."""
        waiting, self._waiting = self._waiting, None
        reply, self._reply = self._reply, None
        if self._transport is not None:
            self._transport.abort()
        if waiting is not None and not waiting.done():
            waiting.set_exception(failure)
        elif reply is not None:
            reply.end(failure)

    def end(self, reply: Reply) -> None:
        """Hang up if ``reply`` is still not over."""
        if self._reply is reply:
            self.abort("its stream did not end")

    def resume(self) -> None:
        """Read on after a slow reader caught up."""
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()

    def _expect(self, seconds: float) -> None:
        """One timer serves many answers: it looks at the one that is waited for when it fires."""
        self._deadline = self._loop.time() + seconds
        if self._timer is not None:
            if self._timer.when() <= self._deadline:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(self._deadline, self._look)

    def _look(self) -> None:
        self._timer = None
        seconds = self._patience
        if self._waiting is None or seconds is None:
            return
        if self._loop.time() < self._deadline:
            self._timer = self._loop.call_at(self._deadline, self._look)
        else:
            self.fail(TooSlow(f"{self.name} did not answer within {seconds:g} s"))

    # What the event loop says.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        if self._waiting is None and self._reply is None:
            # Nobody asked for these bytes, and nobody may take them for the next answer.
            self._close()
            return
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not self._complete:
                said = "; ".join(str(one) for one in error.args if isinstance(one, str))
                self.fail(Garbled(f"{self.name}: {self._fault or 'broken HTTP: ' + said[:120]}"))
                return
            self._keep = False
        if self._complete:
            self._deliver()
        elif self._in_head and self._received > self._most_head:
            self.fail(Garbled(f"{self.name} sent headers larger than {self._most_head:,} bytes"))
        elif self._received > 9 * self._size + _OVERHEAD:
            self.fail(Garbled(f"{self.name} sent an answer of mostly nothing"))

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._until_end and exc is None and not self._in_head:
            self._keep = False
            self._finish()
        elif self._waiting is not None or self._reply is not None:
            why = "broke off the connection"
            if self._received:
                self.fail(BrokenOff(f"{self.name} {why} within its answer"))
            else:
                self.fail(Hurried(f"{self.name} {why} without an answer", sent=True))
        self._gone(self)

    # What the parser says.

    def on_message_begin(self) -> None:
        if self._complete:
            # More than one answer to one request: the first stands, the connection does not.
            self._refuse("it sent more than was asked")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count += 1
        self._head += len(name) + len(value) + 4
        if self._head > self._most_head or self._count > _MOST_HEADERS:
            self._refuse(f"it sent headers larger than {self._most_head:,} bytes")
        if not self._in_head:
            return
        name = name.lower()
        if name in _READ:
            if name == _CHALLENGE and name in self._headers:
                value = self._headers[name] + b", " + value
            elif name in self._headers:
                self._refuse(f"it sent the header {name.decode('latin-1')} twice")
            self._headers[name] = value

    def on_headers_complete(self) -> None:
        headers = self._headers
        status = self._parser.get_status_code()
        if not 200 <= status < 600:
            self._refuse(f"it answered HTTP {status}, which nobody asked for")
        if self._parser.get_http_version() not in ("1.1", "1.0"):
            self._refuse("it answered in another version of HTTP")
        self._check_framing(headers, status)
        if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
            self._refuse("it compressed its answer, which nobody asked for")
        self._in_head = False
        self._reply = Reply(status, headers, self)
        if status == 200 and self._reply.kind == b"text/event-stream":
            self._reply.streamed = True
            waiting, self._waiting = self._waiting, None
            if waiting is not None and not waiting.done():
                waiting.set_result(self._reply)

    def on_body(self, data: bytes) -> None:
        self._size += len(data)
        reply = self._reply
        if reply is not None and reply.streamed:
            if not reply.put(data) and not self._paused and self._transport is not None:
                self._paused = True
                self._transport.pause_reading()
            return
        if self._size > self._limit:
            self._refuse(f"its answer is larger than {self._limit:,} bytes")
        self._body.append(data)

    def on_message_complete(self) -> None:
        self._keep = self._parser.should_keep_alive()
        self._complete = True

    def _check_framing(self, headers: dict[bytes, bytes], status: int) -> None:
        """One way to tell where the body ends, or none but the end of the connection (CWE-444)."""
        length, coding = headers.get(b"content-length"), headers.get(b"transfer-encoding")
        if coding is not None and coding.strip().lower() != b"chunked":
            self._refuse("it used a transfer coding that nobody asked for")
        if coding is not None and (length is not None or self._parser.get_http_version() == "1.0"):
            self._refuse("it gave two lengths for one answer")
        if length is not None and int(length) > self._limit:
            self._refuse(f"its answer is larger than {self._limit:,} bytes")
        self._until_end = length is None and coding is None and status not in (204, 304)

    def _refuse(self, why: str) -> None:
        self._fault = self._fault or why
        raise _Refused(why)

    # The end of an answer.

    def _deliver(self) -> None:
        transport = self._transport
        if transport is None or not self._keep or transport.get_write_buffer_size():
            self._close()
            self._finish()
            return
        self._finish()
        self.resume()
        self.since = self._loop.time()
        self._free(self)

    def _finish(self) -> None:
        waiting, self._waiting = self._waiting, None
        reply, self._reply = self._reply, None
        if reply is None:
            return
        if not reply.streamed:
            body = self._body
            reply.body = body[0] if len(body) == 1 else b"".join(body)
        reply.end(None)
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
