"""Attacks on the front in raw bytes: smuggling, header games, rebinding, oversize, slowness."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from gateway.downstream_parts import Gate, gate, modern, parse, read_all, read_until

BODY = b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
SIZE = len(BODY)
CHUNKED = b"%x\r\n%b\r\n0\r\n\r\n" % (SIZE, BODY)
LENGTH = b"Content-Length: %d\r\n" % SIZE


@pytest.fixture(scope="module")
def front() -> Iterator[Gate]:
    with gate() as running:
        yield running


def head(front: Gate, line: bytes = b"POST /mcp HTTP/1.1") -> bytes:
    return (
        line + b"\r\nHost: 127.0.0.1:%d\r\n"
        b"Authorization: Bearer ann\r\nAccept: */*\r\nContent-Type: application/json\r\n"
        b"Connection: close\r\n" % front.port
    )


@pytest.mark.parametrize(
    ("framing", "body"),
    [
        (LENGTH + b"Transfer-Encoding: chunked\r\n", CHUNKED),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", CHUNKED),
        (LENGTH + LENGTH, BODY),
        (LENGTH + b"Content-Length: 1\r\n", BODY),
        (b"Content-Length: %d, %d\r\n" % (SIZE, SIZE), BODY),
        (b"Content-Length: +%d\r\n" % SIZE, BODY),
        (b"Content-Length: -1\r\n", BODY),
        (b"Content-Length: 0x2e\r\n", BODY),
        (b"Content-Length: 99999999999999999999999\r\n", BODY),
        (b"Content-Length : %d\r\n" % SIZE, BODY),
        (b"Content-Length: %d\r\n 0\r\n" % SIZE, BODY),
        (b"Transfer-Encoding: gzip, chunked\r\n", CHUNKED),
        (b"Transfer-Encoding: chunked, identity\r\n", CHUNKED),
        (b"Transfer-Encoding: xchunked\r\n", CHUNKED),
        (b"Transfer-Encoding:\x0bchunked\r\n", CHUNKED),
        (b"Transfer-Encoding : chunked\r\n", CHUNKED),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", CHUNKED),
        (b"Transfer-Encoding: chunked\r\n", b"0x%x\r\n%b\r\n0\r\n\r\n" % (SIZE, BODY)),
        (b"Transfer-Encoding: chunked\r\n", b"%x\n%b\r\n0\r\n\r\n" % (SIZE, BODY)),
        (b"Transfer-Encoding: chunked\r\n", b"%x\r\n%b0\r\n\r\n" % (SIZE, BODY)),
        (b"Connection: Upgrade\r\nUpgrade: h2c\r\n" + LENGTH, BODY),
        (b"Connection: Upgrade\r\nUpgrade: websocket\r\n" + LENGTH, BODY),
        (b"X: a\0b\r\n" + LENGTH, BODY),
        (b"X: a\rY: b\r\n" + LENGTH, BODY),
        (b"X y: a\r\n" + LENGTH, BODY),
        (b": a\r\n" + LENGTH, BODY),
    ],
)
def test_a_request_that_two_readers_could_read_in_two_ways(
    front: Gate, framing: bytes, body: bytes
) -> None:
    """One refusal, the connection closed, and what follows is not taken for a request."""
    before = len(front.relay.inbounds)
    hidden = head(front) + LENGTH + b"\r\n" + BODY
    out = front.raw(head(front) + framing + b"\r\n" + body + hidden)
    assert out.startswith(b"HTTP/1.1 400 ")
    assert out.count(b"HTTP/1.1 ") == 1
    assert len(front.relay.inbounds) == before


def test_line_feeds_alone_end_no_line(front: Gate) -> None:
    data = head(front).replace(b"\r\n", b"\n") + LENGTH + b"\r\n" + BODY
    assert front.raw(data).startswith(b"HTTP/1.1 400 ")


def test_a_chunked_body_is_one_body(front: Gate) -> None:
    out = front.raw(head(front) + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED)
    assert out.startswith(b"HTTP/1.1 200 ")


def test_trailers_are_no_headers(front: Gate) -> None:
    plain = head(front).replace(b"Authorization: Bearer ann\r\n", b"")
    trailer = b"Authorization: Bearer ann\r\nMcp-Session-Id: sealed-1\r\n\r\n"
    chunked = b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED[:-2] + trailer
    assert front.raw(plain + chunked).startswith(b"HTTP/1.1 401 ")
    assert front.raw(head(front) + chunked).startswith(b"HTTP/1.1 200 ")
    assert front.relay.inbounds[-1].session == ""


@pytest.mark.parametrize(
    "name",
    [
        *("Host", "Origin", "Authorization", "Content-Type", "Mcp-Session-Id", "Mcp-Name"),
        *("MCP-Protocol-Version", "Mcp-Method", "Mcp-Param-Region"),
    ],
)
def test_headers_that_occur_twice(front: Gate, name: str) -> None:
    before = len(front.relay.inbounds)
    values = {"Host": f"127.0.0.1:{front.port}", "Authorization": "Bearer bob"}
    line = f"{name}: {values.get(name, 'x')}\r\n{name.swapcase()}: y\r\n".encode()
    out = front.raw(head(front) + line + LENGTH + b"\r\n" + BODY)
    assert out.startswith(b"HTTP/1.1 400 ")
    assert b"twice" in out
    assert len(front.relay.inbounds) == before


@pytest.mark.parametrize(
    "line",
    [
        b"POST http://127.0.0.1/mcp HTTP/1.1",
        b"POST http://evil.example/mcp HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"CONNECT 127.0.0.1:80 HTTP/1.1",
        b"PRI * HTTP/2.0",
        b"POST mcp HTTP/1.1",
        b"POST /mcp HTTP/9.9",
        b"POST /\xff HTTP/1.1",
    ],
)
def test_targets_that_are_no_path(front: Gate, line: bytes) -> None:
    out = front.raw(head(front, line) + LENGTH + b"\r\n" + BODY)
    assert out.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost:1", ""),
        *("localhost:{port}:{port}", "127.0.0.1.evil.example:{port}", "localhost.:{port}"),
        *("user@localhost:{port}", "localhost:{port}, evil.example", "0.0.0.0:{port}", "[::]:1"),
        *("127.0.0.1:{port}/x", "127.1:{port}", "2130706433:{port}", "localhost:0{port}"),
    ],
)
@pytest.mark.parametrize("path", ["/mcp", "/sse", "/messages/x", "/nothing"])
def test_names_pointed_at_this_machine(front: Gate, host: str, path: str) -> None:
    """DNS rebinding: the page's own name is in the request, and is none of ours."""
    name = host.format(port=front.port)
    assert front.call("tools/list", path=path, headers={"Host": name}).status == 421


