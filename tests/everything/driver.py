"""The client that the official conformance suite tests: ``python -m everything.driver URL``.

The suite says in the environment which scenario it plays and at which revision. A token for a
gateway in between stands in ``DRIVER_TOKEN``.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import mcp_types as types
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError

from everything.oauth import authorizing

LAST_HANDSHAKE = "2025-11-25"
HANDSHAKE_MOCKS = frozenset({"json-schema-ref-no-deref"})
"""Scenarios whose own server speaks the handshake alone, whatever revision the suite names."""


async def _fill_in(context: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
    """Accepts a form as it came, with its defaults, and says yes to the rest."""
    schema = getattr(params, "requested_schema", {})
    given = {
        name: field.get("default", True)
        for name, field in schema.get("properties", {}).items()
        if "default" in field or field.get("type") == "boolean"
    }
    return types.ElicitResult(action="accept", content=given)


async def _say(context: Any, params: Any) -> types.CreateMessageResult:
    said = types.TextContent(type="text", text="Paris")
    return types.CreateMessageResult(role="assistant", content=said, model="none")


async def _no_roots(context: Any) -> types.ListRootsResult:
    return types.ListRootsResult(roots=[])


async def list_and_call(url: str, environment: Mapping[str, str]) -> None:
    """List the tools and call the first. Raises what the client does."""
    async with connected(url, environment) as client:
        for tool in (await client.list_tools()).tools[:1]:
            await client.call_tool(tool.name, {})


@contextlib.asynccontextmanager
async def connected(url: str, environment: Mapping[str, str]) -> AsyncIterator[Client]:
    """A client that offers everything a client can offer, at the revision the suite plays."""
    scenario = environment["MCP_CONFORMANCE_SCENARIO"]
    revision = environment.get("MCP_CONFORMANCE_PROTOCOL_VERSION", LAST_HANDSHAKE)
    handshake = revision <= LAST_HANDSHAKE or scenario in HANDSHAKE_MOCKS
    token = environment.get("DRIVER_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else None
    context = json.loads(environment.get("MCP_CONFORMANCE_CONTEXT", "{}"))
    auth = authorizing(url, context) if scenario.startswith("auth/") and not token else None
    async with (
        create_mcp_http_client(headers=headers, auth=auth) as http,
        Client(
            streamable_http_client(url, http_client=http),
            mode="legacy" if handshake else "auto",
            elicitation_callback=_fill_in,
            sampling_callback=_say,
            list_roots_callback=_no_roots,
        ) as client,
    ):
        yield client


Play = Callable[[Client, Mapping[str, Any]], Awaitable[None]]


async def _list(client: Client, _context: Mapping[str, Any]) -> None:
    await client.list_tools()


async def _add(client: Client, _context: Mapping[str, Any]) -> None:
    await client.list_tools()
    await client.call_tool("add_numbers", {"a": 5, "b": 3})


async def _try_to_add(client: Client, _context: Mapping[str, Any]) -> None:
    """The server shows no tool, so that a gateway in between refuses the call."""
    await client.list_tools()
    with contextlib.suppress(MCPError):
        await client.call_tool("add_numbers", {"a": 5, "b": 3})


async def _reconnect(client: Client, _context: Mapping[str, Any]) -> None:
    await client.list_tools()
    await client.call_tool("test_reconnection", {})


async def _defaults(client: Client, _context: Mapping[str, Any]) -> None:
    await client.list_tools()
    await client.call_tool("test_client_elicitation_defaults", {})


async def _state(client: Client, _context: Mapping[str, Any]) -> None:
    await client.list_tools()
    for name in ("echo_state", "unrelated", "no_state", "no_result_type"):
        await client.call_tool(f"test_mrtr_{name}", {})


async def _each(client: Client, _context: Mapping[str, Any]) -> None:
    """Calls every tool that is there with the least it takes."""
    least = {"string": "x", "integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}
    for tool in (await client.list_tools()).tools:
        fields = tool.input_schema.get("properties", {})
        arguments = {
            name: least.get(fields.get(name, {}).get("type"), "x")
            for name in tool.input_schema.get("required", [])
        }
        with contextlib.suppress(Exception):
            await client.call_tool(tool.name, arguments)


async def _as_told(client: Client, context: Mapping[str, Any]) -> None:
    """Makes the calls that the suite wants, if their tools are there."""
    shown = {tool.name for tool in (await client.list_tools()).tools}
    for call in context.get("toolCalls", []):
        if call["name"] in shown:
            with contextlib.suppress(Exception):
                await client.call_tool(call["name"], call.get("arguments") or {})


async def _echo_schema(client: Client, _context: Mapping[str, Any]) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    schema = tools["json_schema_2020_12_tool"].input_schema
    await client.call_tool("json_schema_echo", {"schema": schema})


async def _first(client: Client, _context: Mapping[str, Any]) -> None:
    for tool in (await client.list_tools()).tools[:1]:
        with contextlib.suppress(Exception):
            await client.call_tool(tool.name, {})


SCENARIOS: dict[str, Play] = {
    "initialize": _list,
    "tools_call": _add,
    "sse-retry": _reconnect,
    "elicitation-sep1034-client-defaults": _defaults,
    "request-metadata": _try_to_add,
    "http-standard-headers": _add,
    "http-custom-headers": _as_told,
    "http-invalid-tool-headers": _each,
    "sep-2322-client-request-state": _state,
    "json-schema-ref-no-deref": _list,
    "json-schema-2020-12-preservation": _echo_schema,
}


async def play(url: str, environment: Mapping[str, str]) -> None:
    """Play the scenario that ``environment`` names against ``url``."""
    scenario = environment["MCP_CONFORMANCE_SCENARIO"]
    act = SCENARIOS.get(scenario, _first if scenario.startswith("auth/") else None)
    if act is None:
        raise LookupError(f"no such scenario: {scenario}")
    context = json.loads(environment.get("MCP_CONFORMANCE_CONTEXT", "{}"))
    async with connected(url, environment) as client:
        await act(client, context)


if __name__ == "__main__":
    asyncio.run(play(sys.argv[-1], os.environ))
