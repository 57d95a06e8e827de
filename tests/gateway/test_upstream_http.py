"""The gateway's own HTTP client against servers that misbehave in every way they can."""

from __future__ import annotations

import asyncio
import socket

import pytest

from gateway.upstreams import (
    LAST,
    STREAM,
    Peer,
    Script,
    approval,
    ask,
    chunk,
    event,
    head,
    honest,
    honest_once,
    limits,
    linked,
    nothing,
    opener,
    pool,
    raw,
    result,
    run,
    silent,
    whole,
)
from ostiary.gateway.ports import Era, UpstreamFailure
from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.http_pool import Pool
from ostiary.gateway.upstream.openers import open_upstream
from ostiary.model.approval import Approval, Start
from ostiary.probe.guarded_http import place

SECRET = b"PLANTED"


def answering(data: bytes, then_close: bool = False) -> Script:
    """A script that answers every request with ``data``."""

    async def script(peer: Peer) -> None:
        while await peer.request():
            await peer.send(data)
            if then_close:
                return

    return script


GOOD = result(1)
EVIL = {
    "two lengths": head(len(GOOD), "application/json", "Content-Length: 5") + GOOD,
    "the same length twice": head(len(GOOD), "application/json", f"Content-Length: {len(GOOD)}")
    + GOOD,
    "length and chunks": head(len(GOOD), "application/json", "Transfer-Encoding: chunked")
    + chunk(GOOD)
    + LAST,
    "a list of lengths": head(None, "application/json", f"Content-Length: {len(GOOD)}, 3") + GOOD,
    "a length with a sign": head(None, "application/json", f"Content-Length: +{len(GOOD)}") + GOOD,
    "a negative length": head(None, "application/json", "Content-Length: -1") + GOOD,
    "another coding": head(None, "application/json", "Transfer-Encoding: gzip, chunked")
    + chunk(GOOD)
    + LAST,
    "an unknown coding": head(None, "application/json", "Transfer-Encoding: xchunked")
    + chunk(GOOD)
    + LAST,
    "chunked twice": head(
        None, "application/json", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"
    )
    + chunk(GOOD)
    + LAST,
    "chunks in HTTP/1.0": head(None, "application/json", "Transfer-Encoding: chunked").replace(
        b"1.1", b"1.0"
    )
    + chunk(GOOD)
    + LAST,
    "a folded header": head(len(GOOD), "application/json", "X: a\r\n b") + GOOD,
    "a space before the colon": head(len(GOOD), "application/json", "X : a") + GOOD,
    "a bare line feed": head(len(GOOD)).replace(b"\r\n", b"\n") + GOOD,
    "a null in a header": head(len(GOOD), "application/json", "X: a\0b") + GOOD,
    "a chunk size with a sign": head(None, "application/json", "Transfer-Encoding: chunked")
    + b"+5\r\nhello\r\n0\r\n\r\n",
    "a chunk longer than its size": head(None, "application/json", "Transfer-Encoding: chunked")
    + b"2\r\nhello\r\n0\r\n\r\n",
    "100 Continue": b"HTTP/1.1 100 Continue\r\n\r\n" + whole(GOOD),
    "103 Early Hints": b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + whole(GOOD),
    "101 Switching": b"HTTP/1.1 101 S\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n" + GOOD,
    "status 600": whole(GOOD, "600 Odd"),
    "HTTP/2 in text": whole(GOOD).replace(b"1.1", b"2.0", 1),
    "no HTTP at all": b"220 mail.example ESMTP\r\n",
    "TLS": bytes.fromhex("160303007a0200007603033a"),
    "gzip": whole(GOOD, "200 OK", "application/json", "Content-Encoding: gzip"),
    "two types": head(len(GOOD), "application/json", "Content-Type: text/html") + GOOD,
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"X-A: %s\r\n" % (b"a" * 1000) * 64 + b"\r\n",
    "an endless header": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000,
    "an endless status line": b"HTTP/1.1 200 " + b"a" * 100_000,
    "endless trailers": head(None, "application/json", "Transfer-Encoding: chunked")
    + chunk(GOOD)
    + b"0\r\n"
    + b"X-A: a\r\n" * 10_000,
    "endless extensions": head(None, "application/json", "Transfer-Encoding: chunked")
    + b"2;"
    + b"a=b;" * 50_000,
    "endless empty lines": b"\r\n" * 50_000,
}


