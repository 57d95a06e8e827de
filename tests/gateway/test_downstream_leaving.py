"""Clients that vanish, read slowly or ask for too much; streams that outlive their token."""

from __future__ import annotations

import json
import socket
import struct

import pytest

from gateway.downstream_parts import LARGE, Gate, gate, modern, parse, read_all, read_until
from ostiary.gateway.downstream.limits import MOST_REMEMBERED, Limiter
from ostiary.gateway.downstream.settings import Limits


def call(front: Gate, name: str, *, stateless: bool, **arguments: object) -> bytes:
    """The bytes of a tool call."""
    params = {"name": name, "arguments": arguments}
    if stateless:
        body, headers = modern("tools/call", params)  # type: ignore[arg-type]
    else:
        headers = {"Mcp-Session-Id": "sealed-1"}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        body = json.dumps(message).encode()
    return front.bytes_of(body, "POST", "/mcp", headers)


def vanish(sock: socket.socket) -> None:
    """Reset the connection, as a client does that is killed."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def arrived(front: Gate, name: str) -> bool:
    params = [one.message.get("params") for one in front.relay.inbounds]
    return any(isinstance(one, dict) and one.get("name") == name for one in params)


@pytest.mark.parametrize("name", ["hang", "hang_after_progress"])
@pytest.mark.parametrize("politely", [True, False])
def test_in_the_stateless_era_leaving_cancels(name: str, *, politely: bool) -> None:
    with gate() as front:
        sock = front.connect()
        sock.sendall(call(front, name, stateless=True))
        front.relay.wait_for(lambda: arrived(front, name))
        if name != "hang":
            read_until(sock, b"notifications/progress")
        sock.close() if politely else vanish(sock)
        front.relay.wait_for(lambda: front.relay.cancelled == [name])
        assert front.idle()


@pytest.mark.parametrize("name", ["hang", "hang_after_progress"])
def test_in_the_handshake_era_leaving_cancels_only_after_a_while(name: str) -> None:
    with gate(linger_seconds=1) as front:
        with front.connect() as sock:
            sock.sendall(call(front, name, stateless=False))
            front.relay.wait_for(lambda: arrived(front, name))
        before = front.now()
        front.relay.wait_for(lambda: front.relay.cancelled == [name])
        assert front.now() - before > 0.9
        assert front.idle()


def test_in_the_handshake_era_a_call_is_finished_although_nobody_listens() -> None:
    with gate() as front:
        sock = front.connect()
        sock.sendall(call(front, "ask", stateless=False))
        read_until(sock, b'"method":"ping"')
        vanish(sock)
        answer = {"jsonrpc": "2.0", "id": 99, "result": {}}
        assert front.request(json.dumps(answer).encode()).status == 202
        front.relay.wait_for(lambda: front.relay.finished == ["ask"])
        assert front.relay.cancelled == []
        assert front.idle()


def test_a_client_that_left_before_its_message_was_read_starts_nothing() -> None:
    with gate() as front:
        sock = front.connect()
        sock.sendall(call(front, "hang", stateless=True)[:-5])
        vanish(sock)
        assert front.call("tools/list").status == 200
        assert not arrived(front, "hang")


def test_a_listener_that_leaves_is_listened_for_no_more() -> None:
    with gate() as front:
        headers = {"Accept": "text/event-stream", "Mcp-Session-Id": "sealed-1"}
        sock = front.connect()
        sock.sendall(front.bytes_of(b"", "GET", "/mcp", headers))
        read_until(sock, b"\r\n\r\n")
        vanish(sock)
        front.relay.wait_for(lambda: front.relay.listening == 0)
        assert front.idle()


def test_a_reader_that_is_slow_slows_only_its_own_call() -> None:
    count, size = 200, 100_000
    with gate() as front, front.connect() as slow:
        slow.sendall(call(front, "flood", stateless=True, count=count, size=size))
        read_until(slow, b"\r\n\r\n")
        for _ in range(20):
            assert front.call("tools/list").status == 200
        assert front.relay.flooded < count, "messages piled up between server and client"
        assert len(read_all(slow)) > count * size * 9 // 10
        assert front.relay.flooded == count


def test_a_reader_that_does_not_read_at_all_is_cut_off() -> None:
    with gate(stall_seconds=1) as front, front.connect() as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.sendall(call(front, "flood", stateless=True, count=1000, size=100_000))
        front.relay.wait_for(lambda: front.relay.cancelled == ["flood"])
        assert front.idle()


def test_a_large_answer_waits_for_a_slow_reader_but_not_for_one_that_stopped() -> None:
    with gate(idle_seconds=1) as front, front.connect() as sock:
        wanted = call(front, "large", stateless=True).replace(b"Connection: close\r\n", b"")
        sock.sendall(wanted)
        read_until(sock, b"\r\n\r\n")
        assert front.deserted(), "a connection that nobody reads is kept"
        assert len(read_all(sock)) < LARGE
        with front.connect() as slow:
            slow.sendall(wanted)
            got = 0
            while got < LARGE:
                # Each piece is less than the server has to send in a second, and more than nothing.
                got += len(slow.recv(65536))
        assert front.idle()


def test_silence_is_filled_with_comments() -> None:
    with gate(keep_alive_seconds=1) as front, front.connect() as sock:
        sock.sendall(call(front, "hang", stateless=True))
        begun = read_until(sock, b"\r\n:\n\n")
        assert b"text/event-stream" in begun
        read_until(sock, b"\r\n:\n\n", begun.partition(b":\n\n")[2])


def test_a_stream_ends_with_the_token_that_opened_it() -> None:
    with gate(recheck_seconds=1) as front, front.connect() as sock:
        headers = {"Accept": "text/event-stream", "Mcp-Session-Id": "sealed-1"}
        sock.sendall(front.bytes_of(b"", "GET", "/mcp", headers))
        begun = read_until(sock, b"\r\n\r\n")
        front.callers.seen.clear()
        front.callers.verified.clear()
        assert front.callers.verified.wait(20), "a token that was forgotten is verified again"
        assert front.relay.listening == 1
        del front.callers.tokens["Bearer ann"]
        front.callers.seen.clear()
        assert parse(begun + read_all(sock)).status == 200
        front.relay.wait_for(lambda: front.relay.listening == 0)


@pytest.mark.parametrize("stateless", [True, False])
def test_an_answer_that_streams_ends_with_the_token_that_asked_for_it(*, stateless: bool) -> None:
    with gate(recheck_seconds=1, linger_seconds=1000) as front, front.connect() as sock:
        sock.sendall(call(front, "hang_after_progress", stateless=stateless))
        begun = read_until(sock, b"notifications/progress")
        del front.callers.tokens["Bearer ann"]
        front.callers.seen.clear()
        assert len(parse(begun + read_all(sock)).events) == 1
        assert front.relay.cancelled == ["hang_after_progress"]
        assert front.idle()


def test_requests_beyond_the_rate_are_told_when_to_come_back() -> None:
    with gate(requests_per_minute=3) as front:
        assert [front.call("ping").status for _ in range(3)] == [200] * 3
        reply = front.call("ping")
        assert reply.status == 429
        assert 0 < int(reply.headers["retry-after"]) <= 20
        assert front.call("ping", headers={"Authorization": "Bearer bob"}).status == 200


def test_calls_at_once_are_limited_for_one_caller_and_may_still_be_cancelled() -> None:
    with gate(calls_per_caller=2) as front:
        held = [front.connect() for _ in range(2)]
        for sock in held:
            sock.sendall(call(front, "hang", stateless=True))
        front.relay.wait_for(lambda: len(front.relay.inbounds) == 2)
        reply = front.call("tools/list")
        assert (reply.status, reply.headers["retry-after"]) == (429, "1")
        notice = {"jsonrpc": "2.0", "method": "notifications/cancelled"}
        assert front.request(json.dumps(notice).encode()).status == 202
        assert front.call("tools/list", headers={"Authorization": "Bearer bob"}).status == 200
        for sock in held:
            sock.close()
        front.relay.wait_for(lambda: len(front.relay.cancelled) == 2)
        assert front.idle()
        assert front.call("tools/list").status == 200


def test_streams_are_limited_for_one_caller() -> None:
    with gate(streams_per_caller=2) as front:
        headers = {"Accept": "text/event-stream", "Mcp-Session-Id": "sealed-1"}
        wanted = front.bytes_of(b"", "GET", "/mcp", headers)
        held = [front.connect() for _ in range(2)]
        for sock in held:
            sock.sendall(wanted)
            assert b" 200 " in read_until(sock, b"\r\n\r\n")
        assert parse(front.raw(wanted)).status == 429
        assert front.request(method="GET", path="/sse").status == 429
        for sock in held:
            vanish(sock)
        front.relay.wait_for(lambda: front.relay.listening == 0)
        assert front.idle()


def test_many_streams_at_once() -> None:
    count = 200
    with gate() as front:
        held = []
        for number in range(count):
            sock = front.connect()
            headers = {"Accept": "text/event-stream", "Mcp-Session-Id": f"sealed-{number}"}
            sock.sendall(front.bytes_of(b"", "GET", "/mcp", headers))
            held.append(sock)
        front.relay.wait_for(lambda: front.relay.listening == count)
        front.push("sealed-150", {"jsonrpc": "2.0", "method": "only/you"})
        assert b"only/you" in read_until(held[150], b"only/you")
        assert front.call("tools/list").status == 200
        for sock in held:
            sock.close()
        front.relay.wait_for(lambda: front.relay.listening == 0)
        assert front.idle()


def test_the_server_stops_although_streams_are_open() -> None:
    with gate() as front:
        sock = front.connect()
        headers = {"Accept": "text/event-stream", "Mcp-Session-Id": "sealed-1"}
        sock.sendall(front.bytes_of(b"", "GET", "/mcp", headers))
        begun = read_until(sock, b"\r\n\r\n")
        assert b" 200 " in begun
    assert read_all(sock) is not None
    sock.close()


def test_the_server_stops_although_a_client_is_subscribed() -> None:
    with gate() as front, front.connect() as sock:
        body, headers = modern("subscriptions/listen")
        sock.sendall(front.bytes_of(body, "POST", "/mcp", headers))
        begun = read_until(sock, b"acknowledged")
        front.stop()
        assert len(parse(begun + read_all(sock)).events) == 1


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_the_rate_is_refilled_evenly_and_never_beyond_a_minute() -> None:
    clock = Clock()
    limiter = Limiter(Limits(requests_per_minute=60), clock)

    def let_in() -> int:
        count = 0
        while limiter.begin_call("ann") is None:
            limiter.end_call("ann")
            count += 1
        return count

    assert let_in() == 60
    clock.at = 1.0
    assert let_in() == 1
    clock.at = 0.5
    assert let_in() == 0, "a clock that jumps back gives nothing"
    clock.at = 11.0
    assert let_in() == 10
    clock.at = 10_000.0
    assert let_in() == 60


def test_callers_are_forgotten_only_once_that_gives_them_nothing() -> None:
    clock = Clock()
    limiter = Limiter(Limits(requests_per_minute=60), clock)
    for number in range(MOST_REMEMBERED):
        assert limiter.begin_call(f"caller {number}") is None
        if number:
            limiter.end_call(f"caller {number}")
    while limiter.begin_call("caller 1") is None:
        limiter.end_call("caller 1")
    clock.at = 5.0
    limiter.begin_call("one more")
    assert limiter.begin_call("caller 0") is None
    assert [limiter.begin_call("caller 1") for _ in range(5)] == [None] * 5
    assert limiter.begin_call("caller 1") is not None


def test_all_callers_together_are_limited() -> None:
    limiter = Limiter(Limits(calls=2, streams=2), Clock())
    assert [limiter.begin_call(one) for one in ("a", "b")] == [None, None]
    assert limiter.begin_call("c") is not None
    limiter.end_call("a")
    assert limiter.begin_call("c") is None
    assert [limiter.begin_stream(one) for one in ("a", "b")] == [None, None]
    assert limiter.begin_stream("c") is not None
    limiter.end_stream("b")
    assert limiter.begin_stream("c") is None
