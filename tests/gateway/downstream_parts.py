"""A real HTTP server on a port of its own, with a relay and callers that a test scripts."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import uvloop

from ostiary.gateway.downstream.asgi import Downstream
from ostiary.gateway.downstream.serve import server
from ostiary.gateway.downstream.settings import GatewaySettings, Limits
from ostiary.gateway.ports import Challenge, Era, Inbound, Interim, Outbound
from ostiary.model.json import JsonObject, as_object
from ostiary.model.principal import Principal, Proof

ANN = Principal("local:ann", Proof.TOKEN, client="ann")
BOB = Principal("local:bob", Proof.TOKEN, client="bob")
NARROW = replace(ANN, only=("files",))
TOKENS = {"Bearer ann": ANN, "Bearer bob": BOB, "Bearer narrow": NARROW}
ENVELOPE: JsonObject = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}


class Callers:
    """Lets in whoever has a token of the table; the first time has to be verified."""

    def __init__(self) -> None:
        self.tokens = dict(TOKENS)
        self.seen: set[str] = set()
        self.paths: list[str] = []
        self.verified = threading.Event()

    def known(self, authorization: str, now: float, path: str = "") -> Principal | None:
        return self.tokens.get(authorization) if authorization in self.seen else None

    def metadata(self, path: str) -> JsonObject | None:
        return None

    async def verify(self, authorization: str, path: str, now: float) -> Principal | Challenge:
        self.paths.append(path)
        self.verified.set()
        who = self.tokens.get(authorization)
        if who is None:
            return Challenge(
                401, f"no such token {authorization!r}", (("WWW-Authenticate", "Bearer"),)
            )
        self.seen.add(authorization)
        return who


@dataclass
class Scripted:
    """A relay that answers by method, and remembers what came."""

    inbounds: list[Inbound] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    fault: str = ""
    finished: list[str] = field(default_factory=list)
    listening: int = 0
    flooded: int = 0
    sessions: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)
    pushes: dict[str, Interim] = field(default_factory=dict)
    replies: asyncio.Queue[JsonObject] = field(default_factory=asyncio.Queue)

    async def exchange(self, inbound: Inbound, interim: Interim) -> Outbound:
        self.note(lambda: self.inbounds.append(inbound))
        message = inbound.message
        params = as_object(message.get("params"))
        method = str(message.get("method", ""))
        if method == "initialize":
            self.sessions += 1
            if params.get("chatty"):
                await interim(_notice("early"))
            return Outbound(
                _result(
                    message,
                    {"protocolVersion": "2025-11-25", "capabilities": {}}
                    | {"serverInfo": {"name": "scripted", "version": "1"}},
                ),
                session=f"sealed-{self.sessions}",
            )
        if "id" not in message or "method" not in message:
            if "method" not in message:
                await self.replies.put(message)
            return Outbound(status=202)
        if method == "tools/list":
            return Outbound(
                _result(
                    message,
                    {"tools": [TOOL], "resultType": "complete"}
                    | {"ttlMs": 0, "cacheScope": "private"},
                )
            )
        if method == "server/discover":
            return Outbound(
                _result(
                    message,
                    {"supportedVersions": ["2026-07-28"]}
                    | {"capabilities": {"tools": {}}, "resultType": "complete"}
                    | {"ttlMs": 0, "cacheScope": "private"},
                )
            )
        if method == "subscriptions/listen":
            await interim(_notice("acknowledged"))
            await asyncio.get_running_loop().create_future()
        if method != "tools/call":
            return Outbound(_result(message, {}))
        try:
            return await self.call(
                str(params.get("name")), as_object(params.get("arguments")), message, interim
            )
        except asyncio.CancelledError:
            self.note(lambda: self.cancelled.append(str(params.get("name"))))
            raise

    async def call(
        self, name: str, arguments: JsonObject, message: JsonObject, interim: Interim
    ) -> Outbound:
        if name.startswith("hang"):
            if name == "hang_after_progress":
                await interim(_notice("one"))
            await asyncio.get_running_loop().create_future()
        if name == "ask":
            await interim({"jsonrpc": "2.0", "id": 99, "method": "ping"})
            while (reply := await self.replies.get()).get("id") != 99:
                continue
            self.note(lambda: self.finished.append(name))
            return Outbound(_result(message, {"content": [], "said": reply}))
        if name == "large":
            return Outbound(_result(message, {"content": [], "x": "x" * LARGE}))
        if name == "flood":
            for number in range(int(str(arguments["count"]))):
                await interim(_notice("x" * int(str(arguments["size"])), number))
                self.flooded += 1
        for number in range(3 if name == "progress" else 0):
            await interim(_notice(f"step {number}", number))
        if name == "missing":
            error = {
                "jsonrpc": "2.0",
                "id": message["id"],
                "error": {"code": -32601, "message": "no"},
            }
            return Outbound(json.dumps(error).encode(), status=404)
        return Outbound(
            _result(
                message, {"content": [{"type": "text", "text": name}], "resultType": "complete"}
            )
        )

    async def listen(self, inbound: Inbound, push: Interim) -> Outbound:
        if not inbound.session.startswith("sealed-"):
            return Outbound(
                b'{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"?"}}', 404
            )
        self.pushes[inbound.session] = push
        self.note(lambda: setattr(self, "listening", self.listening + 1))
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self.note(lambda: setattr(self, "listening", self.listening - 1))
        return Outbound()

    async def end(self, inbound: Inbound) -> Outbound:
        self.note(lambda: self.ended.append(inbound.session))
        return Outbound(status=200)

    def note(self, change: Callable[[], object]) -> None:
        with self.changed:
            change()
            self.changed.notify_all()

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Block until the relay's memory meets ``condition``."""
        with self.changed:
            assert self.changed.wait_for(condition, timeout=20), "it did not happen"