@pytest.mark.parametrize("what", EVIL)
def test_an_answer_that_could_be_read_in_two_ways_is_refused(what: str) -> None:
    async def main() -> None:
        async with raw(answering(EVIL[what])) as server:
            async with linked(server.url, answer_seconds=20) as link:
                with pytest.raises(UpstreamFailure) as caught:
                    await link.request(ask(), {}, nothing)
                assert caught.value.sent
                assert caught.value.status == 502
                await server.all_closed.wait()
            assert server.connections == 1

    run(main)


@pytest.mark.parametrize(
    "data",
    [
        whole(b'{"jsonrpc":"2.0","id":1,"result":{},"result":{"PLANTED":1}}'),
        whole(b'{"jsonrpc":"2.0","id":1,"result":{"PLANTED":NaN}}'),
        whole(b'{"jsonrpc":"2.0","id":1,"result":{"a":1e999}}'),
        whole(b'{"jsonrpc":"2.0","id":1,"result":{"PLANTED":"\xff"}}'),
        whole(b'{"jsonrpc":"2.0","id":1,"result":{"PLANTED":"\\ud800"}}'),
        whole(b'{"jsonrpc":"2.0","id":1,"result":' + b'{"a":' * 200 + b"1" + b"}" * 201),
        whole(b'{"jsonrpc":"2.0","id":1,"result":{}} PLANTED'),
        whole(b'[{"jsonrpc":"2.0","id":1,"result":{}}]'),
        whole(b""),
        whole(result(2)),
        whole(result("1")),
        whole(result(1.0)),
        whole(result(True)),
        whole(result(None)),
        whole(b'{"jsonrpc":"2.0","id":1}'),
        whole(b'{"jsonrpc":"1.0","id":1,"result":{}}'),
        whole(b'{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"PLANTED"}}'),
        whole(b'{"jsonrpc":"2.0","id":1,"result":"PLANTED"}'),
        whole(b'{"jsonrpc":"2.0","id":1,"method":"PLANTED"}'),
        whole(GOOD, "200 OK", "text/html"),
        whole(GOOD, "200 OK", "text/plain; a=application/json"),
        whole(b"<h1>PLANTED</h1>", "500 PLANTED", "text/html"),
        whole(b"PLANTED", "204 No Content"),
        whole(b"PLANTED", "202 Accepted"),
        STREAM + chunk(event(b'{"jsonrpc":"2.0","id":1,"id":1,"result":{}}')) + LAST,
        STREAM + chunk(event(result(2))) + LAST,
        STREAM + chunk(event(b"[]")) + LAST,
        STREAM + chunk(event(b"PLANTED")) + LAST,
        STREAM + LAST,
    ],
)
def test_an_answer_that_is_none_is_a_failure_without_text_of_the_server(data: bytes) -> None:
    async def main() -> None:
        async with raw(answering(data)) as server, linked(server.url) as link:
            with pytest.raises(UpstreamFailure) as caught:
                await link.request(ask(), {}, nothing)
            assert caught.value.sent
            assert caught.value.status == 502
            assert "PLANTED" not in str(caught.value)

    run(main)


def test_one_connection_serves_one_caller_after_another() -> None:
    async def main() -> None:
        async with raw(honest) as server:
            way = opener(server.url)
            for number in range(20):
                link = await way.open(Era.STATELESS, "", {})
                answer = await link.request(ask(number), {}, nothing)
                assert answer.message == {"jsonrpc": "2.0", "id": number, "result": {"ok": True}}
            assert server.connections == pool(way).opened == 1
            await way.close()
            await server.all_closed.wait()
            assert pool(way).open == 0

    run(main)


def test_requests_at_once_have_connections_of_their_own_and_wait_in_turn() -> None:
    async def main() -> None:
        order: list[int] = []

        async def script(peer: Peer) -> None:
            while request := await peer.request():
                order.append(request.message["id"])
                assert not peer.reader._buffer  # type: ignore[attr-defined]  # nothing pipelined
                await asyncio.sleep(0)
                await peer.send(whole(result(request.message["id"])))

        async with raw(script) as server, linked(server.url, connections=3) as link:
            answers = await asyncio.gather(
                *(link.request(ask(number), {}, nothing) for number in range(60))
            )
            assert [one.message["id"] for one in answers] == list(range(60))
            assert server.connections == server.most_open == 3
            # With three connections, nobody is overtaken by more than the two beside him.
            assert all(abs(place - number) <= 3 for place, number in enumerate(order))

    run(main)


