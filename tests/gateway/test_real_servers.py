"""Published servers, approved as they are and run in their boxes behind the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

from everything.serving import COMMAND, TESTS, everything_at
from everything.suite import MODULES, node
from gateway.running import Running, running_gateway
from ostiary.model.approval import Start

FIRST = TESTS.parent / ".tools" / "first" / "bin"
PUBLISHED = MODULES / "@modelcontextprotocol" / "server-everything" / "dist" / "index.js"
ERAS = {"handshake": "legacy", "stateless": "2026-07-28"}

pytestmark = pytest.mark.skipif(
    not PUBLISHED.exists() or not FIRST.exists(),
    reason="the servers are not installed: run tools/setup.sh test",
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    own = ("stdio", "both")
    with everything_at("sse") as url:
        servers = {
            "time": Start("stdio", command=(str(FIRST / "python"), "-m", "mcp_server_time")),
            "published": Start("stdio", command=(node(), str(PUBLISHED)), readable=(str(MODULES),)),
            "ours": Start("stdio", command=(*COMMAND, *own), cwd=str(TESTS)),
            "older": Start("sse", url=url),
        }
        with running_gateway(tmp_path_factory.mktemp("servers"), servers) as running:
            yield running


def with_client(gateway: Running, server: str, era: str, play: Any) -> None:
    async def main() -> None:
        async with asyncio.timeout(60), AsyncExitStack() as stack:
            http = await stack.enter_async_context(create_mcp_http_client(headers=gateway.headers))
            way = streamable_http_client(gateway.endpoint(server), http_client=http)
            mode: Any = ERAS[era]
            await play(await stack.enter_async_context(Client(way, mode=mode)))

    asyncio.run(main())


@pytest.mark.parametrize("era", sorted(ERAS))
def test_a_python_server_of_the_first_sdk(gateway: Running, era: str) -> None:
    async def play(client: Client) -> None:
        assert {tool.name for tool in (await client.list_tools()).tools} == {
            "get_current_time",
            "convert_time",
        }
        found = await client.call_tool("get_current_time", {"timezone": "UTC"})
        assert '"timezone": "UTC"' in str(getattr(found.content[0], "text", ""))

    with_client(gateway, "time", era, play)


@pytest.mark.parametrize("era", sorted(ERAS))
def test_a_typescript_server(gateway: Running, era: str) -> None:
    async def play(client: Client) -> None:
        assert "echo" in {tool.name for tool in (await client.list_tools()).tools}
        found = await client.call_tool("echo", {"message": "well"})
        assert "Echo: well" in str(getattr(found.content[0], "text", ""))
        assert (await client.list_prompts()).prompts
        assert (await client.list_resources()).resources

    with_client(gateway, "published", era, play)


@pytest.mark.parametrize("era", sorted(ERAS))
@pytest.mark.parametrize("server", ["ours", "older"])
def test_a_server_over_other_transports(gateway: Running, server: str, era: str) -> None:
    async def play(client: Client) -> None:
        found = await client.call_tool("test_simple_text", {})
        assert "simple text" in str(getattr(found.content[0], "text", ""))

    with_client(gateway, server, era, play)


@pytest.mark.parametrize("era", sorted(ERAS))
def test_all_of_them_joined(gateway: Running, era: str) -> None:
    async def play(client: Client) -> None:
        names = {tool.name for tool in (await client.list_tools()).tools}
        wanted = {"time__convert_time", "published__echo", "ours__test_simple_text"}
        assert wanted | {"older__test_simple_text"} <= names
        for name in sorted(wanted - {"time__convert_time"}):
            assert not (await client.call_tool(name, {"message": "x"})).is_error

    with_client(gateway, "", era, play)
