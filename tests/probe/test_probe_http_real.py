"""Real servers over HTTP: both eras, both transports, sessions ended properly."""

from __future__ import annotations

import importlib.util
import json
from types import ModuleType
from typing import Any

import pytest

from ostiary.model.client import Transport
from ostiary.model.surface import Surface
from ostiary.probe.record import ProbeLimits, Reach, Target, record
from probe.loopback import uvicorn_at
from probe.unboxed import SERVERS

LIMITS = ProbeLimits(total_seconds=60, answer_seconds=30, era_seconds=5)
HERE = Reach(allow_private=True)


def genuine() -> ModuleType:
    """A fresh copy: a session manager runs once."""
    spec = importlib.util.spec_from_file_location("genuine", SERVERS / "genuine.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Front:
    """Stands before an application, remembers what passed, and may refuse the stateless era."""

    def __init__(self, app: Any, *, handshake_only: bool = False) -> None:
        self.app = app
        self.handshake_only = handshake_only
        self.seen: list[tuple[str, dict[str, str]]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.seen.append((scope["method"], headers))
        if self.handshake_only and "mcp-method" in headers:
            error = {"code": -32000, "message": "Bad Request: no valid session ID"}
            body = json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode()
            kind = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 400, "headers": kind})
            await send({"type": "http.response.body", "body": body})
            return
        await self.app(scope, receive, send)


def recorded(url: str, transport: Transport = Transport.HTTP) -> Surface:
    answer = record(Target("k", "srv", transport, url=url), LIMITS, None, HERE)
    assert isinstance(answer, Surface), answer
    return answer


def whole(surface: Surface) -> None:
    assert (surface.claimed_name, surface.claimed_version) == ("genuine", "1.2.3")
    assert surface.instructions == "Ask before you write."
    assert [one.name for one in surface.items()] == [
        "read_note",
        "write_note",
        "summarise",
        "note://all",
        "note://{title}",
    ]
    assert not surface.missing
    assert not surface.irregular


@pytest.mark.proves("RD-19", "SA-21", "RD-24")
@pytest.mark.parametrize("as_json", [False, True])
def test_streamable_http_in_the_stateless_era(as_json: bool) -> None:
    front = Front(genuine().server.streamable_http_app(json_response=as_json))
    with uvicorn_at(front) as origin:
        surface = recorded(f"{origin}/mcp")
    whole(surface)
    assert surface.revision == "2026-07-28"
    assert {method for method, _ in front.seen} == {"POST"}
    assert [headers["mcp-method"] for _, headers in front.seen] == [
        "server/discover",
        "tools/list",
        "prompts/list",
        "resources/list",
        "resources/templates/list",
    ]
    assert all("mcp-session-id" not in headers for _, headers in front.seen)


@pytest.mark.proves("RD-19", "SA-21")
@pytest.mark.parametrize("as_json", [False, True])
def test_streamable_http_in_the_handshake_era(as_json: bool) -> None:
    app = genuine().server.streamable_http_app(json_response=as_json)
    front = Front(app, handshake_only=True)
    with uvicorn_at(front) as origin:
        surface = recorded(f"{origin}/mcp")
    whole(surface)
    assert surface.revision == "2025-11-25"
    methods = [method for method, _ in front.seen]
    assert methods[-1] == "DELETE"
    sessions = {headers.get("mcp-session-id") for _, headers in front.seen[2:]}
    assert len(sessions) == 1
    assert None not in sessions
    assert {headers.get("mcp-protocol-version") for _, headers in front.seen[2:]} == {"2025-11-25"}
    assert "mcp-protocol-version" not in front.seen[1][1]


@pytest.mark.proves("RD-19")
@pytest.mark.parametrize("transport", [Transport.SSE, Transport.HTTP])
def test_http_with_sse_also_when_configured_as_streamable(transport: Transport) -> None:
    with uvicorn_at(Front(genuine().server.sse_app())) as origin:
        surface = recorded(f"{origin}/sse", transport)
    whole(surface)


def test_streamable_http_also_when_configured_as_sse() -> None:
    front = Front(genuine().server.streamable_http_app(stateless_http=True))
    with uvicorn_at(front) as origin:
        whole(recorded(f"{origin}/mcp", Transport.SSE))


def test_the_same_surface_over_every_transport() -> None:
    with uvicorn_at(genuine().server.streamable_http_app()) as origin:
        first = recorded(f"{origin}/mcp")
    with uvicorn_at(genuine().server.sse_app()) as origin:
        second = recorded(f"{origin}/sse", Transport.SSE)
    assert [one.digest for one in first.items()] == [one.digest for one in second.items()]
