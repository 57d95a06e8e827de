"""One HTTP request that passed the front: its body within limits, and the ways to answer it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ostiary.gateway.downstream.answer import Answer, Headers, Send
from ostiary.gateway.downstream.front import Front
from ostiary.gateway.downstream.media import is_json
from ostiary.gateway.downstream.protocol import HttpProtocol
from ostiary.gateway.downstream.refused import Refused
from ostiary.gateway.downstream.settings import Limits
from ostiary.gateway.encode import encode

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_SMALL_BODY = 64 * 1024
"""A refused body of so many bytes is read and forgotten; beyond it the connection is closed."""
_ALLOWED_HEADERS = (
    b"authorization, content-type, accept, last-event-id, mcp-protocol-version, mcp-session-id, "
    b"mcp-method, mcp-name, *"
)


class Request:
    """One HTTP request on its way through the application."""

    __slots__ = ("_limits", "connection", "cors", "front", "receive", "send")

    def __init__(
        self,
        front: Front,
        connection: HttpProtocol,
        receive: Receive,
        send: Send,
        *,
        cors: Headers,
        limits: Limits,
    ) -> None:
        self.front = front
        self.connection = connection
        self.receive = receive
        self.send = send
        self.cors = cors
        self._limits = limits

    async def body(self) -> bytes:
        """The whole body. Raises :class:`Refused`."""
        headers, most = self.front.headers, self._limits.body_bytes
        if not is_json(headers.get("content-type", "")):
            raise Refused(415, "Content-Type must be application/json")
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared[:20]) > most:
            raise Refused(413, f"the body is larger than {most:,} bytes")
        chunks: list[bytes] = []
        size, more = 0, True
        while more:
            part = await self.receive()
            if part["type"] != "http.request":
                raise Refused(400, "the body ended early")
            size += len(part["body"])
            if size > most:
                raise Refused(413, f"the body is larger than {most:,} bytes")
            chunks.append(part["body"])
            more = part["more_body"]
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def answer(self, began: Callable[[], None] | None = None, *, whole: bool = False) -> Answer:
        """The answer that goes out; see :class:`Answer`."""
        return Answer(
            self.send,
            self.connection,
            self.cors,
            pause=self._limits.keep_alive_seconds,
            stall=self._limits.stall_seconds,
            began=began,
            whole=whole,
        )


def cors_of(front: Front) -> Headers:
    """Lets a page read the answer. Only ever for an origin that was checked."""
    origin = front.headers.get("origin")
    if origin is None:
        return ()
    return (
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-expose-headers", b"mcp-session-id, www-authenticate, retry-after"),
        (b"vary", b"origin"),
    )


async def preflight(request: Request) -> None:
    """Answer what a browser asks before a request of a page."""
    headers = (
        *request.cors,
        (b"access-control-allow-methods", b"POST, GET, DELETE"),
        (
            b"access-control-allow-headers",
            _ALLOWED_HEADERS,
        ),
        (b"access-control-max-age", b"600"),
        (b"content-length", b"0"),
    )
    await request.send({"type": "http.response.start", "status": 204, "headers": list(headers)})
    await request.send({"type": "http.response.body", "body": b""})


async def refuse(refused: Refused, front: Front | None, send: Send, cors: Headers) -> None:
    """Answer a request that goes no further."""
    body = encode(refused.message())
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        *cors,
    ]
    for name, value in refused.headers:
        headers.append((name.lower().encode("latin-1"), value.encode("latin-1")))
    if front is None or not _ends_soon(front.headers):
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _ends_soon(headers: dict[str, str]) -> bool:
    """Whether what is still to be read of a refused request is worth keeping the connection."""
    if "transfer-encoding" in headers:
        return False
    declared = headers.get("content-length", "0")
    return declared.isdigit() and int(declared[:20]) <= _SMALL_BODY
