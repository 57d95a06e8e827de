"""Telling the eras apart, and HTTP+SSE, with servers that answer in every odd way."""

from __future__ import annotations

import asyncio
import json

import pytest

from gateway.upstreams import (
    STREAM,
    Heard,
    Peer,
    Script,
    ask,
    chunk,
    event,
    linked,
    nothing,
    opener,
    raw,
    result,
    run,
    whole,
)
from ostiary.gateway.ports import Era, SessionForgotten, UpstreamFailure
from ostiary.gateway.upstream.era import eras
from ostiary.model.json import JsonObject

HELLO: JsonObject = {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {}}
MODERN: JsonObject = {"supportedVersions": ["2026-07-28"], "capabilities": {}}
DUAL: JsonObject = {"supportedVersions": ["2025-11-25", "2026-07-28"], "capabilities": {}}
S, H = Era.STATELESS, Era.HANDSHAKE


def error(code: int, data: object = None) -> bytes:
    problem = {"code": code, "message": "x", "data": data}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "error": problem}).encode()


def answers(discover: bytes, initialize: bytes) -> Script:
    async def script(peer: Peer) -> None:
        while request := await peer.request():
            if request.method != "POST":
                await peer.send(whole(b"", "200 OK", "text/plain"))
                continue
            method = request.message["method"]
            data = discover if method == "server/discover" else initialize
            if not data:
                return
            await peer.send(data)

    return script


NO = whole(error(-32601), "404 Not Found")
YES = whole(result(1, HELLO), "200 OK", "application/json", "Mcp-Session-Id: s1")


@pytest.mark.parametrize(
    ("discover", "initialize", "found"),
    [
        (whole(result(1, MODERN)), NO, {S}),
        (whole(result(1, MODERN)), YES, {S, H}),
        (whole(result(1, DUAL)), b"", {S, H}),
        (whole(error(-32022, {"supported": ["2027-01-01"]}), "400 Bad Request"), YES, {H}),
        (whole(error(-32022, {"supported": ["2025-11-25"]}), "400 Bad Request"), b"", {H}),
        (whole(error(-32020), "400 Bad Request"), NO, {S}),
        (whole(error(-32021), "400 Bad Request"), NO, {S}),
        (whole(error(-32000), "400 Bad Request"), YES, {H}),
        (whole(b"Bad Request", "400 Bad Request", "text/plain"), YES, {H}),
        (whole(b"", "404 Not Found"), YES, {H}),
        (whole(b"", "405 Method Not Allowed"), YES, {H}),
        (whole(b"", "500 Oops"), YES, {H}),
        (whole(error(-32601)), YES, {H}),
        (whole(result(1, {"tools": []})), YES, {H}),
        (whole(result(1, HELLO)), YES, {H}),
        (whole(b"junk"), YES, {H}),
        (whole(b"", "202 Accepted"), YES, {H}),
        (b"", YES, {H}),
    ],
)
def test_what_a_server_speaks(discover: bytes, initialize: bytes, found: set[Era]) -> None:
    async def main() -> None:
        async with raw(answers(discover, initialize)) as server:
            way = opener(server.url)
            assert await eras(way) == found
            await way.close()
            sent = server.seen[0].headers
            assert sent["mcp-method"] == "server/discover"
            assert sent["mcp-protocol-version"] == "2026-07-28"
            if initialize is YES:
                assert server.seen[-1].method == "DELETE"
                assert server.seen[-1].headers["mcp-session-id"] == "s1"

    run(main)


@pytest.mark.parametrize(
    ("discover", "initialize", "words"),
    [
        (NO, NO, "speaks no revision"),
        (whole(b"", "401 Unauthorized"), YES, "credentials"),
        (NO, whole(b"", "403 Forbidden"), "credentials"),
        (whole(b"<h1>Welcome</h1>", "200 OK", "text/html"),) * 2 + ("speaks no revision",),
    ],
)
def test_a_server_that_speaks_nothing_we_know(
    discover: bytes, initialize: bytes, words: str
) -> None:
    async def main() -> None:
        async with raw(answers(discover, initialize)) as server:
            way = opener(server.url)
            with pytest.raises(UpstreamFailure, match=words):
                await eras(way)
            await way.close()

    run(main)


def test_a_server_that_never_answers_the_question_gets_the_handshake() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while request := await peer.request():
                if request.method == "POST" and request.message["method"] == "initialize":
                    await peer.send(YES)
                elif request.method == "POST":
                    await peer.hung_up()
                    return
                else:
                    await peer.send(whole(b""))

        async with raw(script) as server:
            way = opener(server.url)
            assert await eras(way, seconds=0.2) == {H}
            await way.close()

    run(main)


# HTTP+SSE.


