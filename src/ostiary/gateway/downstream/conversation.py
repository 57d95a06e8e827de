"""One client on a two-way channel: its session, its calls in work, what its servers say unasked.

HTTP+SSE and stdio differ only in how bytes come and go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ostiary.gateway.encode import encode
from ostiary.gateway.ports import Era, Inbound, Outbound, Relay
from ostiary.model.json import JsonObject, JsonValue, as_object
from ostiary.model.principal import Principal
from ostiary.wire import handshake, stateless

Say = Callable[[bytes], Awaitable[None]]
"""Sends one message to the client. Returns once there is room for more."""
CANCELLED = "notifications/cancelled"


class Conversation:
    """Hands messages to the relay and what comes back to ``say``, while the channel is open."""

    def __init__(
        self, relay: Relay, principal: Principal, endpoint: str, transport: str, say: Say
    ) -> None:
        self._relay = relay
        self._principal = principal
        self._endpoint = endpoint
        self._transport = transport
        self._say = say
        self._session = ""
        self._listener: asyncio.Task[Outbound] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._stateless: dict[tuple[type, JsonValue], asyncio.Task[None]] = {}

    async def take(
        self,
        message: JsonObject,
        era: Era,
        principal: Principal | None = None,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        """Take one message of the client. Calls run beside each other; what opens a session is
        waited for, because what follows needs it. ``done`` is called once it is dealt with.
        ``principal`` is who sent this message, if it may be somebody narrower than who opened the
        channel."""
        if self._cancels(message):
            done()
            return
        inbound = self._inbound(message, era, principal or self._principal)
        if message.get("method") in (handshake.INITIALIZE, handshake.INITIALIZED):
            try:
                await self._exchange(inbound)
            finally:
                done()
            return
        task = asyncio.create_task(self._exchange(inbound))
        self._tasks.add(task)
        task.add_done_callback(lambda _: done())
        task.add_done_callback(self._tasks.discard)
        if era is Era.STATELESS and "id" in message:
            key = _key(message["id"])
            self._stateless[key] = task
            task.add_done_callback(lambda ended: self._forget(key, ended))

    async def room(self, most: int) -> None:
        """Wait until fewer than ``most`` messages are in work."""
        while len(self._tasks) >= most:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def close(self) -> None:
        """The channel is gone: cancel everything and end the session."""
        pending: list[asyncio.Task[None] | asyncio.Task[Outbound]] = [*self._tasks]
        if self._listener is not None:
            pending.append(self._listener)
        for task in pending:
            task.cancel()
        if pending:
            await asyncio.wait(pending)
        await self._end_session()

    def _cancels(self, message: JsonObject) -> bool:
        """A client of the stateless era cancels by message where it has no stream to close
        (2026-07-28, basic/transports/stdio, "Cancellation")."""
        if message.get("method") != CANCELLED:
            return False
        number = as_object(message.get("params")).get("requestId")
        task = self._stateless.get(_key(number)) if isinstance(number, int | str) else None
        if task is None:
            return False
        task.cancel()
        return True

    def _forget(self, key: tuple[type, JsonValue], ended: asyncio.Task[None]) -> None:
        if self._stateless.get(key) is ended:
            del self._stateless[key]

    def _inbound(self, message: JsonObject, era: Era, principal: Principal) -> Inbound:
        held = era is Era.HANDSHAKE and message.get("method") != handshake.INITIALIZE
        return Inbound(
            principal,
            self._endpoint,
            era,
            message,
            self._session if held else "",
            stateless.REVISION if era is Era.STATELESS else "",
            (),
            self._transport,
        )

    async def _exchange(self, inbound: Inbound) -> None:
        outbound = await self._relay.exchange(inbound, self._push)
        if outbound.body:
            await self._say(outbound.body)
        if outbound.session:
            await self._open_session(outbound.session)

    async def _push(self, message: JsonObject) -> None:
        await self._say(encode(message))

    async def _open_session(self, session: str) -> None:
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.wait((self._listener,))
        await self._end_session()
        self._session = session
        inbound = self._inbound({}, Era.HANDSHAKE, self._principal)
        self._listener = asyncio.ensure_future(self._relay.listen(inbound, self._push))

    async def _end_session(self) -> None:
        if self._session:
            inbound = self._inbound({}, Era.HANDSHAKE, self._principal)
            self._session = ""
            await self._relay.end(inbound)


def _key(number: JsonValue) -> tuple[type, JsonValue]:
    """1 and "1" are two ids."""
    return type(number), number
