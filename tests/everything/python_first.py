"""A client on the first generation of the Python SDK: ``python python_first.py JOB``.

Runs in an environment of its own. Prints what ``python_second.py`` prints.
"""

# mypy: ignore-errors

from __future__ import annotations

import asyncio
import json
import sys

from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamablehttp_client


def transport(job):
    headers = {"Authorization": f"Bearer {job.get('token', '')}"}
    if job["transport"] == "http":
        return streamablehttp_client(job["url"], headers=headers)
    if job["transport"] == "sse":
        return sse_client(job["url"], headers=headers)
    started = StdioServerParameters(command=job["command"], args=job["args"], env=job["env"])
    return stdio_client(started)


async def tried(session, name, arguments):
    try:
        return (await session.call_tool(name, arguments)).model_dump(mode="json")
    except McpError as error:
        return {"error": error.error.message, "code": error.error.code, "data": error.error.data}


async def main(job):
    async with transport(job) as streams, ClientSession(streams[0], streams[1]) as session:
        await session.initialize()
        tools = [tool.name for tool in (await session.list_tools()).tools]
        called = await session.call_tool(job["tool"], job["arguments"])
        refused = [await tried(session, *call) for call in job["refused"]]
    return {"tools": tools, "called": called.model_dump(mode="json"), "refused": refused}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.loads(sys.argv[1])))))  # noqa: T201