def test_whoever_finds_no_connection_in_time_is_told_to_come_back() -> None:
    async def main() -> None:
        async with (
            raw(silent) as server,
            linked(server.url, connections=1, queue_seconds=0.1, answer_seconds=30) as link,
        ):
            first = asyncio.create_task(link.request(ask(1), {}, nothing))
            while not server.seen:
                await asyncio.sleep(0)
            with pytest.raises(UpstreamFailure) as caught:
                await link.request(ask(2), {}, nothing)
            assert (caught.value.status, caught.value.sent) == (503, False)
            assert caught.value.retry_after
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            await server.all_closed.wait()

    run(main)


def test_a_cancelled_request_closes_its_connection_and_no_other() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while request := await peer.request():
                if request.message["params"].get("hang"):
                    await peer.hung_up()
                    return
                await peer.send(whole(result(request.message["id"])))

        async with raw(script) as server, linked(server.url, connections=2) as link:
            hanging = asyncio.create_task(link.request(ask(1, hang=True), {}, nothing))
            while not server.seen:
                await asyncio.sleep(0)
            await link.request(ask(2), {}, nothing)
            hanging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hanging
            while server.open > 1:
                await asyncio.sleep(0)
            for number in range(3, 9):
                await link.request(ask(number), {}, nothing)
            assert server.connections == 2

    run(main)


def test_waiting_in_the_queue_can_be_given_up() -> None:
    async def main() -> None:
        go = asyncio.Event()

        async def script(peer: Peer) -> None:
            while request := await peer.request():
                await go.wait()
                await peer.send(whole(result(request.message["id"])))

        async with raw(script) as server, linked(server.url, connections=1) as link:
            tasks = [asyncio.create_task(link.request(ask(n), {}, nothing)) for n in range(5)]
            while not server.seen:
                await asyncio.sleep(0)
            for task in tasks[1:4]:
                task.cancel()
            go.set()
            answers = await asyncio.gather(*tasks, return_exceptions=True)
            assert [isinstance(one, asyncio.CancelledError) for one in answers] == [
                False,
                True,
                True,
                True,
                False,
            ]
            assert [one.message["id"] for one in server.seen] == [0, 4]
            assert server.connections == 1

    run(main)


def test_a_second_answer_is_never_taken_for_that_of_the_next_request() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            while request := await peer.request():
                ident = request.message["id"]
                await peer.send(whole(result(ident)) + whole(result(ident + 1, {"stolen": True})))

        async with raw(script) as server, linked(server.url) as link:
            for number in range(5):
                answer = await link.request(ask(number), {}, nothing)
                assert answer.message["result"] == {"ok": True}
            assert server.connections == 5

    run(main)


def test_what_comes_unasked_on_an_idle_connection_costs_the_connection() -> None:
    async def main() -> None:
        more, sent = asyncio.Event(), asyncio.Event()

        async def script(peer: Peer) -> None:
            while request := await peer.request():
                await peer.send(whole(result(request.message["id"])))
                await more.wait()
                await peer.send(whole(result(2, {"stolen": True})))
                sent.set()

        async with raw(script) as server, linked(server.url) as link:
            await link.request(ask(1), {}, nothing)
            more.set()
            await sent.wait()
            answer = await link.request(ask(2), {}, nothing)
            assert answer.message["result"] == {"ok": True}
            assert server.connections == 2

    run(main)


@pytest.mark.parametrize("ending", ["close", "reset"])
def test_a_connection_that_was_closed_while_idle_is_not_used_again(ending: str) -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            request = await peer.request()
            assert request is not None
            await peer.send(whole(result(request.message["id"])))
            if ending == "reset":
                peer.writer.transport.abort()

        async with raw(script) as server, linked(server.url) as link:
            for number in range(5):
                await link.request(ask(number), {}, nothing)
                await server.all_closed.wait()
            assert server.connections == 5
            assert len(server.seen) == 5

    run(main)


async def _dies_on_the_second(peer: Peer) -> None:
    request = await peer.request()
    if request is None:
        return
    await peer.send(whole(result(request.message["id"])))
    await peer.request()  # the client has sent it, and will never know whether it was read


