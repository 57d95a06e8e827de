"""A client on the second generation of the Python SDK: ``python python_second.py JOB``.

Lists the tools, calls one, makes calls that are refused, and prints what came back.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from typing import Any

from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError


async def _transport(job: dict[str, Any], stack: AsyncExitStack) -> Any:
    headers = {"Authorization": f"Bearer {job.get('token', '')}"}
    if job["transport"] == "stdio":
        return StdioServerParameters(command=job["command"], args=job["args"], env=job["env"])
    if job["transport"] == "sse":
        return sse_client(job["url"], headers=headers)
    http = await stack.enter_async_context(create_mcp_http_client(headers=headers))
    return streamable_http_client(job["url"], http_client=http)


async def _tried(client: Client, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    try:
        return (await client.call_tool(name, arguments)).model_dump(mode="json")
    except MCPError as error:
        return {"error": str(error), "code": error.error.code, "data": error.error.data}


async def main(job: dict[str, Any]) -> dict[str, Any]:
    """Do the job over one connection."""
    mode: Any = "2026-07-28" if job.get("stateless") else "legacy"
    async with AsyncExitStack() as stack:
        way = await _transport(job, stack)
        client = await stack.enter_async_context(Client(way, mode=mode))
        tools = [tool.name for tool in (await client.list_tools()).tools]
        called = await client.call_tool(job["tool"], job["arguments"])
        refused = [await _tried(client, *call) for call in job["refused"]]
    return {"tools": tools, "called": called.model_dump(mode="json"), "refused": refused}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main(json.loads(sys.argv[1])))))
