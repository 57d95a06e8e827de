"""A server whose tool tells the ``_meta`` it was called with. Runs in a box, standard library."""

import json
import sys
from typing import Any

TOOL = {
    "name": "meta",
    "description": "Tells the metadata of the call.",
    "inputSchema": {"type": "object"},
}


def result(method: str, params: dict[str, Any]) -> dict[str, Any]:
    if method == "initialize":
        return {
            "protocolVersion": "2025-06-18",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "teller", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": [TOOL]}
    words = json.dumps(params.get("_meta"), sort_keys=True)
    return {"content": [{"type": "text", "text": words}]}


for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        told = result(message["method"], message.get("params", {}))
        sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": told}) + "\n")
        sys.stdout.flush()
