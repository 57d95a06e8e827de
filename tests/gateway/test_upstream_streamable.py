"""Streamable HTTP against servers written by hand: sessions, streams, refusals, back-pressure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable

import pytest

from gateway.upstreams import (
    LAST,
    STREAM,
    Heard,
    Peer,
    Script,
    ask,
    chunk,
    event,
    honest,
    linked,
    nothing,
    opener,
    pool,
    raw,
    result,
    run,
    whole,
)
from ostiary.gateway.ports import Answer, Era, SessionForgotten, UpstreamFailure
from ostiary.model.json import JsonObject

PROGRESS: JsonObject = {
    "jsonrpc": "2.0",
    "method": "notifications/progress",
    "params": {"progressToken": 1, "progress": 0.5, "x": {"unknown": [1]}},
}
HELLO: JsonObject = {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {}}
ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
NO_GET = whole(b"", "405 Method Not Allowed")


def with_session(session: str) -> bytes:
    return whole(result(1, HELLO), "200 OK", "application/json", f"Mcp-Session-Id: {session}")


def test_a_stream_gives_what_comes_before_the_answer_in_order() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while request := await peer.request():
                ident = request.message["id"]
                await peer.send(STREAM)
                await peer.send(chunk(b": comment\r\n\r\n" + event(PROGRESS, event="message")))
                await peer.send(chunk(event(b"{}", event="other") + event(PROGRESS)[:20]))
                await peer.send(chunk(event(PROGRESS)[20:] + event(result(ident))) + LAST)

        async with raw(script) as server, linked(server.url) as link:
            for number in range(3):
                heard = Heard()
                answer = await link.request(ask(number), {}, heard)
                assert heard.messages == [PROGRESS, PROGRESS]
                assert answer.message["id"] == number
                assert answer.size == len(result(number))
            assert server.connections == 1

    run(main)


def test_a_stream_that_goes_on_after_the_answer_is_hung_up() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.send(STREAM + chunk(event(result(1))))
            await peer.hung_up()

        async with raw(script) as server, linked(server.url) as link:
            await link.request(ask(), {}, nothing)
            await server.all_closed.wait()

    run(main)


def test_a_stream_that_ends_a_moment_after_its_answer_keeps_its_connection() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while request := await peer.request():
                await peer.send(STREAM + chunk(event(result(request.message["id"]))))
                await asyncio.sleep(0.01)
                await peer.send(chunk(b": the end\n\n") + LAST)

        async with raw(script) as server:
            way = opener(server.url)
            link = await way.open(Era.STATELESS, "", {})
            for number in range(5):
                await link.request(ask(number), {}, nothing)
                while not pool(way)._idle:
                    await asyncio.sleep(0)
            assert server.connections == 1
            await way.close()

    run(main)


def test_what_comes_after_the_answer_is_not_kept() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.send(STREAM + chunk(event(result(1))))
            while not peer.writer.is_closing():
                await peer.send(chunk(event(PROGRESS) * 100))
                await asyncio.sleep(0)

        async with raw(script) as server, linked(server.url) as link:
            await link.request(ask(), {}, nothing)
            await server.all_closed.wait()

    run(main)


def test_a_slow_taker_slows_its_server_and_nothing_piles_up() -> None:
    async def main() -> None:
        big: JsonObject = {**PROGRESS, "params": {"progressToken": 1, "message": "x" * 10_000}}
        written = 0
        go = asyncio.Event()

        async def script(peer: Peer) -> None:
            nonlocal written
            await peer.request()
            await peer.send(STREAM)
            for _ in range(2000):  # 20 MB
                await peer.send(chunk(event(big)))
                written += 1
            await peer.send(chunk(event(result(1))) + LAST)

        taken = 0

        async def slow(message: JsonObject) -> None:
            nonlocal taken
            taken += 1
            await go.wait()

        async with raw(script) as server, linked(server.url) as link:
            task = asyncio.create_task(link.request(ask(), {}, slow))
            before = -1
            while before != written or not taken:
                before = written
                for _ in range(200):
                    await asyncio.sleep(0)
            # What the kernel holds in both directions, and our 128 KiB.
            assert taken == 1
            assert written < 1500
            go.set()
            await task
            assert taken == written == 2000

    run(main)


def test_cancelling_a_stream_hangs_up() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.send(STREAM + chunk(event(PROGRESS)))
            await peer.hung_up()

        async with raw(script) as server, linked(server.url) as link:
            heard = Heard()
            task = asyncio.create_task(link.request(ask(), {}, heard))
            await heard.until(1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await server.all_closed.wait()

    run(main)


@pytest.mark.parametrize(("era", "told"), [(Era.HANDSHAKE, True), (Era.STATELESS, False)])
@pytest.mark.parametrize("how", ["cancelled", "late"])
def test_only_the_handshake_era_is_told_of_a_cancellation(era: Era, told: bool, how: str) -> None:
    """In the stateless era, hanging up says it (revision 2026-07-28, cancellation)."""

    async def main() -> None:
        async def script(peer: Peer) -> None:
            while request := await peer.request():
                if "id" in request.message:
                    await peer.hung_up()
                    return
                await peer.send(ACCEPTED)

        seconds = 0.1 if how == "late" else 30
        async with raw(script) as server:
            async with linked(server.url, era, answer_seconds=seconds) as link:
                for ident, method in ((1, "initialize"), (2, "tools/call")):
                    headers = {"MCP-Protocol-Version": "2025-11-25", "Mcp-Name": "x"}
                    task = asyncio.create_task(link.request(ask(ident, method), headers, nothing))
                    while len(server.seen) < ident:
                        await asyncio.sleep(0)
                    if how == "cancelled":
                        task.cancel()
                    with pytest.raises((UpstreamFailure, asyncio.CancelledError)):
                        await task
                while told and len(server.seen) < 3:
                    await asyncio.sleep(0)
            assert len(server.seen) == (3 if told else 2)
            if told:
                assert server.seen[2].message["method"] == "notifications/cancelled"
                assert server.seen[2].message["params"]["requestId"] == 2
                assert server.seen[2].headers["mcp-protocol-version"] == "2025-11-25"
                assert "mcp-name" not in server.seen[2].headers

    run(main)


def test_a_silent_stream_is_given_up_but_comments_keep_it_alive() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.send(STREAM)
            for _ in range(12):
                await peer.send(chunk(b": alive\n\n"))
                await asyncio.sleep(0.05)
            await peer.hung_up()

        async with raw(script) as server, linked(server.url, answer_seconds=0.3) as link:
            with pytest.raises(UpstreamFailure, match="nothing for") as caught:
                await link.request(ask(), {}, nothing)
            assert caught.value.status == 504
            await server.all_closed.wait()

    run(main)


def test_a_stream_without_an_end_takes_no_place_of_the_requests() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while request := await peer.request():
                ident = request.message["id"]
                if request.message["method"] == "subscriptions/listen":
                    await peer.send(STREAM + chunk(event(PROGRESS)))
                    await peer.hung_up()
                    return
                await peer.send(whole(result(ident)))

        async with (
            raw(script) as server,
            linked(server.url, connections=1, concurrent_calls=1, answer_seconds=0.3) as link,
        ):
            heard = Heard()
            listening = [
                asyncio.create_task(link.request(ask(n, "subscriptions/listen"), {}, heard))
                for n in range(5)
            ]
            await heard.until(5)
            for number in range(10, 15):
                await link.request(ask(number), {}, nothing)
            await asyncio.sleep(0.5)  # longer than an answer may take
            assert not any(task.done() for task in listening)
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)
            assert server.connections == 6

    run(main)


# Taken up again (SEP-1699).


def polling(*streams: bytes, retry: int = 10) -> Script:
    """A server that closes its stream, and gives the next part to whoever comes back."""

    async def script(peer: Peer) -> None:
        while request := await peer.request():
            if request.method == "DELETE":
                await peer.send(whole(b"", "200 OK", "text/plain"))
                continue
            last = request.headers.get("last-event-id", "")
            number = int(last.removeprefix("e") or 0)
            prime = b"retry: %d\n" % retry + event(b"", id=f"e{number + 1}")
            await peer.send(STREAM + chunk(prime + streams[number]) + LAST)

    return script


def test_a_stream_that_was_closed_is_taken_up_where_it_stopped() -> None:
    async def main() -> None:
        script = polling(event(PROGRESS), b"", event(PROGRESS) + event(result(1)))
        async with (
            raw(script) as server,
            linked(server.url, Era.HANDSHAKE, session="s1") as link,
        ):
            heard = Heard()
            headers = {"MCP-Protocol-Version": "2025-11-25"}
            answer = await link.request(ask(), headers, heard)
            assert answer.message["id"] == 1
            assert len(heard.messages) == 2
            assert [one.line.split()[0] for one in server.seen] == ["POST", "GET", "GET"]
            for number, request in enumerate(server.seen[1:], 1):
                assert request.headers["last-event-id"] == f"e{number}"
                assert request.headers["mcp-session-id"] == "s1"
                assert request.headers["mcp-protocol-version"] == "2025-11-25"
                assert request.headers["accept"] == "text/event-stream"

    run(main)


def test_a_stream_is_not_taken_up_for_ever_nor_without_an_event_id() -> None:
    async def main() -> None:
        async with (
            raw(polling(*[b""] * 50, retry=0)) as server,
            linked(server.url, Era.HANDSHAKE, session="s1", reconnects=5) as link,
        ):
            with pytest.raises(UpstreamFailure, match="5 times") as caught:
                await link.request(ask(), {}, nothing)
            assert caught.value.sent
            assert len(server.seen) == 7

        async def script(peer: Peer) -> None:
            while await peer.request():
                await peer.send(STREAM + chunk(event(PROGRESS)) + LAST)

        async with raw(script) as server, linked(server.url, Era.HANDSHAKE) as link:
            with pytest.raises(UpstreamFailure, match="without an answer"):
                await link.request(ask(), {}, nothing)
            assert len(server.seen) == 1

    run(main)


def test_the_stateless_era_takes_up_no_stream() -> None:
    async def main() -> None:
        async with (
            raw(polling(b"", event(result(1)))) as server,
            linked(server.url) as link,
        ):
            with pytest.raises(UpstreamFailure):
                await link.request(ask(), {}, nothing)
            assert len(server.seen) == 1

    run(main)


def test_garbage_in_a_stream_is_not_asked_for_again() -> None:
    async def main() -> None:
        async with (
            raw(polling(event(b'{"a":1,"a":2}'), event(result(1)))) as server,
            linked(server.url, Era.HANDSHAKE) as link,
        ):
            with pytest.raises(UpstreamFailure, match="twice"):
                await link.request(ask(), {}, nothing)
            assert len(server.seen) == 1

    run(main)


# Sessions.


def test_a_session_is_kept_sent_and_ended() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while request := await peer.request():
                if request.method == "DELETE":
                    await peer.send(whole(b"", "200 OK", "text/plain"))
                elif request.message["method"] == "initialize":
                    await peer.send(with_session("abc-1"))
                elif "id" in request.message:
                    await peer.send(whole(result(request.message["id"])))
                else:
                    await peer.send(ACCEPTED)

        async with raw(script) as server, linked(server.url, Era.HANDSHAKE) as link:
            answer = await link.request(ask(1, "initialize"), {}, nothing)
            assert answer.session == "abc-1"
            revision = {"MCP-Protocol-Version": "2025-11-25"}
            await link.send({"jsonrpc": "2.0", "method": "notifications/initialized"}, revision)
            later = await link.request(ask(2), revision, nothing)
            assert later.session == ""
            await link.close()
            await link.close()
            assert [one.headers.get("mcp-session-id") for one in server.seen] == [
                None,
                "abc-1",
                "abc-1",
                "abc-1",
            ]
            assert server.seen[-1].method == "DELETE"
            assert server.seen[-1].headers["mcp-protocol-version"] == "2025-11-25"
            assert link.ended
            with pytest.raises(SessionForgotten):
                await link.request(ask(3), revision, nothing)

    run(main)


def test_closing_the_way_leaves_the_session_to_be_resumed() -> None:
    async def main() -> None:
        async with raw(honest) as server:
            way = opener(server.url)
            link = await way.open(Era.HANDSHAKE, "abc-1", {})
            await link.request(ask(1), {}, nothing)
            await way.close()
            assert [one.method for one in server.seen] == ["POST"]
            assert server.seen[0].headers["mcp-session-id"] == "abc-1"

    run(main)


@pytest.mark.parametrize("session", ["a b", "a\tb", "é", "a" * 2000, "日本"])
def test_a_session_id_that_no_header_may_hold_is_refused(session: str) -> None:
    async def main() -> None:
        data = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nMcp-Session-Id: "
            + session.encode()
            + b"\r\nContent-Length: %d\r\n\r\n" % len(result(1, HELLO))
            + result(1, HELLO)
        )

        async def script(peer: Peer) -> None:
            while await peer.request():
                await peer.send(data)

        async with raw(script) as server, linked(server.url, Era.HANDSHAKE) as link:
            with pytest.raises(UpstreamFailure, match="session id"):
                await link.request(ask(1, "initialize"), {}, nothing)

    run(main)


def test_the_stateless_era_has_no_session() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while await peer.request():
                await peer.send(with_session("abc"))

        async with raw(script) as server, linked(server.url) as link:
            for _ in range(2):
                assert (await link.request(ask(1), {}, nothing)).session == ""
            await link.close()
            assert [one.headers.get("mcp-session-id") for one in server.seen] == [None, None]

    run(main)


@pytest.mark.parametrize(
    "data",
    [
        whole(b"", "404 Not Found"),
        whole(
            b'{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}',
            "404 Not Found",
        ),
        whole(
            json.dumps(
                {
                    "jsonrpc": "2.0",
                    "error": {
                        "code": -32000,
                        "message": "Bad Request: No valid session ID provided",
                    },
                    "id": None,
                }
            ).encode(),
            "400 Bad Request",
        ),
    ],
)
def test_a_server_that_forgot_the_session(data: bytes) -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while await peer.request():
                await peer.send(data)

        async with raw(script) as server:
            async with linked(server.url, Era.HANDSHAKE, session="s1") as link:
                with pytest.raises(SessionForgotten) as caught:
                    await link.request(ask(), {}, nothing)
                assert not caught.value.sent
                assert link.ended
            assert len(server.seen) == 1, "a forgotten session is not ended again"
            async with linked(server.url, Era.HANDSHAKE) as link:
                answer = await _or_failure(link.request(ask(), {}, nothing))
                assert not isinstance(answer, SessionForgotten)

    run(main)


async def _or_failure(asked: Awaitable[Answer]) -> object:
    try:
        return await asked
    except UpstreamFailure as failure:
        return failure


# Refusals.


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_refused_credentials_are_told_without_the_challenge(status: str) -> None:
    async def main() -> None:
        data = whole(
            b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"PLANTED"}}',
            status,
            "application/json",
            'WWW-Authenticate: Bearer resource_metadata="https://evil.example/"',
        )

        async def script(peer: Peer) -> None:
            while await peer.request():
                await peer.send(data)

        async with raw(script) as server, linked(server.url) as link:
            with pytest.raises(UpstreamFailure, match="credentials") as caught:
                await link.request(ask(), {}, nothing)
            assert not caught.value.sent
            assert caught.value.status == 502
            assert "evil" not in str(caught.value)
            assert "PLANTED" not in str(caught.value)

    run(main)


@pytest.mark.parametrize("ident", ["1", "null"])
@pytest.mark.parametrize("status", [400, 404, 405, 500])
def test_an_error_in_json_rpc_is_an_answer_whatever_its_status(status: int, ident: str) -> None:
    async def main() -> None:
        error = {"code": -32601, "message": "no", "data": {"x": [1, None]}}
        text = f'{{"jsonrpc":"2.0","id":{ident},"error":{json.dumps(error)}}}'

        async def script(peer: Peer) -> None:
            while await peer.request():
                await peer.send(whole(text.encode(), f"{status} Odd"))

        async with raw(script) as server, linked(server.url) as link:
            answer = await link.request(ask(1), {}, nothing)
            assert answer.status == status
            assert answer.message == {"jsonrpc": "2.0", "id": 1, "error": error}

    run(main)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("junk", None), ("9" * 30, None)])
def test_a_busy_server_says_when_to_come_back(header: str, seconds: float | None) -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while await peer.request():
                await peer.send(whole(b"", "429 Slow", "text/plain", f"Retry-After: {header}"))

        async with raw(script) as server, linked(server.url) as link:
            with pytest.raises(UpstreamFailure) as caught:
                await link.request(ask(), {}, nothing)
            assert (caught.value.status, caught.value.sent) == (503, False)
            assert caught.value.retry_after == seconds

    run(main)


def test_a_refused_notification_is_told() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while await peer.request():
                await peer.send(whole(b"", "500 No"))

        async with raw(script) as server, linked(server.url) as link:
            with pytest.raises(UpstreamFailure):
                await link.send({"jsonrpc": "2.0", "method": "notifications/cancelled"}, {})

    run(main)


# Messages nobody asked for.


def listening(*parts: bytes) -> Script:
    """A server with a session whose GET gives one part after another."""
    given = list(parts)

    async def script(peer: Peer) -> None:
        while request := await peer.request():
            if request.method == "GET":
                if not given:
                    await peer.hung_up()
                    return
                await peer.send(given.pop(0))
            elif request.method == "DELETE":
                await peer.send(whole(b"", "200 OK", "text/plain"))
            elif request.message.get("method") == "initialize":
                await peer.send(with_session("s1"))
            else:
                await peer.send(ACCEPTED)

    return script


CHANGED: JsonObject = {"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}


def test_what_a_server_says_unasked_is_heard_across_connections() -> None:
    async def main() -> None:
        first = STREAM + chunk(b"retry: 1\n" + event(CHANGED, id="e1")) + LAST
        asked = {**ask("srv-1", "roots/list")}
        second = STREAM + chunk(event(b"", id="e2") + event(asked, id="e3"))
        async with (
            raw(listening(first, second)) as server,
            linked(server.url, Era.HANDSHAKE) as link,
        ):
            heard = Heard()
            link.listen(heard)
            await asyncio.sleep(0)
            assert server.connections == 0, "there is nothing to listen to before the session"
            await link.request(ask(1, "initialize"), {}, nothing)
            await heard.until(2)
            assert heard.messages == [CHANGED, asked]
            gets = [one for one in server.seen if one.method == "GET"]
            assert [one.headers.get("last-event-id") for one in gets] == [None, "e1"]
            assert {one.headers["mcp-session-id"] for one in gets} == {"s1"}
            await link.send({"jsonrpc": "2.0", "id": "srv-1", "result": {"roots": []}}, {})
            await link.close()
            assert server.seen[-1].method == "DELETE"

    run(main)


@pytest.mark.parametrize("data", [NO_GET, whole(b"{}"), whole(b"", "404 Not Found")])
def test_a_server_that_says_nothing_unasked_is_asked_once(data: bytes) -> None:
    async def main() -> None:
        async with (
            raw(listening(data, data)) as server,
            linked(server.url, Era.HANDSHAKE) as link,
        ):
            link.listen(nothing)
            await link.request(ask(1, "initialize"), {}, nothing)
            task = link.inner._listening._task  # type: ignore[attr-defined]
            await task
            assert sum(one.method == "GET" for one in server.seen) == 1
            forgotten = link.ended is not None
            assert forgotten is data.startswith(b"HTTP/1.1 404")

    run(main)


def test_an_answer_on_the_listening_stream_answers_nobody() -> None:
    async def main() -> None:
        stream = STREAM + chunk(event(result(7, {"stolen": True})) + event(CHANGED))
        async with (
            raw(listening(stream)) as server,
            linked(server.url, Era.HANDSHAKE) as link,
        ):
            heard = Heard()
            link.listen(heard)
            await link.request(ask(1, "initialize"), {}, nothing)
            await heard.until(1)
            assert heard.messages == [CHANGED]

    run(main)


def test_listeners_have_a_limit_of_their_own() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while request := await peer.request():
                if request.message["method"] == "subscriptions/listen":
                    await peer.send(STREAM + chunk(event(CHANGED)))

        async with raw(script) as server:
            way = opener(server.url, streams=2)
            link = await way.open(Era.STATELESS, "", {})
            heard = Heard()
            tasks = [
                asyncio.create_task(link.request(ask(n, "subscriptions/listen"), {}, heard))
                for n in range(2)
            ]
            await heard.until(2)
            with pytest.raises(UpstreamFailure) as caught:
                await link.request(ask(9, "subscriptions/listen"), {}, heard)
            assert caught.value.status == 503
            tasks[0].cancel()
            await asyncio.gather(tasks[0], return_exceptions=True)
            while pool(way)._lasting == 2:
                await asyncio.sleep(0)
            again = asyncio.create_task(link.request(ask(10, "subscriptions/listen"), {}, heard))
            await heard.until(3)
            for task in (*tasks, again):
                task.cancel()
            await asyncio.gather(*tasks, again, return_exceptions=True)
            await way.close()

    run(main)


def test_integers_of_any_size_and_unknown_fields_go_through() -> None:
    async def main() -> None:
        value = {"n": 2**80, "f": 1.5, "$defs": {"a": None}, "é": "\u2028", "b": [True, {}]}

        async def script(peer: Peer) -> None:
            while request := await peer.request():
                arguments = request.message["params"]["arguments"]
                await peer.send(whole(result(request.message["id"], arguments)))

        async with raw(script) as server, linked(server.url) as link:
            answer = await link.request(ask(1, arguments=value), {}, nothing)
            assert answer.message["result"] == value

    run(main)