def test_a_request_without_host(front: Gate) -> None:
    assert front.call("tools/list", drop=("Host",)).status == 421


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
def test_loopback_names_at_our_port(front: Gate, name: str) -> None:
    headers = {"Host": f"{name}:{front.port}", "Origin": f"http://{name}:{front.port}"}
    reply = front.call("tools/list", headers=headers)
    assert reply.status == 200
    assert reply.headers["access-control-allow-origin"] == headers["Origin"]
    assert reply.headers["vary"] == "origin"


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.example", "null", "http://localhost", "http://localhost:1", "file://", ""),
        *("http://localhost:{port}.evil.example", "https://localhost:{port}", "*"),
        *("http://localhost:{port}@evil.example", "http://localhost:{port}, http://evil.example"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "OPTIONS", "GET", "DELETE"])
def test_pages_of_other_sites(front: Gate, origin: str, method: str) -> None:
    before = len(front.relay.inbounds)
    origin = origin.format(port=front.port)
    reply = front.request(BODY, method=method, headers={"Origin": origin})
    assert reply.status == 403
    assert "access-control-allow-origin" not in reply.headers
    assert len(front.relay.inbounds) == before


def test_a_page_that_is_let_in_may_ask_first(front: Gate) -> None:
    headers = {"Origin": f"http://localhost:{front.port}", "Access-Control-Request-Method": "POST"}
    reply = front.request(method="OPTIONS", headers=headers, drop=("Authorization",))
    assert reply.status == 204
    assert "authorization" in reply.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Mcp-Method": "prompts/get"},
        {"Mcp-Name": "other"},
        {"Mcp-Name": "=?base64?b3RoZXI=?="},
        {"Mcp-Name": "=?base64?ZWNobw?="},
        {"Mcp-Name": "=?base64?!!!!?="},
        {"Mcp-Name": "=?base64?/w==?="},
        {"Mcp-Name": "ech\xf6"},
        {"Mcp-Name": "ECHO"},
        {"MCP-Protocol-Version": "2025-11-25"},
        {"MCP-Protocol-Version": "2099-01-01"},
    ],
)
def test_head_and_body_that_disagree(front: Gate, headers: dict[str, str]) -> None:
    before = len(front.relay.inbounds)
    reply = front.stateless("tools/call", {"name": "echo"}, headers)
    assert (reply.status, reply.code, reply.json["id"]) == (400, -32020, 1)
    assert len(front.relay.inbounds) == before


@pytest.mark.parametrize("name", ["MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"])
def test_a_head_that_says_too_little(front: Gate, name: str) -> None:
    reply = front.stateless("tools/call", {"name": "echo"}, drop=(name,))
    assert (reply.status, reply.code) == (400, -32020)


