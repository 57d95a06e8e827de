"""The client started the gateway and speaks over its standard streams, one message a line.

Source: specification 2026-07-28, basic/transports/stdio; the same framing in all earlier revisions.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
import sys
from collections.abc import AsyncIterator
from typing import BinaryIO

from ostiary.gateway.downstream.conversation import Conversation
from ostiary.gateway.downstream.limits import Limiter
from ostiary.gateway.downstream.message import era_of, read_message
from ostiary.gateway.downstream.refused import Refused
from ostiary.gateway.downstream.settings import Limits
from ostiary.gateway.encode import encode
from ostiary.gateway.ports import Relay
from ostiary.model.json import JsonObject
from ostiary.model.principal import Principal
from ostiary.wire import strict_json

_CHUNK = 64 * 1024
TOO_MUCH = -32000
"""JSON-RPC code of a request beyond a limit; stdio has no HTTP status to say it with."""


class StreamsUnusable(Exception):
    """Standard input or output is neither a pipe, a socket nor a terminal."""


def claim_stdout() -> BinaryIO:
    """Take standard output away from everything else in this process: what others print goes to
    standard error from now on, and only the returned file leads to the client."""
    sys.stdout.flush()
    ours = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(ours, "wb", buffering=0)


class Writer:
    """Lines to the client, one after the other; waits while the client does not read."""

    def __init__(self, stream: asyncio.StreamWriter) -> None:
        self._stream = stream
        self._lock = asyncio.Lock()

    async def say(self, line: bytes) -> None:
        """Send one message. Returns once there is room for more; a client that is gone is no
        error, its input ends too."""
        async with self._lock:
            if self._stream.is_closing():
                return
            self._stream.write(line + b"\n")
            with contextlib.suppress(ConnectionError):
                await self._stream.drain()

    def close(self) -> None:
        """Send what is left, and close."""
        self._stream.close()


def _usable(file: BinaryIO, which: str) -> None:
    """The event loop ends the whole process over a file or a device that it cannot wait for."""
    mode = os.fstat(file.fileno()).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or file.isatty()):
        raise StreamsUnusable(
            f"standard {which} is neither a pipe, a socket nor a terminal; --stdio is for a client "
            "that starts this and speaks to it"
        )


async def _writer(pipe: BinaryIO) -> Writer:
    _usable(pipe, "output")
    loop = asyncio.get_running_loop()
    try:
        transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, pipe)
    except (ValueError, OSError) as error:
        raise StreamsUnusable(f"standard output cannot be used: {error}") from None
    return Writer(asyncio.StreamWriter(transport, protocol, None, loop))


async def _reader(pipe: BinaryIO, size: int) -> tuple[asyncio.StreamReader, asyncio.ReadTransport]:
    _usable(pipe, "input")
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=size)
    try:
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
    except (ValueError, OSError) as error:
        raise StreamsUnusable(f"standard input cannot be used: {error}") from None
    return reader, transport


async def lines(reader: asyncio.StreamReader, size: int) -> AsyncIterator[bytes | None]:
    """The lines of a stream; ``None`` for one that is longer than ``size``, which is not kept."""
    held = bytearray()
    skipping = False
    while chunk := await reader.read(_CHUNK):
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            line = bytes(held) + piece
            held.clear()
            yield None if skipping or len(line) > size else line
            skipping = False
        held += rest
        if len(held) > size:
            skipping = True
            held.clear()
    if held and not skipping:
        yield bytes(held)


class Stdio:
    """Serves the one client at the other end of the standard streams until its input ends."""

    def __init__(
        self, relay: Relay, principal: Principal, endpoint: str, limits: Limits, limiter: Limiter
    ) -> None:
        """``endpoint`` names one server, or is empty for all of them."""
        self._relay = relay
        self._principal = principal
        self._endpoint = endpoint
        self._limits = limits
        self._json_limits = strict_json.Limits(limits.body_bytes, limits.depth)
        self._limiter = limiter
        self._writer: Writer

    async def serve(self, source: BinaryIO, sink: BinaryIO) -> None:
        """Serve until ``source`` ends. Raises :class:`StreamsUnusable`."""
        self._writer = await _writer(sink)
        reader, transport = await _reader(source, self._limits.body_bytes)
        conversation = Conversation(
            self._relay, self._principal, self._endpoint, "stdio", self._writer.say
        )
        try:
            async for line in lines(reader, self._limits.body_bytes):
                await self._take(conversation, line)
        finally:
            await conversation.close()
            transport.close()
            self._writer.close()

    async def _take(self, conversation: Conversation, line: bytes | None) -> None:
        try:
            if line is None:
                raise Refused(413, f"a line is larger than {self._limits.body_bytes:,} bytes")
            if not line.strip():
                return
            message = read_message(line, self._json_limits)
            era = era_of(message, None)
        except Refused as refused:
            await self._writer.say(encode(refused.message()))
            return
        if "id" not in message or "method" not in message:
            await conversation.room(2 * self._limits.calls_per_caller)
            await conversation.take(message, era)
            return
        caller = self._principal.id
        too_much = self._limiter.begin_call(caller)
        if too_much is None and (too_much := self._limiter.too_busy(caller)):
            self._limiter.end_call(caller)
        if too_much is not None:
            data: JsonObject = {"retryAfterSeconds": too_much.retry_after}
            beyond = Refused(429, too_much.reason, code=TOO_MUCH, data=data, id=message["id"])
            await self._writer.say(encode(beyond.message()))
            return
        await conversation.take(message, era, done=lambda: self._limiter.end_call(caller))
