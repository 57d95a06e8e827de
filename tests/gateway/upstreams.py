"""Servers whose every byte a test writes, and openers of links to them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import uvloop

from ostiary.gateway.ports import Era, Link
from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.guarded import GuardedOpener
from ostiary.gateway.upstream.http_pool import Pool
from ostiary.gateway.upstream.openers import HttpOpener, open_upstream
from ostiary.model.approval import Approval, Start
from ostiary.model.json import JsonObject


def run(main: Callable[[], Awaitable[None]]) -> None:
    """Run under both event loops: the gateway's, and the one of those who have no other."""

    async def bounded() -> None:
        async with asyncio.timeout(60):
            await main()

    asyncio.run(bounded())
    uvloop.run(bounded())


@dataclass
class Request:
    """One request as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def method(self) -> str:
        return self.line.split(" ")[0]

    @property
    def message(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class Peer:
    """One connection, seen from the server."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: list[Request]
    ) -> None:
        self.reader = reader
        self.writer = writer
        self._seen = seen

    async def request(self) -> Request | None:
        """The next request; ``None`` when the client hung up."""
        try:
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = head.split("\r\n")
            headers = {
                name.lower(): value
                for name, _, value in (line.partition(": ") for line in lines[1:] if line)
            }
            body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        self._seen.append(Request(lines[0], headers, body))
        return self._seen[-1]

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        with contextlib.suppress(ConnectionError):
            await self.writer.drain()

    async def hung_up(self) -> None:
        """Wait until the client has closed the connection."""
        with contextlib.suppress(ConnectionError):
            while await self.reader.read(65536):
                pass


Script = Callable[[Peer], Awaitable[None]]


@dataclass
class Raw:
    """A listening server."""

    origin: str = ""
    seen: list[Request] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    most_open: int = 0
    all_closed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"{self.origin}/mcp"


@contextlib.asynccontextmanager
async def raw(
    script: Script, tls: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[Raw]:
    """A server on the loopback interface that runs ``script`` for each connection."""
    server = Raw()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        server.connections += 1
        server.open += 1
        server.most_open = max(server.most_open, server.open)
        server.all_closed.clear()
        try:
            await script(Peer(reader, writer, server.seen))
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(Exception, asyncio.CancelledError):
                await writer.wait_closed()
            tasks.discard(task)
            server.open -= 1
            if not server.open:
                server.all_closed.set()

    listener = await asyncio.start_server(serve, "127.0.0.1", port, ssl=tls)
    scheme = "https" if tls else "http"
    server.origin = f"{scheme}://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listener.close()
        for _ in range(5):  # what was accepted a moment ago starts a moment later
            await asyncio.sleep(0)
        if tasks:
            await asyncio.wait(tuple(tasks), timeout=1)
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def head(length: int | None = None, kind: str = "application/json", *also: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {kind}", *also]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def result(ident: object, value: object = None) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": ident, "result": value or {"ok": True}}).encode()


def whole(body: bytes, status: str = "200 OK", kind: str = "application/json", *also: str) -> bytes:
    return head(len(body), kind, *also).replace(b"200 OK", status.encode(), 1) + body


def event(data: bytes | object, **fields: str) -> bytes:
    raw_data = data if isinstance(data, bytes) else json.dumps(data).encode()
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items()).encode()
    return lines + b"data: " + raw_data + b"\n\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


STREAM = head(None, "text/event-stream", "Transfer-Encoding: chunked")
LAST = b"0\r\n\r\n"


async def honest(peer: Peer) -> None:
    """Answers every request in the plainest way."""
    while request := await peer.request():
        if request.method != "POST":
            await peer.send(whole(b"", "405 Method Not Allowed"))
        elif "id" in request.message:
            await peer.send(whole(result(request.message["id"])))
        else:
            await peer.send(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")


async def honest_once(peer: Peer) -> None:
    """Answers one request and hangs up."""
    request = await peer.request()
    if request is not None:
        await peer.send(whole(result(request.message["id"])))


def approval(start: Start) -> Approval:
    return Approval(
        server="srv",
        key="k",
        start=start,
        artifact="",
        instructions="",
        capabilities="",
        items=(),
        owner="o",
        reason="r",
        approved_by="a",
        approved_at="2026-11-01T00:00:00Z",
    )


def limits(**changed: Any) -> Limits:
    return Limits(**{"allow_private": True, **changed})


def opener(url: str, transport: str = "http", **changed: Any) -> GuardedOpener:
    """An opener of links to ``url``; ``changed`` are limits."""
    start = Start(transport, url=url)
    return open_upstream(approval(start), env={}, headers={}, limits=limits(**changed))


def pool(way: GuardedOpener) -> Pool:
    assert isinstance(way.inner, HttpOpener)
    return way.inner.pool


@contextlib.asynccontextmanager
async def linked(
    url: str, era: Era = Era.STATELESS, session: str = "", transport: str = "http", **changed: Any
) -> AsyncIterator[Link]:
    """A link to ``url``, closed at the end."""
    way = opener(url, transport, **changed)
    link = await way.open(era, session, {})
    try:
        yield link
    finally:
        await link.close()
        await way.close()


def ask(ident: int | str = 1, method: str = "tools/call", /, **params: Any) -> JsonObject:
    return {"jsonrpc": "2.0", "id": ident, "method": method, "params": params}


async def nothing(message: JsonObject) -> None:
    """Takes what comes before an answer and forgets it."""


class Heard:
    """Remembers what came before an answer."""

    def __init__(self) -> None:
        self.messages: list[JsonObject] = []
        self._came = asyncio.Event()

    async def __call__(self, message: JsonObject) -> None:
        self.messages.append(message)
        self._came.set()

    async def until(self, count: int) -> None:
        while len(self.messages) < count:
            self._came.clear()
            await self._came.wait()


async def silent(peer: Peer) -> None:
    """A server that takes one request and never answers it."""
    await peer.request()
    await peer.hung_up()