def sse(endpoint: bytes, *messages: bytes) -> Script:
    """Names an endpoint, and answers on the stream whatever is posted there."""
    streams: list[Peer] = []

    async def script(peer: Peer) -> None:
        while request := await peer.request():
            if request.method == "GET":
                streams.append(peer)
                await peer.send(STREAM + chunk(b"event: endpoint\ndata: " + endpoint + b"\n\n"))
                for one in messages:
                    await peer.send(chunk(event(one)))
                await peer.hung_up()
                return
            await peer.send(whole(b"Accepted", "202 Accepted", "text/plain"))
            if "id" in request.message:
                await streams[-1].send(chunk(event(result(request.message["id"]))))

    return script


def test_answers_come_on_the_stream_and_requests_go_to_the_endpoint() -> None:
    async def main() -> None:
        note: JsonObject = {"jsonrpc": "2.0", "method": "notifications/x"}
        async with (
            raw(sse(b"/messages/?session_id=a1", json.dumps(note).encode())) as server,
            linked(f"{server.origin}/sse", H, transport="sse") as link,
        ):
            heard = Heard()
            link.listen(heard)
            await heard.until(1)
            found = await asyncio.gather(*(link.request(ask(n), {}, nothing) for n in range(10)))
            assert [one.message["id"] for one in found] == list(range(10))
            assert server.seen[0].line == "GET /sse HTTP/1.1"
            assert server.seen[1].line == "POST /messages/?session_id=a1 HTTP/1.1"
            await link.send({"jsonrpc": "2.0", "method": "notifications/initialized"}, {})

    run(main)


@pytest.mark.parametrize(
    "endpoint",
    [
        b"https://evil.example/messages",
        b"//evil.example/messages",
        b"http://127.0.0.1:1/messages",
        b"http://user@127.0.0.1/",
        b"file:///etc/passwd",
        b"javascript:alert(1)",
        b"\xff\xfe",
        b"/a\tb",
    ],
)
def test_an_endpoint_elsewhere_is_refused(endpoint: bytes) -> None:
    async def main() -> None:
        async with raw(sse(endpoint)) as server:
            way = opener(f"{server.origin}/sse", "sse")
            with pytest.raises(UpstreamFailure, match="endpoint") as caught:
                await way.open(H, "", {})
            assert "evil" not in str(caught.value)
            assert len(server.seen) == 1
            await server.all_closed.wait()
            await way.close()

    run(main)


@pytest.mark.parametrize(
    "data",
    [
        whole(b"", "404 Not Found"),
        whole(b"{}"),
        STREAM + chunk(event(b"/messages")),
        STREAM + b"0\r\n\r\n",
        STREAM,
    ],
)
def test_a_stream_that_names_no_endpoint_is_given_up(data: bytes) -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.send(data)
            await peer.hung_up()

        async with raw(script) as server:
            way = opener(f"{server.origin}/sse", "sse", connect_seconds=0.3)
            with pytest.raises(UpstreamFailure):
                await way.open(H, "", {})
            await way.close()
            await server.all_closed.wait()

    run(main)


def test_the_end_of_the_stream_is_the_end_of_the_link() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            request = await peer.request()
            assert request is not None
            if request.method == "GET":
                await peer.send(STREAM + chunk(b"event: endpoint\ndata: /m\n\n"))
                while len(server.seen) < 2:
                    await asyncio.sleep(0)
                return
            await peer.send(whole(b"", "202 Accepted"))
            await peer.hung_up()

        async with (
            raw(script) as server,
            linked(f"{server.origin}/sse", H, transport="sse") as link,
        ):
            with pytest.raises(UpstreamFailure, match="event stream before it answered") as caught:
                await link.request(ask(), {}, nothing)
            assert caught.value.sent
            assert link.ended
            with pytest.raises(SessionForgotten):
                await link.request(ask(2), {}, nothing)

    run(main)


def test_a_refused_post_fails_its_request_and_leaves_the_stream() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while request := await peer.request():
                if request.method == "GET":
                    await peer.send(STREAM + chunk(b"event: endpoint\ndata: /m\n\n"))
                    await peer.hung_up()
                    return
                await peer.send(whole(b"PLANTED", "500 PLANTED", "text/plain"))

        async with (
            raw(script) as server,
            linked(f"{server.origin}/sse", H, transport="sse") as link,
        ):
            with pytest.raises(UpstreamFailure, match="500") as caught:
                await link.request(ask(), {}, nothing)
            assert "PLANTED" not in str(caught.value)
            assert link.ended is None

    run(main)


def test_http_with_sse_belongs_to_the_handshake_era() -> None:
    async def main() -> None:
        async with raw(sse(b"/m")) as server:
            way = opener(f"{server.origin}/sse", "sse")
            with pytest.raises(UpstreamFailure, match="handshake era"):
                await way.open(S, "", {})
            await way.close()

    run(main)
