"""An HTTP server, revision 2025-06-18, that remembers every header it was sent. For tests.

Prints its port, then serves. ``python listener.py``; the tool ``heard`` tells what arrived.
"""

import http.server
import json
import sys
from typing import Any

heard: list[dict[str, str]] = []
calls: list[str] = []
TOOLS = [
    {"name": "heard", "description": "Tells what it heard.", "inputSchema": {"type": "object"}},
    {"name": "other__echo", "description": "Has a name.", "inputSchema": {"type": "object"}},
]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        heard.append({**dict(self.headers.items()), "": body.decode()})
        message = json.loads(body)
        if "id" not in message:
            self.answer(202, b"")
            return
        session = self.headers.get("Mcp-Session-Id", "")
        if message["method"] != "initialize" and not session:
            self.answer(400, b"")
            return
        made = {"jsonrpc": "2.0", "id": message["id"], "result": self.result(message)}
        self.answer(200, json.dumps(made).encode(), message["method"] == "initialize")

    def do_GET(self) -> None:
        self.answer(405, b"")

    def do_DELETE(self) -> None:
        self.answer(200, b"")

    def result(self, message: dict[str, Any]) -> dict[str, Any]:
        if message["method"] == "initialize":
            return {
                "protocolVersion": "2025-06-18",
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "other", "version": "1"},
            }
        if message["method"] == "tools/list":
            return {"tools": TOOLS}
        told = json.dumps({"heard": heard, "session": self.headers.get("Mcp-Session-Id")})
        return {"content": [{"type": "text", "text": told}]}

    def answer(self, status: int, body: bytes, opened: bool = False) -> None:
        self.send_response(status)
        if opened:
            self.send_header("Mcp-Session-Id", f"session-{len(heard)}")
        if body:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
sys.stdout.write(f"{server.server_port}\n")
sys.stdout.flush()
server.serve_forever()
