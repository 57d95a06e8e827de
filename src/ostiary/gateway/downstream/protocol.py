"""The HTTP/1.1 connection of a client: uvicorn's, with the limits it lacks on headers and time, and
a cheap word when the client goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from ostiary.gateway.downstream.settings import Limits

if TYPE_CHECKING:
    from asyncio.events import TimerHandle

KEY = "ostiary.connection"
"""Where the ASGI scope carries the connection."""
_REFUSALS = {
    431: b"HTTP/1.1 431 Request Header Fields Too Large\r\n",
    503: b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\n",
}


class Corked:
    """A transport that can hold back what is written, so that a head and a short body travel in
    one packet, by one system call."""

    __slots__ = ("_held", "_transport", "is_closing")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held: list[bytes] | None = None
        self.is_closing = transport.is_closing

    def cork(self) -> None:
        """Hold back from now on."""
        self._held = []

    def uncork(self) -> None:
        """Write what was held back."""
        held, self._held = self._held, None
        if held:
            self._transport.write(b"".join(held))

    def write(self, data: bytes) -> None:
        if self._held is None:
            self._transport.write(data)
        else:
            self._held.append(data)

    def close(self) -> None:
        self.uncork()
        self._transport.close()


class _Nowhere(list[tuple[bytes, bytes]]):
    """Takes trailers, and keeps none."""

    def append(self, line: tuple[bytes, bytes]) -> None:  # noqa: ARG002
        return


class HttpProtocol(HttpToolsProtocol):
    """One connection. Its limits are on the subclass that :func:`limited` makes."""

    limits: ClassVar[Limits] = Limits()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.gone: list[Callable[[], object]] = []
        """Called once each when the client goes away."""
        self.lost = False
        """Whether the client went away."""
        self._unsent = -1
        self.corked = Corked(transport)
        self._in_headers = 0
        """Bytes of a request whose headers have not ended."""
        self._began: float | None = self.loop.time()
        self._timer: TimerHandle | None = None
        if len(self.connections) > self.limits.connections:
            self._refuse(503)
            return
        self._arm(self.limits.read_seconds)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._began is None and not self._answering():
            self._begin()
        super().data_received(data)
        if self._began is None or self._in_headers < 0 or self.transport.is_closing():
            return
        self._in_headers += len(data)
        if self._in_headers > self.limits.header_bytes:
            self._refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._began is None:
            self._begin()

    def _begin(self) -> None:
        self._began = self.loop.time()
        self._in_headers = 0
        if self._timer is None:
            self._arm(self.limits.read_seconds)

    def on_headers_complete(self) -> None:
        self._in_headers = -1
        super().on_headers_complete()
        # What comes after the body in the form of headers has none of their force.
        self.headers = _Nowhere()
        self.cycle.transport = cast("asyncio.Transport", self.corked)
        scope = cast("dict[str, object]", self.scope)
        scope[KEY] = self
        if self.url[:1] != b"/":
            # A target with a host of its own would count for more than the Host that is checked.
            scope["raw_path"] = self.url

    def on_message_complete(self) -> None:
        self._began = None
        super().on_message_complete()

    def give_up(self) -> None:
        """Cut the connection."""
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.lost = True
        told, self.gone = self.gone, []
        for tell in told:
            tell()

    def _should_upgrade(self) -> bool:
        return False

    def _unsupported_upgrade_warning(self) -> None:
        return

    def timeout_keep_alive_handler(self) -> None:
        """A client that reads slowly is waited for; one that does not read at all is cut off."""
        unsent = self.transport.get_write_buffer_size()
        if unsent == self._unsent and unsent:
            self.transport.abort()
        elif unsent:
            self._unsent = unsent
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        else:
            super().timeout_keep_alive_handler()

    def _answering(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _arm(self, seconds: float) -> None:
        """One timer serves many requests: it looks at the one that is being read when it fires."""
        self._timer = self.loop.call_later(seconds, self._too_slow)

    def _too_slow(self) -> None:
        self._timer = None
        if self._began is None or self.transport.is_closing():
            return
        left = self._began + self.limits.read_seconds - self.loop.time()
        if left > 0:
            self._arm(left)
        elif self.pipeline:
            # It waits behind an answer of ours, and is not read meanwhile.
            self._begin()
        else:
            self.transport.close()

    def _refuse(self, status: int) -> None:
        """Answer without a request, and close."""
        if not self._answering():
            head = _REFUSALS[status]
            self.transport.write(head + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()


def limited(limits: Limits) -> type[HttpProtocol]:
    """The protocol with these limits, for ``uvicorn.Config(http=...)``."""
    return type("LimitedHttpProtocol", (HttpProtocol,), {"limits": limits})