def test_white_space_around_a_value_is_none_of_it(front: Gate) -> None:
    headers = {"Mcp-Name": " \t echo \t "}
    assert front.stateless("tools/call", {"name": "echo"}, headers).status == 200
    headers = {"Mcp-Name": "=?base64?ZWNobw==?="}
    assert front.stateless("tools/call", {"name": "echo"}, headers).status == 200


def test_a_body_that_is_said_to_be_too_large_is_not_read() -> None:
    with gate(body_bytes=1000) as front:
        declared = head(front) + b"Content-Length: 1001\r\n\r\n"
        assert parse(front.raw(declared)).status == 413
        chunked = head(front) + b"Transfer-Encoding: chunked\r\n\r\n"
        large = chunked + b"3e9\r\n" + b"x" * 1001 + b"\r\n"
        assert parse(front.raw(large)).status == 413
        just = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "x", "params": {"p": ""}})
        assert front.request(just.encode().ljust(1000)).status == 200


def test_headers_without_end() -> None:
    with gate(header_bytes=2000, header_count=50) as front:
        start = head(front) + b"X: "
        with front.connect() as sock:
            sock.sendall(start)
            for _ in range(200):
                try:
                    sock.sendall(b"y" * 1000)
                except OSError:
                    break
            assert read_all(sock)[:13] in (b"HTTP/1.1 431 ", b"")
        long = start + b"y" * 2000 + b"\r\n" + LENGTH + b"\r\n" + BODY
        assert parse(front.raw(long)).status == 431
        many = b"".join(b"X-%d: y\r\n" % number for number in range(60))
        assert parse(front.raw(head(front) + many + LENGTH + b"\r\n" + BODY)).status == 431
        target = head(front, b"POST /mcp?" + b"q" * 9000 + b" HTTP/1.1")
        assert parse(front.raw(target + LENGTH + b"\r\n" + BODY)).status in (414, 431)
        assert parse(front.raw(head(front) + LENGTH + b"\r\n" + BODY)).status == 200


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"\r\n",
        b"POST /mc",
        b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        (
            b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer ann\r\n"
            b"Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
        ),
        b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 50\r\n\r\n{",
    ],
)
def test_a_request_that_never_ends_is_cut_off(part: bytes) -> None:
    with gate(read_seconds=1) as front, front.connect() as sock:
        sock.sendall(part.replace(b"%d", b"%d" % front.port))
        out = read_all(sock)
        assert b"200 OK" not in out
        assert front.relay.inbounds == []


def test_a_connection_may_rest_between_two_requests_but_not_forever() -> None:
    with gate(idle_seconds=1, read_seconds=1) as front, front.connect() as sock:
        sock.sendall(front.bytes_of(BODY, "POST", "/mcp", {"Connection": "keep-alive"}))
        answered = read_until(sock, b'"cacheScope": "private"}}')
        assert answered.startswith(b"HTTP/1.1 200 ")
        assert read_all(sock) == b""


def test_connections_beyond_the_limit_are_told_so() -> None:
    with gate(connections=3) as front:
        held = [front.connect() for _ in range(3)]
        for sock in held:
            sock.sendall(front.bytes_of(BODY, "POST", "/mcp", {"Connection": "keep-alive"}))
            read_until(sock, b'"cacheScope": "private"}}')
        assert parse(front.raw(b"")).status == 503
        for sock in held:
            sock.close()
        assert _in_time(front)


def _in_time(front: Gate) -> bool:
    """Whether a place becomes free once others left it."""
    for _ in range(1000):
        try:
            if front.call("tools/list").status == 200:
                return True
        except (OSError, IndexError):
            continue
    return False


def test_no_secret_is_in_a_refusal(front: Gate) -> None:
    secret = "Bearer sk-very-secret"
    for path in ("/mcp", "/sse", "/messages/x", "/nothing"):
        reply = front.call("tools/list", path=path, headers={"Authorization": secret})
        assert b"secret" not in reply.body
        assert "secret" not in str(reply.headers)


def test_noise_of_any_kind_leaves_the_server_up(front: Gate) -> None:
    for noise in (b"\x16\x03\x01\x02\x00\x01\x00", b"\0" * 100, b"GET", b"\r\n" * 50, b"A" * 5000):
        with front.connect() as sock:
            sock.sendall(noise)
            sock.shutdown(socket.SHUT_WR)
            read_all(sock)
    assert front.call("tools/list").status == 200


def test_a_message_for_another_server_stays_on_its_path(front: Gate) -> None:
    """A name in the head cannot lead a message past the path it was posted to."""
    body, headers = modern("tools/call", {"name": "files__echo"})
    assert front.request(body, path="/mcp/other", headers=headers).status == 200
    assert front.relay.inbounds[-1].endpoint == "other"
