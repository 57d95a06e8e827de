"""The stdio server behind the bridges of the benchmark: one line in, one line out.

It moves to the core given as its argument, so that it does not compete with what is in front.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from typing import Any

TOOL: dict[str, Any] = {
    "name": "echo",
    "description": "Give back the text.",
    "inputSchema": {
        "type": "object",
        "properties": {"text": {"type": "string", "description": "The text to give back"}},
        "required": ["text"],
    },
}


def main() -> None:
    with suppress(OSError, ValueError):
        os.sched_setaffinity(0, {int(sys.argv[1])})
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if "id" not in message or "method" not in message:
            continue
        reply = {"jsonrpc": "2.0", "id": message["id"], **answer(message)}
        out.write(json.dumps(reply, separators=(",", ":")).encode() + b"\n")
        out.flush()


def answer(message: dict[str, object]) -> dict[str, object]:
    params = message.get("params")
    given = params if isinstance(params, dict) else {}
    if message["method"] == "tools/call":
        text = given.get("arguments", {}).get("text", "")
        return {"result": {"content": [{"type": "text", "text": text}], "isError": False}}
    if message["method"] == "tools/list":
        return {"result": {"tools": [TOOL]}}
    if message["method"] == "initialize":
        return {
            "result": {
                "protocolVersion": given.get("protocolVersion", "2025-06-18"),
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "bench-echo", "version": "1.0.0"},
            }
        }
    if message["method"] == "ping":
        return {"result": {}}
    return {"error": {"code": -32601, "message": "Method not found"}}


if __name__ == "__main__":
    main()
