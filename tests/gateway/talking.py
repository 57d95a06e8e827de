"""A plain client of a gateway, for tests that look at every byte that comes back."""

from __future__ import annotations

import http.client
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {"sampling": {}, "elicitation": {}},
    "clientInfo": {"name": "a test", "version": "1"},
}


@dataclass
class Said:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All messages of the answer, in order."""
        if self.headers.get("content-type", "").startswith("text/event-stream"):
            lines = [one[5:] for one in self.body.decode().splitlines() if one.startswith("data:")]
            return [json.loads(one) for one in lines if one.strip()]
        return [json.loads(self.body)] if self.body else []

    @property
    def message(self) -> dict[str, Any]:
        return self.messages[-1]

    @property
    def text(self) -> str:
        """The text of a tool's result."""
        found: str = self.message["result"]["content"][0]["text"]
        return found


@dataclass
class Talk:
    """One client's session, revision 2025-06-18."""

    url: str
    token: str
    session: str = ""
    seconds: float = 30
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def open(self) -> Talk:
        """Open the session."""
        said = self.ask("initialize", HELLO)
        assert said.status == 200, said.body
        self.session = said.headers["mcp-session-id"]
        self.post({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return self

    def call(self, name: str, **arguments: Any) -> Said:
        """Call a tool."""
        return self.ask("tools/call", {"name": name, "arguments": arguments})

    def ask(self, method: str, params: Mapping[str, Any] | None = None) -> Said:
        """Ask with a fresh id."""
        message = {"jsonrpc": "2.0", "id": next(self._numbers), "method": method}
        return self.post({**message, "params": dict(params)} if params is not None else message)

    def post(self, message: object, headers: Mapping[str, str] | None = None) -> Said:
        """Post anything."""
        return self.send(json.dumps(message).encode(), headers)

    def send(self, body: bytes, headers: Mapping[str, str] | None = None) -> Said:
        """Post bytes."""
        where = urlsplit(self.url)
        given = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "Authorization": f"Bearer {self.token}",
            **({"Mcp-Session-Id": self.session} if self.session else {}),
            **(headers or {}),
        }
        connection = http.client.HTTPConnection(
            where.hostname or "", where.port, timeout=self.seconds
        )
        try:
            connection.request("POST", where.path, body, given)
            found = connection.getresponse()
            told = {name.lower(): value for name, value in found.getheaders()}
            return Said(found.status, told, found.read())
        finally:
            connection.close()

    def tools(self) -> list[str]:
        """Names of the tools listed."""
        return [tool["name"] for tool in self.ask("tools/list").message["result"]["tools"]]


def stateless(method: str, number: int = 1, **params: Any) -> dict[str, Any]:
    """A request of the stateless era."""
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "a test", "version": "1"},
    }
    return {
        "jsonrpc": "2.0",
        "id": number,
        "method": method,
        "params": {**params, "_meta": {**meta, **params.get("_meta", {})}},
    }


def stateless_headers(message: Mapping[str, Any]) -> dict[str, str]:
    """The headers that repeat it."""
    found = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": message["method"]}
    name = message["params"].get("name") or message["params"].get("uri")
    return {**found, "Mcp-Name": name} if name else found
