"""A whole MCP server over stdio in the standard library, for the example servers beside it.

It speaks the handshake revisions, lists what it is given and answers calls with what it was asked.
"""

from __future__ import annotations

import json
import sys
from typing import Any

Json = dict[str, Any]
REVISION = "2025-11-25"


def serve(name: str, version: str, tools: list[Json], instructions: str = "") -> None:
    """Answer on standard input and output until the client goes away."""
    about = {"serverInfo": {"name": name, "version": version}, "capabilities": {"tools": {}}}
    if instructions:
        about["instructions"] = instructions
    for line in sys.stdin:
        request = json.loads(line)
        if "id" not in request:
            continue
        answer = {"jsonrpc": "2.0", "id": request["id"], **_answer(request, about, tools)}
        print(json.dumps(answer), flush=True)


def _answer(request: Json, about: Json, tools: list[Json]) -> Json:
    method = request.get("method")
    if method == "initialize":
        return {"result": {"protocolVersion": REVISION, **about}}
    if method == "tools/list":
        return {"result": {"tools": tools}}
    if method == "tools/call":
        asked = request["params"]
        words = ", ".join(f"{key}: {value}" for key, value in asked.get("arguments", {}).items())
        return {"result": {"content": [{"type": "text", "text": f"{asked['name']} of {words}"}]}}
    if method == "ping":
        return {"result": {}}
    return {"error": {"code": -32601, "message": f"no such method: {method}"}}


def tool(name: str, description: str, hints: Json | None = None, **properties: str) -> Json:
    """A tool whose parameters are all required strings with the given descriptions."""
    schema = {key: {"type": "string", "description": text} for key, text in properties.items()}
    made = {
        "name": name,
        "description": description,
        "inputSchema": {"type": "object", "properties": schema, "required": list(schema)},
    }
    return made if hints is None else {**made, "annotations": hints}