def test_a_call_that_a_kept_connection_died_under_is_not_sent_again() -> None:
    async def main() -> None:
        async with raw(_dies_on_the_second) as server, linked(server.url) as link:
            await link.request(ask(1), {}, nothing)
            with pytest.raises(UpstreamFailure) as caught:
                await link.request(ask(2), {}, nothing)
            assert caught.value.sent
            assert [one.message["id"] for one in server.seen] == [1, 2]

    run(main)


def test_a_list_that_a_kept_connection_died_under_is_asked_for_again() -> None:
    async def main() -> None:
        async with raw(_dies_on_the_second) as server, linked(server.url) as link:
            await link.request(ask(1), {}, nothing)
            await link.request(ask(2, "tools/list"), {}, nothing)
            assert [one.message["id"] for one in server.seen] == [1, 2, 2]
            assert server.connections == 2

    run(main)


def test_a_server_that_dies_under_every_list_is_not_asked_for_ever() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            await peer.request()

        async with raw(script) as server, linked(server.url) as link:
            with pytest.raises(UpstreamFailure):
                await link.request(ask(1, "tools/list"), {}, nothing)
            assert len(server.seen) == 1

    run(main)


@pytest.mark.parametrize(
    "data",
    [
        head(len(GOOD)) + GOOD[:-5],
        head(len(GOOD))[:-3],
        head(None, "application/json", "Transfer-Encoding: chunked") + chunk(GOOD),
        head(None, "application/json", "Connection: close") + GOOD[:-5],
        STREAM + chunk(event(GOOD)[:-4]),
    ],
)
def test_a_server_that_dies_within_its_answer(data: bytes) -> None:
    async def main() -> None:
        async with raw(answering(data, then_close=True)) as server, linked(server.url) as link:
            with pytest.raises(UpstreamFailure) as caught:
                await link.request(ask(), {}, nothing)
            assert caught.value.sent
            assert server.connections == 1

    run(main)


def test_an_answer_that_ends_with_its_connection_is_read() -> None:
    async def main() -> None:
        data = head(None, "application/json", "Connection: close") + GOOD
        async with raw(answering(data, then_close=True)) as server, linked(server.url) as link:
            for _ in range(3):
                assert (await link.request(ask(), {}, nothing)).message["id"] == 1
            assert server.connections == 3

    run(main)


def test_a_server_that_drips_is_given_up_in_time() -> None:
    async def main() -> None:
        async def script(peer: Peer) -> None:
            await peer.request()
            await peer.send(head(1000))
            while not peer.reader.at_eof():
                await peer.send(b" ")
                await asyncio.sleep(0.01)

        async with raw(script) as server, linked(server.url, answer_seconds=0.3) as link:
            with pytest.raises(UpstreamFailure) as caught:
                await link.request(ask(), {}, nothing)
            assert (caught.value.status, caught.value.sent) == (504, True)

    run(main)


@pytest.mark.parametrize(
    "data",
    [
        head(2_000_000_000),
        head(None, "application/json", "Transfer-Encoding: chunked") + chunk(b" " * 70_000),
        head(None, "application/json", "Connection: close") + b" " * 70_000,
        STREAM + chunk(b"data: " + b"a" * 70_000),
        STREAM + chunk(b"data: " + b"a" * 60_000 + b"\ndata: " + b"a" * 60_000 + b"\n"),
    ],
)
def test_an_answer_that_is_too_large_is_not_kept(data: bytes) -> None:
    async def main() -> None:
        async with (
            raw(answering(data)) as server,
            linked(server.url, answer_bytes=65536) as link,
        ):
            with pytest.raises(UpstreamFailure, match="larger than"):
                await link.request(ask(), {}, nothing)
            await server.all_closed.wait()

    run(main)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_no_redirect_is_followed(status: str) -> None:
    async def main() -> None:
        async with raw(honest) as target:
            data = whole(b"", status, "text/html", f"Location: {target.url}")
            async with raw(answering(data)) as server, linked(server.url) as link:
                with pytest.raises(UpstreamFailure, match="redirects") as caught:
                    await link.request(ask(), {}, nothing)
                assert target.origin not in str(caught.value)
            assert target.connections == 0

    run(main)


