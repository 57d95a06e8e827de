"""One message on its way through the relay, while its client may leave and its token may end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ostiary.gateway.downstream.request import Request
from ostiary.gateway.downstream.standing import Standing
from ostiary.gateway.ports import Era, Inbound, Outbound, Relay

LISTEN = "subscriptions/listen"
"""The one request whose answer is not due before the client has enough of it."""

Watch = Callable[[Callable[[], object]], Standing]
"""Watches the caller's credential and calls back when it no longer stands."""


class Exchanges:
    """Hands messages over HTTP to the relay."""

    def __init__(self, relay: Relay, linger: float) -> None:
        """A request of the handshake era goes on for ``linger`` seconds without its client."""
        self._relay = relay
        self._linger = linger
        self._endless: set[_Exchange] = set()
        self._stopping = False

    def stop(self) -> None:
        """End what has no end of its own; the rest is up to whoever waits for it."""
        self._stopping = True
        for one in self._endless:
            one.expire()

    async def run(self, request: Request, inbound: Inbound, watch: Watch) -> None:
        """Carry one message, and answer it."""
        connection, method = request.connection, inbound.message.get("method")
        linger = 0 if inbound.era is Era.STATELESS else self._linger
        one = _Exchange(linger, watch)
        if method == LISTEN:
            self._endless.add(one)
        connection.gone.append(one.gone)
        answer = request.answer(one.began, whole=method == "initialize")
        try:
            await answer.finish(await self._relay.exchange(inbound, answer.interim))
        except asyncio.CancelledError:
            if connection.lost:
                return
            if not one.expired and not self._stopping:
                raise
            await answer.finish(Outbound(status=503))
        finally:
            answer.abandon()
            one.close()
            self._endless.discard(one)
            if not connection.lost:
                connection.gone.remove(one.gone)


class _Exchange:
    """What can happen to an exchange from outside."""

    __slots__ = ("_linger", "_standing", "_task", "_timer", "_watch", "expired")

    def __init__(self, linger: float, watch: Watch) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._linger = linger
        self._watch = watch
        self._standing: Standing | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.expired = False

    def gone(self) -> None:
        """The client went away. That cancels its request in the stateless era; in the handshake era
        the request goes on, for a time (2025-11-25, basic/transports, "Sending Messages to the
        Server")."""
        if self._linger:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._linger, self._task.cancel)
        else:
            self._task.cancel()

    def began(self) -> None:
        """The answer became a stream, which may outlive the token that asked for it."""
        self._standing = self._watch(self.expire)

    def expire(self) -> None:
        """End the exchange for a reason of our own."""
        self.expired = True
        self._task.cancel()

    def close(self) -> None:
        """It is over."""
        if self._timer is not None:
            self._timer.cancel()
        if self._standing is not None:
            self._standing.stop()
