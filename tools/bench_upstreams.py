"""The server behind every gateway of the benchmark: raw ASGI, both eras, as fast as it can be.

``/mcp`` is one server with one tool, ``/s/N/mcp`` is server N of many with a hundred tools each,
``/count`` says how many requests came since it was last asked.
Run: ``uvicorn bench_upstreams:app``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson

from ostiary.model.json import JsonObject

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

TOOLS_EACH = 100
JSON = (b"content-type", b"application/json")
INFO = {"name": "bench-upstream", "version": "1.0.0"}
ECHO: JsonObject = {
    "name": "echo",
    "description": "Give back the text.",
    "inputSchema": {
        "type": "object",
        "properties": {"text": {"type": "string", "description": "The text to give back"}},
        "required": ["text"],
    },
}

_counts: dict[str, int] = {}
_sessions = 0


def tools_of(number: int) -> list[JsonObject]:
    """A hundred tools of ordinary length, different for each server."""
    return [
        {
            "name": f"look_up_{number}_{nth}",
            "description": f"Look up record {nth} of collection {number} and give its fields. "
            "Takes the key of the record, and how many related records to add.",
            "inputSchema": {
                "type": "object",
                "properties": {
                    "key": {"type": "string", "description": "Key of the record"},
                    "related": {"type": "integer", "description": "How many related records"},
                    "fields": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["key"],
                "additionalProperties": False,
            },
            "annotations": {"readOnlyHint": True},
        }
        for nth in range(TOOLS_EACH)
    ]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    path: str = scope["path"]
    if path == "/count":
        body = orjson.dumps(_counts)
        _counts.clear()
        await _answer(send, 200, body)
        return
    if scope["method"] != "POST":
        _counts[scope["method"]] = _counts.get(scope["method"], 0) + 1
        await _answer(send, 200 if scope["method"] == "DELETE" else 405, b"")
        return
    event = await receive()
    body = event.get("body", b"")
    while event.get("more_body"):
        event = await receive()
        body += event.get("body", b"")
    message = orjson.loads(body)
    method = message.get("method", "answer")
    _counts[method] = _counts.get(method, 0) + 1
    if "id" not in message or "method" not in message:
        await _answer(send, 202, b"")
        return
    result = _result(path, method, message)
    headers = _session() if method == "initialize" else ()
    if result is None:
        reply: dict[str, object] = {"error": {"code": -32601, "message": "Method not found"}}
    else:
        reply = {"result": result}
    await _answer(
        send, 200, orjson.dumps({"jsonrpc": "2.0", "id": message["id"], **reply}), headers
    )


def _session() -> tuple[tuple[bytes, bytes], ...]:
    global _sessions  # noqa: PLW0603
    _sessions += 1
    return ((b"mcp-session-id", b"bench-%032d" % _sessions),)


def _result(path: str, method: str, message: dict[str, Any]) -> dict[str, object] | None:
    params = message.get("params") or {}
    if method == "tools/call":
        text = params.get("arguments", {}).get("text", "")
        content = [{"type": "text", "text": text}]
        if "io.modelcontextprotocol/protocolVersion" in params.get("_meta", {}):
            return {"resultType": "complete", "content": content, "isError": False}
        return {"content": content, "isError": False}
    if method == "tools/list":
        many = path.startswith("/s/")
        tools = tools_of(int(path.split("/")[2])) if many else [ECHO]
        return {
            "resultType": "complete",
            "tools": tools,
            "ttlMs": 60_000,
            "cacheScope": "public",
        }
    if method == "initialize":
        return {
            "protocolVersion": params.get("protocolVersion", "2025-06-18"),
            "capabilities": {"tools": {}},
            "serverInfo": INFO,
        }
    if method == "server/discover":
        return {
            "resultType": "complete",
            "supportedVersions": ["2026-07-28"],
            "capabilities": {"tools": {}},
            "ttlMs": 60_000,
            "cacheScope": "public",
            "_meta": {"io.modelcontextprotocol/serverInfo": INFO},
        }
    return {} if method == "ping" else None


async def _answer(
    send: Send, status: int, body: bytes, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    length = (b"content-length", b"%d" % len(body))
    await send(
        {"type": "http.response.start", "status": status, "headers": [JSON, length, *headers]}
    )
    await send({"type": "http.response.body", "body": body})