@pytest.mark.proves("GW-34")
def test_what_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    async def main() -> None:
        async with raw(honest) as server:
            way = open_upstream(
                _approved(f"{server.origin}/a%20b/mcp?x=1#part", ("Authorization", "X-Key")),
                env={},
                headers={"Authorization": "Bearer ours", "X-Key": "k", "X-Other": "no"},
                limits=limits(),
            )
            link = await way.open(Era.STATELESS, "", {"x-key": "caller"})
            given = {
                "Mcp-Method": "tools/call",
                "Mcp-Name": "=?base64?w6k=?=",
                # A fault of the caller's side must not let credentials through.
                "authorization": "Bearer inbound",
                "Cookie": "inbound",
                "Mcp-Session-Id": "inbound",
                "Host": "inbound",
            }
            await link.request(ask(), given, nothing)
            await way.close()
            request = server.seen[0]
            assert request.line == "POST /a%20b/mcp?x=1 HTTP/1.1"
            assert request.headers.pop("user-agent").startswith("ostiary/")
            assert request.headers == {
                "host": server.origin.removeprefix("http://"),
                "accept": "application/json, text/event-stream",
                "accept-encoding": "identity",
                "authorization": "Bearer ours",
                "content-type": "application/json",
                "content-length": str(len(request.body)),
                "mcp-method": "tools/call",
                "mcp-name": "=?base64?w6k=?=",
                "x-key": "caller",
            }

    run(main)


def _approved(url: str, names: tuple[str, ...] = ()) -> Approval:
    return approval(Start("http", url=url, headers=names))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Mcp-Name", "a\r\nX: y"),
        ("Mcp-Name", "a\nb"),
        ("Mcp-Name", "a\0"),
        ("Mcp-Name", "日本"),
        ("Mcp Name", "a"),
        ("", "a"),
        ("A:", "b"),
    ],
)
def test_no_header_smuggles_another(name: str, value: str) -> None:
    async def main() -> None:
        async with raw(honest) as server, linked(server.url) as link:
            with pytest.raises(UpstreamFailure) as caught:
                await link.request(ask(), {name: value}, nothing)
            assert not caught.value.sent
            assert server.connections == 0
            await link.request(ask(), {}, nothing)

    run(main)


def test_an_answer_before_the_request_was_read_costs_the_connection() -> None:
    """The rest of a request that nobody read must not become the start of another."""

    async def main() -> None:
        async def script(peer: Peer) -> None:
            await peer.reader.readuntil(b"\r\n\r\n")
            await peer.send(whole(b"", "413 Too Large", "text/plain"))
            await peer.hung_up()

        async with raw(script) as server, linked(server.url) as link:
            for _ in range(2):
                with pytest.raises(UpstreamFailure, match="413"):
                    await link.request(ask(text="a" * 20_000_000), {}, nothing)
            await server.all_closed.wait()
            assert server.connections == 2

    run(main)


# Where a connection goes.


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["192.168.1.1"],
        ["::1"],
        ["fd00::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["169.254.169.254"],
        ["93.184.216.34", "127.0.0.1"],
        ["0.0.0.0"],
        ["100.64.0.1"],
        [],
        ["nonsense"],
    ],
)
def test_a_name_that_leads_inside_is_refused(found: list[str]) -> None:
    async def main() -> None:
        async def resolve(host: str, port: int) -> list[str]:
            assert host == "server.example"
            return found

        async with raw(honest) as server:
            port = server.origin.rpartition(":")[2]
            way = open_upstream(
                _approved(f"http://server.example:{port}/mcp"),
                env={},
                headers={},
                limits=Limits(),
                resolve=resolve,
            )
            link = await way.open(Era.STATELESS, "", {})
            with pytest.raises(UpstreamFailure) as caught:
                await link.request(ask(), {}, nothing)
            assert not caught.value.sent
            assert server.connections == 0
            await way.close()

    run(main)


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "[fe80::1]"])
def test_some_addresses_are_never_called_whatever_is_allowed(address: str) -> None:
    async def main() -> None:
        async with linked(f"http://{address}/mcp") as link:
            with pytest.raises(UpstreamFailure) as caught:
                await link.request(ask(), {}, nothing)
            assert not caught.value.sent

    run(main)


