"""Connections to one server: kept for a moment, handed out in turn, never shared at one time."""

from __future__ import annotations

import asyncio
import functools
import socket
import ssl
from collections import deque

from ostiary.gateway.upstream import addresses
from ostiary.gateway.upstream.addresses import Resolve
from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.connection import Connection
from ostiary.gateway.upstream.reply import Reply
from ostiary.gateway.upstream.trouble import Busy, Hurried, Unreachable
from ostiary.probe.guarded_http import Place

_TRIES = 3


@functools.lru_cache(maxsize=8)
def trust(ca_file: str) -> ssl.SSLContext:
    """The system's certificates and those of ``ca_file``. Verification cannot be turned off.
    Raises :class:`OSError` for a file that cannot be read."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


class Pool:
    """Connections to one origin. The first to wait is the first to be served."""

    def __init__(
        self, name: str, where: Place, limits: Limits, resolve: Resolve = addresses.system
    ) -> None:
        self.name = name
        self.where = where
        self.opened = 0
        """Connections made so far."""
        self._limits = limits
        self._resolve = resolve
        self._idle: list[Connection] = []
        self._all: set[Connection] = set()
        self._taken = 0
        self._lasting = 0
        self._queue: deque[asyncio.Future[Connection | None]] = deque()
        self._sweeping: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def open(self) -> int:
        """Connections that are open now."""
        return len(self._all)

    async def exchange(
        self, data: bytes, limit: int, seconds: float | None, *, repeatable: bool = False
    ) -> Reply:
        """Send one request and wait for its answer.

        A request is sent again by itself only if nothing of it was sent, or if it is
        ``repeatable`` and a kept connection died under it without a byte of an answer.
        Raises :class:`~ostiary.gateway.ports.UpstreamFailure`.
        """
        for left in reversed(range(_TRIES)):
            connection, kept = await self._acquire()
            try:
                return await connection.exchange(data, limit, seconds)
            except Hurried as failure:
                if not left or not (not failure.sent or (kept and repeatable)):
                    raise
        raise AssertionError("the last try returns or raises")

    async def listen(self, data: bytes, limit: int, seconds: float | None) -> Reply:
        """Send one request whose answer is a stream without an end, on a connection of its own."""
        if self._lasting >= self._limits.streams:
            raise Busy(f"{self.name} is already listened to {self._lasting} times", 1.0)
        self._lasting += 1
        try:
            connection = await self._dial()
        except BaseException:
            self._lasting -= 1
            raise
        connection.lasting = True
        self._enter(connection)
        return await connection.exchange(data, limit, seconds)

    def close(self) -> None:
        """Hang up everywhere."""
        self._closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        for connection in tuple(self._all):
            connection.abort("the gateway hung up")
        while self._queue:
            waiter = self._queue.popleft()
            if not waiter.done():
                waiter.set_result(None)

    # Taking and giving back.

    async def _acquire(self) -> tuple[Connection, bool]:
        if self._closed:
            raise Unreachable(f"{self.name} is no longer used by this gateway", 503)
        if not self._queue:
            connection = self._kept()
            if connection is not None:
                return connection, True
            if self._taken < self._limits.connections:
                self._taken += 1
                return await self._dialled(), False
        connection = await self._turn()
        if connection is not None and connection.usable():
            return connection, True
        if connection is not None:
            # Its own place is free only when it is gone, a moment later.
            self._taken += 1
            connection.abort("the kept connection was dead")
        return await self._dialled(), False

    def _kept(self) -> Connection | None:
        oldest = asyncio.get_running_loop().time() - self._limits.idle_seconds
        while self._idle:
            connection = self._idle.pop()
            if connection.since >= oldest and connection.usable():
                return connection
            connection.abort("it was kept too long")
        return None

    async def _turn(self) -> Connection | None:
        """Wait in the queue: a connection, or ``None`` for the right to make one."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Connection | None] = loop.create_future()
        self._queue.append(waiter)
        timer = loop.call_later(self._limits.queue_seconds, self._weary, waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._hand_on(waiter.result())
            raise
        finally:
            timer.cancel()
            if waiter in self._queue:
                self._queue.remove(waiter)

    def _weary(self, waiter: asyncio.Future[Connection | None]) -> None:
        if not waiter.done():
            seconds = self._limits.queue_seconds
            waiter.set_exception(
                Busy(f"{self.name} had no free connection for {seconds:g} s", seconds)
            )

    def _hand_on(self, connection: Connection | None) -> None:
        """Give a connection, or the right to make one, to the next in the queue."""
        while self._queue:
            waiter = self._queue.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        if connection is None:
            self._taken -= 1
        else:
            self._idle.append(connection)
            self._sweep_later()

    def _free(self, connection: Connection) -> None:
        if self._closed or connection.lasting:
            connection.abort("it is not needed any more")
        else:
            self._hand_on(connection)

    def _gone(self, connection: Connection) -> None:
        self._all.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        if connection.lasting:
            self._lasting -= 1
        elif connection.counted:
            self._hand_on(None)

    # Old connections.

    def _sweep_later(self) -> None:
        if self._sweeping is None and not self._closed:
            loop = asyncio.get_running_loop()
            self._sweeping = loop.call_later(self._limits.idle_seconds, self._sweep)

    def _sweep(self) -> None:
        self._sweeping = None
        oldest = asyncio.get_running_loop().time() - self._limits.idle_seconds
        old = [one for one in self._idle if one.since <= oldest]
        self._idle = [one for one in self._idle if one.since > oldest]
        for connection in old:
            connection.abort("it was kept too long")
        if self._idle:
            self._sweep_later()

    # New connections.

    async def _dialled(self) -> Connection:
        """A connection in a place that is already counted."""
        try:
            connection = await self._dial()
        except BaseException:
            self._hand_on(None)
            raise
        connection.counted = True
        self._enter(connection)
        return connection

    def _enter(self, connection: Connection) -> None:
        """Keep account of a connection, which may be gone already."""
        if not connection.alive:
            self._gone(connection)
        else:
            self._all.add(connection)
            if self._closed:
                connection.abort("the gateway hung up")

    async def _dial(self) -> Connection:
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                return await self._connect()
        except TimeoutError:
            seconds = self._limits.connect_seconds
            raise Unreachable(f"{self.name} took no connection within {seconds:g} s", 504) from None

    async def _connect(self) -> Connection:
        found = await addresses.checked(
            self.name, self.where, self._resolve, allow_private=self._limits.allow_private
        )
        failure: OSError | None = None
        # One address that swallows everything leaves time for the others.
        share = self._limits.connect_seconds / len(found)
        for address in found:
            try:
                async with asyncio.timeout(share if address != found[-1] else None):
                    return await self._to(address)
            except OSError as error:  # a TimeoutError is one
                failure = error
        raise Unreachable(f"{self.name}: no connection to {self.where.origin}: {_words(failure)}")

    async def _to(self, address: str) -> Connection:
        secure = self.where.scheme == "https"
        transport, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self.name, self._limits.head_bytes, self._free, self._gone),
            address,
            self.where.port,
            ssl=trust(self._limits.ca_file) if secure else None,
            server_hostname=self.where.host if secure else None,
        )
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self.opened += 1
        return connection


def _words(error: OSError | None) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or 'no reason given'}"
    return (error.strerror if error is not None else "") or "no address answered"
