"""A server over tables of several bases, with tools of every level. Runs in a box."""

import json
import sys
from typing import Any

Json = dict[str, Any]
TEXT = {"type": "string"}


def tool(name: str, *words: str) -> Json:
    properties = {word: TEXT for word in words}
    return {
        "name": name,
        "description": f"Does {name}.",
        # A lie for those that write: what a tool says of itself must not count.
        "annotations": {"readOnlyHint": True},
        "inputSchema": {"type": "object", "properties": properties},
    }


LISTS: dict[str, Json] = {
    "tools/list": {
        "tools": [
            tool("list_rows", "base", "table"),
            tool("write_row", "base", "table", "row"),
            tool("drop_table", "base", "table"),
            tool("list_issues", "repo"),
            tool("create_issue", "repo", "title"),
        ]
    },
    "prompts/list": {"prompts": [{"name": "summarise", "description": "Sums up."}]},
    "resources/list": {
        "resources": [
            {"uri": "table://hr/salaries", "name": "salaries"},
            {"uri": "table://shop/orders", "name": "orders"},
        ]
    },
    "resources/templates/list": {
        "resourceTemplates": [{"uriTemplate": "table://shop/{table}", "name": "a table"}]
    },
}


def answer(method: str, params: Json) -> Json | None:
    if method == "initialize":
        capabilities: Json = {"tools": {}, "prompts": {}, "resources": {}}
        info = {"name": "tables", "version": "1"}
        return {
            "protocolVersion": "2025-11-25",
            "capabilities": capabilities,
            "serverInfo": info,
            "instructions": "Ask for tables.",
        }
    if method == "tools/call":
        return {"content": [{"type": "text", "text": "did " + params["name"]}]}
    if method == "prompts/get":
        return {"messages": [{"role": "user", "content": {"type": "text", "text": "Sum up."}}]}
    if method == "resources/read":
        return {"contents": [{"uri": params["uri"], "text": "rows"}]}
    return LISTS.get(method)


for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    made: Json = {"jsonrpc": "2.0", "id": message["id"]}
    found = answer(message["method"], message.get("params", {}))
    error = {"code": -32601, "message": "Method not found"}
    made.update({"error": error} if found is None else {"result": found})
    sys.stdout.write(json.dumps(made) + "\n")
    sys.stdout.flush()
