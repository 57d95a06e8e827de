"""HTTP+SSE for clients of revision 2024-11-05."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gateway.downstream_parts import ENVELOPE, Gate, Reply, gate, read_all, read_until


class Stream:
    """An open event stream and the address that goes with it."""

    def __init__(self, front: Gate, sock: socket.socket) -> None:
        self.front = front
        self.sock = sock
        self._got = read_until(sock, b"\n\n\r\n")
        assert b"text/event-stream" in self._got
        assert b"event: endpoint\n" in self._got
        self.path = self._got.partition(b"data: ")[2].partition(b"\n")[0].decode()
        self._got = b""

    def next(self) -> Any:
        """The next message of the stream."""
        while b"\n\n" not in self._got:
            self._got = read_until(self.sock, b"\n\n", self._got)
        one, _, self._got = self._got.partition(b"\n\n")
        return json.loads(one.partition(b"data: ")[2])

    def post(self, method: str, number: int | None = 1, **params: Any) -> Reply:
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
        if number is not None:
            message["id"] = number
        return self.front.request(json.dumps(message).encode(), path=self.path)


@contextmanager
def opened(front: Gate, path: str = "/sse", token: str = "Bearer ann") -> Iterator[Stream]:
    headers = {"Accept": "text/event-stream", "Authorization": token}
    with front.connect() as sock:
        sock.sendall(front.bytes_of(b"", "GET", path, headers))
        yield Stream(front, sock)


@pytest.fixture(scope="module")
def front() -> Iterator[Gate]:
    with gate() as running:
        yield running


def test_a_whole_conversation(front: Gate) -> None:
    with opened(front, "/sse/files") as stream:
        reply = stream.post("initialize", 1, protocolVersion="2024-11-05")
        assert (reply.status, reply.body) == (202, b"")
        assert stream.next()["result"]["serverInfo"]["name"] == "scripted"
        session = f"sealed-{front.relay.sessions}"
        assert stream.post("notifications/initialized", None).status == 202
        assert stream.post("tools/list", 2).status == 202
        assert stream.next()["result"]["tools"][0]["name"] == "echo"
        inbound = front.relay.inbounds[-1]
        assert (inbound.endpoint, inbound.transport) == ("files", "sse")
        assert inbound.session == session
        assert stream.post("tools/call", 3, name="progress").status == 202
        assert [stream.next().get("method") for _ in range(4)].count("notifications/progress") == 3
        front.relay.wait_for(lambda: front.relay.listening == 1)
        front.push(session, {"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
        assert stream.next()["method"] == "notifications/tools/list_changed"
    front.relay.wait_for(lambda: session in front.relay.ended)
    front.relay.wait_for(lambda: front.relay.listening == 0)
    assert front.idle()


def test_a_server_asks_on_the_stream(front: Gate) -> None:
    with opened(front) as stream:
        stream.post("tools/call", 1, name="ask")
        assert stream.next()["method"] == "ping"
        answer = json.dumps({"jsonrpc": "2.0", "id": 99, "result": {}}).encode()
        assert front.request(answer, path=stream.path).status == 202
        assert stream.next()["id"] == 1


def test_leaving_cancels_what_runs(front: Gate) -> None:
    front.relay.cancelled.clear()
    with opened(front) as stream:
        assert stream.post("tools/call", 1, name="hang").status == 202
    front.relay.wait_for(lambda: front.relay.cancelled == ["hang"])
    assert front.idle()
    assert stream.post("tools/list").status == 404


@pytest.mark.parametrize("token", ["Bearer bob", "Bearer narrow", "Bearer nobody", ""])
def test_a_stream_belongs_to_who_opened_it(front: Gate, token: str) -> None:
    """Knowing the address is not enough, nor is a narrowed token of the same caller."""
    body = b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
    with opened(front) as stream:
        before = len(front.relay.inbounds)
        headers = {"Authorization": token}
        known = token in front.callers.tokens
        reply = front.request(body, path=stream.path, headers=headers)
        assert reply.status == (404 if known else 401)
        guessed = front.request(body, path="/messages/guessed", headers=headers)
        assert guessed.status == reply.status, "a stream of others looks like none"
        assert len(front.relay.inbounds) == before
        assert stream.post("ping").status == 202
        assert stream.next() == {"jsonrpc": "2.0", "id": 1, "result": {}}


@pytest.mark.parametrize("path", ["/messages", "/messages/", "/messages/x/y", "/messages/%00"])
def test_addresses_of_no_stream(front: Gate, path: str) -> None:
    assert front.call("tools/list", path=path).status == 404


def test_addresses_differ(front: Gate) -> None:
    with opened(front) as one, opened(front) as two:
        assert one.path != two.path
        two.post("ping", 7)
        assert two.next()["id"] == 7
        one.post("ping", 8)
        assert one.next()["id"] == 8


def test_the_stateless_era_is_sent_elsewhere(front: Gate) -> None:
    with opened(front) as stream:
        reply = stream.post("tools/list", 1, _meta=ENVELOPE)
        assert (reply.status, reply.code) == (400, -32022)
        assert reply.json["error"]["data"]["supported"][-1] == "2025-11-25"
        assert "/mcp" in reply.json["error"]["message"]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"jsonrpc":"2.0","id":1,"id":2,"method":"x"}'])
def test_bodies_that_are_no_message(front: Gate, body: bytes) -> None:
    with opened(front) as stream:
        assert front.request(body, path=stream.path).status == 400
        assert stream.post("ping").status == 202
    assert front.idle()


def test_a_slow_stream_slows_only_itself() -> None:
    count = 300
    with gate() as front, opened(front) as slow, opened(front) as quick:
        slow.post("tools/call", 1, name="flood", arguments={"count": count, "size": 100_000})
        for number in range(20):
            quick.post("ping", number)
            assert quick.next()["id"] == number
        assert front.relay.flooded < count, "messages piled up between server and client"
        for _ in range(count):
            assert slow.next()["method"] == "notifications/progress"
        assert slow.next()["id"] == 1


def test_calls_at_once_are_limited() -> None:
    with gate(calls_per_caller=2) as front, opened(front) as stream:
        for number in range(2):
            assert stream.post("tools/call", number, name="hang").status == 202
        assert stream.post("tools/call", 3, name="hang").status == 429
        assert stream.post("notifications/cancelled", None, requestId=1).status == 202


def test_the_server_stops_although_a_stream_is_open() -> None:
    with gate() as front:
        with opened(front) as stream:
            stream.post("initialize", 1)
            stream.next()
            front.stop()
            assert b"0\r\n\r\n" in read_all(stream.sock)
        front.relay.wait_for(lambda: front.relay.ended == ["sealed-1"])
