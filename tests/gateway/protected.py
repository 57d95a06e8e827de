"""A remote server that wants a login, and an authorization server that can be made to misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

TOOLS = {"read": "mcp", "write": "write"}
"""Tools, each with the scope it needs."""


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    part: Any


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def log_message(self, format: str, *args: object) -> None:
        return

    def do_GET(self) -> None:
        self.server.part.get(self)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.part.post(self, body)

    def do_DELETE(self) -> None:
        self.answer(405)

    def answer(self, status: int, body: object = None, **headers: str) -> None:
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if data:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@dataclass
class Protected:
    """An MCP server of revision 2025-11-25 that answers who has a token for it."""

    issuer: str
    checks: Any
    """Takes a token and the resource, and gives its scopes, or ``None``."""
    url: str = ""
    origin: str = ""
    challenge_metadata: str = ""
    """What the challenge names as metadata, if not the right place."""
    resource: str = ""
    seen: list[str] = field(default_factory=list)
    """The ``Authorization`` of every request."""
    PATH: ClassVar[str] = "/.well-known/oauth-protected-resource/mcp"

    def get(self, asked: _Handler) -> None:
        if asked.path != self.PATH:
            return asked.answer(405)
        return asked.answer(
            200,
            {
                "resource": self.resource or self.url,
                "authorization_servers": [self.issuer],
                "scopes_supported": ["mcp"],
            },
        )

    def post(self, asked: _Handler, body: bytes) -> None:
        message = json.loads(body)
        token = asked.headers.get("Authorization", "")
        self.seen.append(token)
        scopes = self.checks(token.removeprefix("Bearer "), self.url) if token else None
        where = self.challenge_metadata or self.origin + self.PATH
        if scopes is None:
            error = 'error="invalid_token", ' if token else ""
            challenge = f'Bearer {error}scope="mcp", resource_metadata="{where}"'
            return asked.answer(401, {"error": "secret words"}, WWW_Authenticate=challenge)
        name = (message.get("params") or {}).get("name", "")
        wanted = TOOLS.get(name, "mcp") if message["method"] == "tools/call" else "mcp"
        if wanted not in scopes:
            challenge = (
                f'Bearer error="insufficient_scope", scope="{wanted}", '
                f'resource_metadata="{where}", error_description="secret words"'
            )
            return asked.answer(403, {"error": "secret words"}, WWW_Authenticate=challenge)
        if "id" not in message:
            return asked.answer(202)
        result = _result(message["method"], name)
        if result is None:
            fault: dict[str, object] = {"code": -32601, "message": "no"}
            told = {"jsonrpc": "2.0", "id": message["id"], "error": fault}
            return asked.answer(404 if message["method"] == "server/discover" else 200, told)
        return asked.answer(200, {"jsonrpc": "2.0", "id": message["id"], "result": result})


def _result(method: str, name: str) -> dict[str, object] | None:
    if method == "initialize":
        return {
            "protocolVersion": "2025-11-25",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "protected", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": [{"name": one, "inputSchema": {"type": "object"}} for one in TOOLS]}
    if method == "tools/call":
        return {"content": [{"type": "text", "text": f"did {name}"}]}
    return {} if method == "ping" else None


@dataclass
class Authority:
    """An authorization server. It agrees to everything; its attributes make it misbehave."""

    issuer: str = ""
    iss: str | None = ""
    """``iss`` of its answers: empty for the right one, ``None`` for none."""
    metadata: dict[str, object] = field(default_factory=dict)
    """Goes over what it says of itself."""
    error: str = ""
    life: int = 600
    coding: str = ""
    """The ``Content-Encoding`` of what it says of itself."""
    refuses: bool = False
    """Whether it renews nothing."""
    asked: list[dict[str, str]] = field(default_factory=list)
    """Authorization requests."""
    forms: list[dict[str, str]] = field(default_factory=list)
    """Token requests."""
    proofs: list[str] = field(default_factory=list)
    """``Authorization`` of token requests."""
    registered: list[dict[str, Any]] = field(default_factory=list)
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    renewing: dict[str, dict[str, str]] = field(default_factory=dict)

    def check(self, token: str, resource: str) -> tuple[str, ...] | None:
        """The scopes of a token for ``resource``."""
        known = self.tokens.get(token)
        if known is None or known["resource"] != resource:
            return None
        return tuple(known["scope"].split())

    def get(self, asked: _Handler) -> None:
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/oauth-authorization-server":
            coded = {"Content_Encoding": self.coding} if self.coding else {}
            return asked.answer(200, self._describe(), **coded)
        if parts.path != "/authorize":
            return asked.answer(404)
        self.asked.append(query)
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        back = {"state": query["state"], "error" if self.error else "code": self.error or code}
        if self.iss is not None:
            back["iss"] = self.iss or self.issuer
        return asked.answer(302, Location=f"{query['redirect_uri']}?{urlencode(back)}")

    def post(self, asked: _Handler, body: bytes) -> None:
        if asked.path == "/register":
            told = json.loads(body)
            self.registered.append(told)
            made = {"client_id": f"client-{len(self.registered)}"}
            return asked.answer(201, {**told, **made, "token_endpoint_auth_method": "none"})
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        self.forms.append(form)
        self.proofs.append(asked.headers.get("Authorization", ""))
        if form["grant_type"] == "refresh_token":
            known = None if self.refuses else self.renewing.pop(form["refresh_token"], None)
        else:
            known = self.codes.pop(form["code"], None)
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            assert known is None or known["code_challenge"] == proof
        if known is None:
            return asked.answer(400, {"error": "invalid_grant"})
        return asked.answer(200, self._given(known))

    def _given(self, known: dict[str, str]) -> dict[str, object]:
        access, renew = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.tokens[access] = {"resource": known["resource"], "scope": known.get("scope", "")}
        self.renewing[renew] = known
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": self.life,
            "refresh_token": renew,
            "scope": known.get("scope", ""),
        }

    def _describe(self) -> dict[str, object]:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "registration_endpoint": f"{self.issuer}/register",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }
        return {name: value for name, value in said.items() if value is not None}


@contextmanager
def _served(part: Any) -> Iterator[str]:
    server = _Http(("127.0.0.1", 0), _Handler)
    server.part = part
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def authority() -> Iterator[Authority]:
    """An authorization server that runs."""
    made = Authority()
    with _served(made) as made.issuer:
        yield made


@contextmanager
def protected(issuer: str, checks: Any) -> Iterator[Protected]:
    """A protected server that runs. It takes tokens of ``issuer``."""
    made = Protected(issuer, checks)
    with _served(made) as made.origin:
        made.url = f"{made.origin}/mcp"
        yield made
