"""Links to real servers of the official SDK: both eras, all transports, boxed on stdio."""

from __future__ import annotations

import asyncio
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from mcp.server.mcpserver import Context, MCPServer

from gateway.upstreams import Heard, approval, ask, limits, nothing, opener, pool, run
from ostiary.gateway.ports import Era, Link, SessionForgotten
from ostiary.gateway.upstream.era import Eras, eras
from ostiary.gateway.upstream.guarded import GuardedOpener
from ostiary.gateway.upstream.openers import open_upstream
from ostiary.gateway.upstream.stdio import BoxedCommand
from ostiary.model.approval import Start
from ostiary.model.json import JsonObject, as_list, as_object
from ostiary.wire import handshake, stateless
from probe.loopback import uvicorn_at

ME: JsonObject = {"name": "test", "version": "1"}
BOTH = frozenset(Era)


def server() -> MCPServer[Any]:
    made: MCPServer[Any] = MCPServer("real", version="1")

    @made.tool()
    def add(a: int, b: int) -> int:
        """Add."""
        return a + b

    @made.tool()
    async def slowly(steps: int, ctx: Context[Any, Any]) -> str:
        """Tell how far it is."""
        for number in range(steps):
            await ctx.report_progress(number, steps)
        return "done"

    return made


async def opened(link: Link, era: Era) -> dict[str, str]:
    """Headers for the requests to come, after the opening of ``era``."""
    if era is Era.STATELESS:
        return {"MCP-Protocol-Version": stateless.REVISION}
    answer = await link.request(ask(0, "initialize", **handshake.initialize(ME)), {}, nothing)
    revision = as_object(answer.message["result"])["protocolVersion"]
    assert isinstance(revision, str)
    headers = {"MCP-Protocol-Version": revision}
    await link.send({"jsonrpc": "2.0", "method": "notifications/initialized"}, headers)
    return headers


async def called(
    link: Link,
    era: Era,
    headers: Mapping[str, str],
    number: int,
    tool: str,
    heard: Heard,
    **arguments: Any,
) -> str:
    params: JsonObject = {"name": tool, "arguments": arguments, "_meta": {"progressToken": number}}
    given = dict(headers)
    if era is Era.STATELESS:
        params = stateless.enveloped(params, ME)
        given |= {"Mcp-Method": "tools/call", "Mcp-Name": tool}
    answer = await link.request(ask(number, **params), given, heard)
    content = as_list(as_object(answer.message["result"])["content"])
    text = as_object(content[0])["text"]
    assert isinstance(text, str)
    return text


async def whole_conversation(link: Link, era: Era) -> None:
    headers = await opened(link, era)
    sums = await asyncio.gather(
        *(called(link, era, headers, n, "add", Heard(), a=n, b=1) for n in range(1, 11))
    )
    assert sums == [str(n + 1) for n in range(1, 11)]
    heard = Heard()
    assert await called(link, era, headers, 99, "slowly", heard, steps=5) == "done"
    assert [as_object(one["params"])["progress"] for one in heard.messages] == [0, 1, 2, 3, 4]
    assert {as_object(one["params"])["progressToken"] for one in heard.messages} == {99}


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("era", list(Era))
def test_streamable_http(era: Era, as_json: bool) -> None:
    def app() -> Any:
        return server().streamable_http_app(json_response=as_json)

    async def main(url: str) -> None:
        way = opener(url)
        link = await way.open(era, "", {})
        if as_json:
            headers = await opened(link, era)
            assert await called(link, era, headers, 1, "add", Heard(), a=1, b=2) == "3"
        else:
            await whole_conversation(link, era)
            assert pool(way).opened <= 12
        await link.close()
        await way.close()

    for _ in range(1):
        with uvicorn_at(app()) as origin:
            run(lambda: main(f"{origin}/mcp"))


def test_a_real_session_is_resumed_by_another_link_and_forgotten_after_its_end() -> None:
    async def main(url: str) -> None:
        one, two = opener(url), opener(url)
        link = await one.open(Era.HANDSHAKE, "", {})
        message = ask(0, "initialize", **handshake.initialize(ME))
        session = (await link.request(message, {}, nothing)).session
        assert session
        revision = {"MCP-Protocol-Version": handshake.OFFER}
        await link.send({"jsonrpc": "2.0", "method": "notifications/initialized"}, revision)
        other = await two.open(Era.HANDSHAKE, session, {})
        assert await called(other, Era.HANDSHAKE, revision, 1, "add", Heard(), a=1, b=2) == "3"
        await link.close()
        with pytest.raises(SessionForgotten):
            await called(other, Era.HANDSHAKE, revision, 2, "add", Heard(), a=1, b=2)
        assert other.ended
        await one.close()
        await two.close()

    with uvicorn_at(server().streamable_http_app()) as origin:
        run(lambda: main(f"{origin}/mcp"))


def test_http_with_sse() -> None:
    async def main(url: str) -> None:
        way = opener(url, "sse")
        link = await way.open(Era.HANDSHAKE, "", {})
        await whole_conversation(link, Era.HANDSHAKE)
        await link.close()
        with pytest.raises(SessionForgotten):
            await link.request(ask(1, "ping"), {}, nothing)
        await way.close()

    with uvicorn_at(server().sse_app()) as origin:
        run(lambda: main(f"{origin}/sse"))


PROGRAM = """
from mcp.server.mcpserver import Context, MCPServer
made = MCPServer("real", version="1")

@made.tool()
def add(a: int, b: int) -> int:
    return a + b

@made.tool()
async def slowly(steps: int, ctx: Context) -> str:
    for number in range(steps):
        await ctx.report_progress(number, steps)
    return "done"

made.run("stdio")
"""


def boxed(program: Path) -> GuardedOpener:
    python = Path(sys.executable).resolve()
    packages = sysconfig.get_paths()["purelib"]
    command = BoxedCommand(
        (str(python), str(program)),
        {"PYTHONPATH": packages},
        readable=(program, python.parent.parent, Path(packages)),
    )
    start = Start("stdio", ("server",))
    return open_upstream(
        approval(start), env={}, headers={}, limits=limits(answer_seconds=60), command=command
    )


def test_stdio_in_a_box_in_both_eras(tmp_path: Path) -> None:
    program = tmp_path / "server.py"
    program.write_text(PROGRAM)

    async def main() -> None:
        way = boxed(program)
        assert await eras(way, seconds=30) == BOTH
        for era in Era:
            link = await way.open(era, "", {})
            await whole_conversation(link, era)
            await link.close()
        await way.close()

    run(main)


def test_the_eras_of_real_servers_are_asked_for_once() -> None:
    async def main(url: str, transport: str, found: frozenset[Era]) -> None:
        now = 0.0
        way = opener(url, transport)
        known = Eras(way, lambda: now, kept_seconds=60)
        assert known.known() == frozenset()
        both = await asyncio.gather(known.ask({}), known.ask({}))
        assert set(both) == {found}
        assert await known.speaks(Era.HANDSHAKE, {})
        opened_before = pool(way).opened
        assert await known.ask({}) == found
        assert pool(way).opened == opened_before
        now = 61.0
        assert known.known() == frozenset()
        await way.close()

    with uvicorn_at(server().streamable_http_app()) as origin:
        run(lambda: main(f"{origin}/mcp", "http", BOTH))
    with uvicorn_at(server().sse_app()) as origin:
        run(lambda: main(f"{origin}/sse", "sse", frozenset({Era.HANDSHAKE})))