def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    """A name that changes between check and call (DNS rebinding) changes nothing."""

    async def main() -> None:
        asked: list[str] = []

        async def resolve(host: str, port: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

        async def script(peer: Peer) -> None:
            await honest_once(peer)

        async with raw(script) as server:
            port = server.origin.rpartition(":")[2]
            where = place(f"http://server.example:{port}/mcp")
            own = Pool("srv", where, limits(), resolve)
            request = b"POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
            data = b'{"id":1}'
            reply = await own.exchange(request % (len(data), data), 1000, 10)
            assert reply.status == 200
            assert asked == ["server.example"]
            await server.all_closed.wait()
            # Each connection is checked anew.
            with pytest.raises(UpstreamFailure, match="link-local"):
                await own.exchange(request % (len(data), data), 1000, 10)
            own.close()

    run(main)


def test_a_second_address_is_tried_when_the_first_does_not_answer() -> None:
    async def main() -> None:
        async def resolve(host: str, port: int) -> list[str]:
            return ["127.0.0.2", "127.0.0.1"]

        async with raw(honest) as server:
            port = server.origin.rpartition(":")[2]
            own = Pool("srv", place(f"http://server.example:{port}/"), limits(), resolve)
            data = b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n{"id":1}'
            assert (await own.exchange(data, 1000, 10)).status == 200
            own.close()

    run(main)


def test_nobody_there_is_told_and_nothing_was_sent() -> None:
    async def main() -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        async with linked(f"http://127.0.0.1:{port}/mcp") as link:
            with pytest.raises(UpstreamFailure, match="no connection") as caught:
                await link.request(ask(), {}, nothing)
            assert (caught.value.status, caught.value.sent) == (502, False)

    run(main)


def test_a_server_that_takes_no_connection_is_given_up_in_time() -> None:
    async def main() -> None:
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            waiting = []
            for _ in range(4):  # the queue of the listener is filled
                one = socket.socket()
                one.setblocking(False)
                one.connect_ex(full.getsockname())
                waiting.append(one)
            url = f"http://127.0.0.1:{full.getsockname()[1]}/mcp"
            async with linked(url, connect_seconds=0.3) as link:
                with pytest.raises(UpstreamFailure) as caught:
                    await link.request(ask(), {}, nothing)
                assert (caught.value.status, caught.value.sent) == (504, False)
            for one in waiting:
                one.close()

    run(main)


def test_an_idle_connection_is_closed_after_a_while() -> None:
    async def main() -> None:
        async with raw(honest) as server, linked(server.url, idle_seconds=0.05) as link:
            await link.request(ask(), {}, nothing)
            await server.all_closed.wait()
            await link.request(ask(), {}, nothing)
            assert server.connections == 2

    run(main)


def test_nothing_is_left_when_the_pool_is_closed() -> None:
    async def main() -> None:
        async with raw(silent) as server:
            way = opener(server.url, connections=2)
            link = await way.open(Era.STATELESS, "", {})
            tasks = [asyncio.create_task(link.request(ask(n), {}, nothing)) for n in range(4)]
            while len(server.seen) < 2:
                await asyncio.sleep(0)
            await way.close()
            failures = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(one, UpstreamFailure) for one in failures)
            await server.all_closed.wait()
            with pytest.raises(UpstreamFailure):
                await link.request(ask(), {}, nothing)

    run(main)


def test_many_deaths_and_cancellations_leave_the_pool_whole() -> None:
    """After any mixture of ends, all places of the pool are there again."""

    async def main() -> None:
        async def script(peer: Peer) -> None:
            while request := await peer.request():
                ident = request.message["id"]
                if ident % 5 == 0:
                    return
                if ident % 5 == 1:
                    await peer.hung_up()
                    return
                if ident % 5 == 2:
                    await peer.send(EVIL["two lengths"])
                else:
                    await peer.send(whole(result(ident)))

        async with raw(script) as server, linked(server.url, connections=4) as link:
            tasks = {n: asyncio.create_task(link.request(ask(n), {}, nothing)) for n in range(100)}
            for number in (n for n in tasks if n % 5 == 1):
                while all(one.message["id"] != number for one in server.seen):
                    await asyncio.sleep(0)
                tasks[number].cancel()
            found = await asyncio.gather(*tasks.values(), return_exceptions=True)
            assert sum(not isinstance(one, BaseException) for one in found) == 40
            inner = link.inner  # type: ignore[attr-defined]
            assert inner._pool._taken == inner._pool.open <= 4
            assert server.most_open <= 5  # one may still be closing

    run(main)
