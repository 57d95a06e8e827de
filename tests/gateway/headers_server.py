"""An MCP server over HTTP whose tools ``read`` and ``write`` tell which headers they were called
with."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server(ThreadingHTTPServer):
    """Keeps everything that reached it."""

    daemon_threads = True

    def __init__(self) -> None:
        self.received: list[bytes] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/mcp"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append(str(self.headers).encode() + body)
        message = json.loads(body)
        if "id" not in message:
            self._send(202, b"")
        else:
            result = self._result(message["method"])
            outcome = {"result": result} if result else {"error": {"code": -32601, "message": "no"}}
            answer = {"jsonrpc": "2.0", "id": message["id"], **outcome}
            self._send(200, json.dumps(answer).encode())

    def do_GET(self) -> None:
        self._send(405, b"")

    do_DELETE = do_GET  # noqa: N815

    def _result(self, method: str) -> dict[str, Any] | None:
        if method == "initialize":
            return {
                "protocolVersion": "2025-06-18",
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "headers", "version": "1"},
            }
        if method == "tools/list":
            tool = {"description": "Tells.", "inputSchema": {"type": "object"}}
            return {"tools": [{"name": name, **tool} for name in ("read", "write")]}
        if method == "tools/call":
            told = json.dumps({name.lower(): value for name, value in self.headers.items()})
            return {"content": [{"type": "text", "text": told}]}
        return None

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def headers_server() -> Iterator[Server]:
    """The server, while the block runs."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