LARGE = 30_000_000
TOOL: JsonObject = {"name": "echo", "inputSchema": {"type": "object"}}


def _result(message: JsonObject, result: Mapping[str, object]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode()


def _notice(text: str, number: int = 0) -> JsonObject:
    params: JsonObject = {"progressToken": 1, "progress": number, "message": text}
    return {"jsonrpc": "2.0", "method": "notifications/progress", "params": params}


@dataclass
class Gate:
    """A running gateway front."""

    port: int
    relay: Scripted
    callers: Callers
    app: Downstream
    loop: asyncio.AbstractEventLoop
    halt: threading.Event
    connections: set[Any]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def now(self) -> float:
        return self.loop.time()

    def stop(self) -> None:
        """Stop as a signal would; the caller waits for the end."""
        self.halt.set()

    def idle(self) -> bool:
        """Wait until nothing is counted as in work, nor as open."""
        limiter = self.app.limiter

        async def settle() -> bool:
            for _ in range(100_000):
                if limiter.calls == limiter.streams == 0:
                    return True
                await asyncio.sleep(0)
            return False

        return asyncio.run_coroutine_threadsafe(settle(), self.loop).result(20)

    def deserted(self) -> bool:
        """Wait until every connection is closed, from whichever side."""

        async def settle() -> bool:
            until = self.loop.time() + 20
            while self.connections and self.loop.time() < until:
                await asyncio.sleep(0)
            return not self.connections

        return asyncio.run_coroutine_threadsafe(settle(), self.loop).result(30)

    def push(self, session: str, message: JsonObject) -> None:
        """Have a server of a session say something unasked."""
        push = self.relay.pushes[session]
        asyncio.run_coroutine_threadsafe(push(message), self.loop).result(20)  # type: ignore[arg-type]

    def raw(self, data: bytes) -> bytes:
        """Everything that comes back for these bytes, until the server closes or is silent after a
        whole answer."""
        with self.connect() as sock:
            sock.sendall(data)
            return read_all(sock)

    def request(
        self,
        body: bytes = b"",
        *,
        method: str = "POST",
        path: str = "/mcp",
        headers: dict[str, str] | None = None,
        drop: tuple[str, ...] = (),
    ) -> Reply:
        """One request on a connection of its own. ``headers`` replace the usual ones."""
        return parse(self.raw(self.bytes_of(body, method, path, headers or {}, drop)))

    def bytes_of(
        self,
        body: bytes,
        method: str,
        path: str,
        headers: dict[str, str],
        drop: tuple[str, ...] = (),
    ) -> bytes:
        usual = {
            "Host": f"127.0.0.1:{self.port}",
            "Authorization": "Bearer ann",
            "Accept": "application/json, text/event-stream",
            "Connection": "close",
        }
        if method == "POST":
            usual |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        lines = usual | headers
        head = "".join(f"{k}: {v}\r\n" for k, v in lines.items() if k not in drop)
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body

    def call(self, method: str, params: JsonObject | None = None, **options: Any) -> Reply:
        """A request of the handshake era."""
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
        return self.request(json.dumps(message).encode(), **options)

    def stateless(
        self,
        method: str,
        params: JsonObject | None = None,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> Reply:
        """A request of the stateless era."""
        body, own = modern(method, params)
        return self.request(body, headers=own | (headers or {}), **options)


def modern(method: str, params: JsonObject | None = None) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a request of the stateless era."""
    given = {**(params or {}), "_meta": ENVELOPE}
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": given}
    headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method}
    if "name" in given:
        headers["Mcp-Name"] = str(given["name"])
    return json.dumps(message).encode(), headers


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> int:
        return int(self.json["error"]["code"])

    @property
    def events(self) -> list[Any]:
        return [
            json.loads(line[6:]) for line in self.body.split(b"\n") if line.startswith(b"data: ")
        ]


def read_all(sock: socket.socket) -> bytes:
    chunks = []
    try:
        while chunk := sock.recv(65536):
            chunks.append(chunk)
    except ConnectionResetError:
        pass
    return b"".join(chunks)


def read_until(sock: socket.socket, mark: bytes, got: bytes = b"") -> bytes:
    while mark not in got:
        chunk = sock.recv(65536)
        assert chunk, f"closed before {mark!r}: {got[-300:]!r}"
        got += chunk
    return got


def parse(data: bytes) -> Reply:
    head, _, body = data.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
    if headers.get("transfer-encoding") == "chunked":
        body = unchunk(body)
    return Reply(int(status.split()[1]), headers, body)


def unchunk(data: bytes) -> bytes:
    whole = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        length = int(size, 16)
        if length == 0:
            break
        whole, data = whole + data[:length], data[length + 2 :]
    return whole


@contextmanager
def gate(settings: GatewaySettings | None = None, **limits: int) -> Iterator[Gate]:
    """The gateway's front, served from a thread."""
    made = settings or GatewaySettings(port=0)
    made = replace(made, limits=replace(made.limits, **limits) if limits else made.limits)
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    started: list[Gate] = []
    ready = threading.Event()
    stop = threading.Event()

    async def run() -> None:
        relay, callers = Scripted(), Callers()
        app = Downstream(
            relay,
            callers,
            made,
            clock=time.time,
            monotonic=time.monotonic,
            token=lambda: f"unguessable-{len(started)}-{relay.sessions}-{time.monotonic_ns()}",
            unready=lambda: relay.fault,
            metadata=lambda path: json.dumps({"resource": f"http://gateway{path}"}).encode(),
        )
        running = server(app, made)
        task = asyncio.ensure_future(running.serve([sock]))
        while not running.started:
            await asyncio.sleep(0)
        open_ones = running.server_state.connections
        port = int(sock.getsockname()[1])
        started.append(Gate(port, relay, callers, app, asyncio.get_running_loop(), stop, open_ones))
        ready.set()
        await asyncio.get_running_loop().run_in_executor(None, stop.wait)
        running.should_exit = True
        await task

    thread = threading.Thread(target=lambda: uvloop.run(run()), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield started[0]
    finally:
        stop.set()
        thread.join(20)
        sock.close()
        assert not thread.is_alive(), "the server did not stop"


__all__ = [
    "ANN",
    "BOB",
    "ENVELOPE",
    "Era",
    "Gate",
    "Limits",
    "Reply",
    "gate",
    "modern",
    "parse",
    "read_all",
    "read_until",
]
