"""Where the browser comes back: an address on this machine, open for one answer (RFC 8252, 7.3)."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from ostiary.gateway.login.wanted import CannotLogIn

PATH = "/callback"
_HOST = "127.0.0.1"
_MOST = 32 * 1024
_SECONDS = 10.0
_PAGE = (
    "<!doctype html><meta charset=utf-8><title>Ostiary</title><p>{words}</p>"
    "<p>You can close this window.</p>"
)


@dataclass(frozen=True, slots=True)
class CameBack:
    """What the browser brought."""

    code: str
    state: str
    issuer: str | None
    """``iss`` (RFC 9207); ``None`` if there was none."""
    error: str


class Listener:
    """Waits for the one answer that carries the right state."""

    def __init__(self) -> None:
        self.redirect = ""
        """The redirect URI."""
        self._state = ""
        self._answer: asyncio.Future[CameBack] | None = None

    def expect(self, state: str) -> None:
        """From now on, the answer is the one with this ``state``; all others are turned away."""
        self._state = state
        self._answer = asyncio.get_running_loop().create_future()

    async def wait(self, seconds: float) -> CameBack:
        """The answer. Raises :class:`CannotLogIn`."""
        assert self._answer is not None, "expect comes first"
        try:
            async with asyncio.timeout(seconds):
                return await self._answer
        except TimeoutError:
            raise CannotLogIn(
                f"nobody came back from the authorization server within {seconds:g} s"
            ) from None

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            async with asyncio.timeout(_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                status, words = self._heard(head.decode("latin-1"))
                writer.write(_answer(status, words))
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    def _heard(self, head: str) -> tuple[str, str]:
        method, _, rest = head.partition(" ")
        parts = urlsplit(rest.partition(" ")[0])
        if method != "GET" or parts.path != PATH:
            return "404 Not Found", "There is nothing here."
        query = parse_qs(parts.query, keep_blank_values=True)
        if any(len(values) > 1 for values in query.values()):
            return "400 Bad Request", "This answer says something twice. It was not used."
        given = {name: values[0] for name, values in query.items()}
        state, waiting = given.get("state", ""), self._answer
        known = secrets.compare_digest(state.encode(), self._state.encode())
        if not self._state or not known or waiting is None or waiting.done():
            return "400 Bad Request", "This is not the answer that is waited for. It was not used."
        came = CameBack(given.get("code", ""), state, given.get("iss"), given.get("error", ""))
        waiting.set_result(came)
        return "200 OK", "Ostiary has its answer. The terminal says what came of it."


@contextlib.asynccontextmanager
async def listening(port: int, *, needed: bool) -> AsyncIterator[Listener]:
    """A listener on ``port``, or on any if it is 0 or, where it is not ``needed``, taken.
    Raises :class:`CannotLogIn`."""
    listener = Listener()
    try:
        server = await asyncio.start_server(listener.take, _HOST, port, limit=_MOST)
    except OSError as error:
        if needed:
            raise CannotLogIn(
                f"port {port} on this machine cannot be listened to ({error.strerror}); it is the "
                "setting login.port of this server"
            ) from None
        server = await asyncio.start_server(listener.take, _HOST, 0, limit=_MOST)
    listener.redirect = f"http://{_HOST}:{server.sockets[0].getsockname()[1]}{PATH}"
    try:
        yield listener
    finally:
        server.close()


def _answer(status: str, words: str) -> bytes:
    page = _PAGE.format(words=words).encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(page)}\r\nConnection: close\r\nCache-Control: no-store\r\n"
        "Content-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\n"
        "X-Content-Type-Options: nosniff\r\n\r\n"
    )
    return head.encode() + page
