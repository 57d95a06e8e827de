"""A client that started the gateway and speaks over its standard streams."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from gateway.downstream_parts import ENVELOPE

ENVELOPED = b'{"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{%b}}}'
HALF = ENVELOPED % b'"io.modelcontextprotocol/protocolVersion":"2026-07-28"'
UNKNOWN = ENVELOPED % (
    b'"io.modelcontextprotocol/protocolVersion":"1999-01-01",'
    b'"io.modelcontextprotocol/clientCapabilities":{}'
)
SERVER = Path(__file__).parent / "downstream_stdio_server.py"


class Client:
    """The other end of the streams."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdin
        assert self.process.stdout
        self.stdin: IO[bytes] = self.process.stdin
        self.stdout: IO[bytes] = self.process.stdout

    def write(self, data: bytes) -> None:
        self.stdin.write(data)
        self.stdin.flush()

    def send(self, method: str, number: int | str | None = 1, **params: Any) -> None:
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
        if number is not None:
            message["id"] = number
        self.write(json.dumps(message).encode() + b"\n")

    def modern(self, method: str, number: int | str = 1, **params: Any) -> None:
        self.send(method, number, _meta=ENVELOPE, **params)

    def next(self) -> Any:
        line = self.stdout.readline()
        assert line.endswith(b"\n")
        return json.loads(line)

    def close(self) -> str:
        """Close the input, wait for the end; what stood on standard error."""
        out, errors = self.process.communicate(timeout=20)
        assert out == b""
        assert self.process.returncode == 0, errors
        return errors.decode()


@pytest.fixture
def client() -> Iterator[Client]:
    one = Client()
    yield one
    one.process.kill()
    one.process.wait(20)
    for pipe in (one.stdin, one.stdout, one.process.stderr):
        if pipe is not None:
            pipe.close()


def test_a_conversation_of_the_handshake_era(client: Client) -> None:
    client.send("initialize", 1, protocolVersion="2025-11-25")
    client.send("notifications/initialized", None)
    client.send("tools/list", 2)
    assert client.next()["id"] == 1
    assert client.next()["result"]["tools"][0]["name"] == "echo"
    client.send("tools/call", "three", name="ask")
    assert client.next()["method"] == "ping"
    client.write(b'{"jsonrpc":"2.0","id":99,"result":{}}\n')
    assert client.next()["id"] == "three"
    assert "ended sealed-1" in client.close()


def test_a_conversation_of_the_stateless_era(client: Client) -> None:
    client.modern("server/discover", 1)
    assert client.next()["result"]["supportedVersions"] == ["2026-07-28"]
    client.modern("tools/call", 2, name="progress")
    assert [client.next().get("method") for _ in range(4)] == ["notifications/progress"] * 3 + [
        None
    ]
    assert "ended" not in client.close()


def test_both_eras_on_one_channel(client: Client) -> None:
    client.modern("tools/list", 1)
    assert client.next()["id"] == 1
    client.send("initialize", 2)
    assert client.next()["id"] == 2
    client.modern("tools/list", 3)
    assert client.next()["id"] == 3
    assert "ended sealed-1" in client.close()


def test_nothing_else_reaches_standard_output(client: Client) -> None:
    client.send("ping")
    assert client.next() == {"jsonrpc": "2.0", "id": 1, "result": {}}
    errors = client.close()
    assert "a library prints" in errors
    assert "another writes" in errors


def test_calls_run_beside_each_other(client: Client) -> None:
    client.send("tools/call", 1, name="hang")
    client.send("ping", 2)
    assert client.next()["id"] == 2
    assert "cancelled hang" in client.close(), "what hangs ends with the input"


def test_a_request_of_the_stateless_era_is_cancelled_by_message(client: Client) -> None:
    client.modern("tools/call", "7", name="hang")
    client.modern("tools/call", 7, name="hang_after_progress")
    assert client.next()["method"] == "notifications/progress"
    client.send("notifications/cancelled", None, requestId=7)
    client.send("notifications/cancelled", None, requestId=8)
    client.send("notifications/cancelled", None, requestId=[7])
    client.send("ping", 9)
    assert client.next()["id"] == 9, "nothing is said about a request that was cancelled"
    assert "cancelled hang_after_progress hang" in client.close(), "7 and '7' are two requests"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", -32700),
        (b"\xff", -32700),
        (b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', -32700),
        (b"[" * 1000, -32700),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600),
        (b'{"id":1,"method":"ping"}', -32600),
        (b'"' + b"x" * 200_000 + b'"', -32600),
        (HALF, -32602),
        (UNKNOWN, -32022),
    ],
)
def test_lines_that_are_no_message(client: Client, line: bytes, code: int) -> None:
    client.write(line + b"\n")
    assert client.next()["error"]["code"] == code
    client.write(b"\r\n\n")
    client.send("ping", 2)
    assert client.next()["id"] == 2
    client.close()


def test_lines_may_come_in_pieces(client: Client) -> None:
    whole = b'{"jsonrpc":"2.0","id":1,"method":"ping"}\r\n{"jsonrpc":"2.0","id":2,"method":"ping"}'
    for position in range(len(whole)):
        client.write(whole[position : position + 1])
    assert client.next()["id"] == 1
    client.write(b"\n")
    assert client.next()["id"] == 2
    client.close()


def test_calls_at_once_are_limited(client: Client) -> None:
    for number in range(8):
        client.send("tools/call", number, name="hang")
    client.send("tools/call", 8, name="hang")
    refused = client.next()
    assert (refused["id"], refused["error"]["code"]) == (8, -32000)
    client.send("notifications/cancelled", None, requestId=0)
    assert client.close().count("hang") == 8


def test_a_reader_that_is_slow_gets_everything(client: Client) -> None:
    client.send("tools/call", 1, name="flood", arguments={"count": 100, "size": 100_000})
    for _ in range(100):
        assert client.next()["method"] == "notifications/progress"
    assert client.next()["id"] == 1
    client.close()


def test_a_reader_that_is_gone(client: Client) -> None:
    client.send("ping")
    client.next()
    client.stdout.close()
    client.send("tools/call", 1, name="flood", arguments={"count": 100, "size": 100_000})
    client.stdin.close()
    assert client.process.stderr
    assert b"Traceback" not in client.process.stderr.read()
    assert client.process.wait(20) == 0
