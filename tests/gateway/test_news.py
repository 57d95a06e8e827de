"""News of changes reach clients of both eras from servers of both eras, under the clients' ids."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from everything.serving import COMMAND, TESTS, everything_at
from gateway.running import Running, running_gateway
from ostiary.model.approval import Start

WATCHED = "test://watched-resource"
KEY = "io.modelcontextprotocol/subscriptionId"
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}
SERVERS = ("handshake", "stateless", "both", "stdio")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with (
        everything_at("http", "handshake") as handshake,
        everything_at("http", "stateless") as stateless,
        everything_at("http", "both") as both,
    ):
        servers = {
            "handshake": Start("http", url=handshake),
            "stateless": Start("http", url=stateless),
            "both": Start("http", url=both),
            "stdio": Start("stdio", command=(*COMMAND, "stdio"), cwd=str(TESTS)),
        }
        with running_gateway(tmp_path_factory.mktemp("news"), servers) as running:
            yield running


@dataclass
class Wire:
    """A client that writes its own messages."""

    gateway: Running
    server: str
    stateless: bool
    session: str = ""
    number: int = 100
    open: list[http.client.HTTPConnection] = field(default_factory=list)

    def stream(self, method: str, message: dict[str, Any] | None = None) -> Any:
        """The response to one request, to be read as it comes."""
        url = urlsplit(self.gateway.endpoint(self.server))
        headers = {
            **self.gateway.headers,
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream" if message else "text/event-stream",
            "MCP-Protocol-Version": "2026-07-28" if self.stateless else "2025-11-25",
        }
        if self.stateless and message:
            headers["Mcp-Method"] = message["method"]
            if "name" in message["params"]:
                headers["Mcp-Name"] = message["params"]["name"]
        if self.session:
            headers["Mcp-Session-Id"] = self.session
        line = http.client.HTTPConnection(url.hostname or "", url.port, timeout=30)
        self.open.append(line)
        line.request(method, url.path, json.dumps(message) if message else None, headers)
        return line.getresponse()

    def ask(self, method: str, ident: int | str | None = None, **params: Any) -> Any:
        """A request's response, unread."""
        self.number += 1
        if self.stateless:
            params["_meta"] = META
        chosen = self.number if ident is None else ident
        message = {"jsonrpc": "2.0", "id": chosen, "method": method, "params": params}
        return self.stream("POST", message)

    def begin(self) -> None:
        """Open a session of the handshake era."""
        me = {"name": "wire", "version": "1"}
        opened = self.ask(
            "initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo=me
        )
        assert opened.status == 200, opened.read()
        self.session = opened.headers["Mcp-Session-Id"]
        opened.read()
        done = {"jsonrpc": "2.0", "method": "notifications/initialized", "params": {}}
        assert self.stream("POST", done).read() == b""

    def call(self, tool: str) -> list[dict[str, Any]]:
        """Call a tool to its end; what was said on the way."""
        sent = self.ask("tools/call", name=tool, arguments={})
        text = sent.read().decode()
        assert '"result"' in text
        lines = [line[6:] for line in text.splitlines() if line.startswith("data: {")]
        return [one for one in map(json.loads, lines) if "method" in one]

    def close(self) -> None:
        for line in self.open:
            line.close()


def events(response: Any) -> Iterator[dict[str, Any]]:
    """The messages of an event stream, one after the other."""
    assert response.status == 200, response.read()
    for line in response:
        assert not line.startswith(b":"), (
            "nothing was said for so long that the stream is kept open"
        )
        if line.startswith(b"data: ") and len(line) > 8:
            found: dict[str, Any] = json.loads(line[6:])
            yield found


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.mark.parametrize("ident", [7, "by-name"])
def test_a_stateless_client_hears_what_it_asked_for(
    gateway: Running, server: str, ident: int | str
) -> None:
    wire = Wire(gateway, server, stateless=True)
    wanted: dict[str, Any] = {"toolsListChanged": True, "resourceSubscriptions": [WATCHED]}
    news = events(wire.ask("subscriptions/listen", ident, notifications=wanted))
    first = next(news)
    assert first["method"] == "notifications/subscriptions/acknowledged"
    assert first["params"]["_meta"][KEY] == ident
    wire.call("test_trigger_prompt_change")
    if server == "handshake":
        # It does not declare that it tells of changed lists, so nobody is promised that.
        del wanted["toolsListChanged"]
    else:
        wire.call("test_trigger_tool_change")
        changed = next(news)
        assert changed["method"] == "notifications/tools/list_changed"
        assert changed["params"]["_meta"][KEY] == ident
    assert first["params"]["notifications"] == wanted
    wire.call("test_touch_watched")
    updated = next(news)
    assert updated["method"] == "notifications/resources/updated"
    assert updated["params"]["uri"] == WATCHED
    assert updated["params"]["_meta"][KEY] == ident
    wire.close()


def test_a_handshake_client_hears_what_it_subscribed_to(gateway: Running, server: str) -> None:
    wire = Wire(gateway, server, stateless=False)
    wire.begin()
    news = events(wire.stream("GET"))
    assert b'"result"' in wire.ask("resources/subscribe", uri=WATCHED).read()
    # A process has one channel: what it says during a call may come with the answer.
    said = [*wire.call("test_trigger_tool_change"), *wire.call("test_touch_watched")]
    heard = {one["method"]: one.get("params") or {} for one in said}
    while len(heard) < 2:
        one = next(news)
        heard[one["method"]] = one.get("params") or {}
    assert heard.keys() == {"notifications/tools/list_changed", "notifications/resources/updated"}
    assert heard["notifications/resources/updated"]["uri"] == WATCHED
    assert all(KEY not in params.get("_meta", {}) for params in heard.values())
    wire.close()
