"""JSON-RPC is read strictly, and both eras are framed as their revisions say."""

from __future__ import annotations

import pytest

from ostiary.model.json import JsonObject, JsonValue
from ostiary.wire import handshake, jsonrpc, stateless
from ostiary.wire.jsonrpc import Call, Failure, Malformed, Notice, Result
from ostiary.wire.sse import Event, EventReader, TooLargeEvent


def message(**fields: JsonValue) -> JsonObject:
    return {"jsonrpc": "2.0", **fields}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (message(id=1, result={"a": 1}), Result(1, {"a": 1})),
        (message(id="x", result={}), Result("x", {})),
        (message(id=1, error={"code": -1, "message": "m"}), Failure(1, -1, "m")),
        (message(id=None, error={"code": -1, "message": "m"}), Failure(None, -1, "m")),
        (message(id=1, method="ping"), Call(1, "ping")),
        (message(method="n", params={"p": 1}), Notice("n", {"p": 1})),
    ],
)
def test_messages_are_told_apart(value: JsonValue, expected: object) -> None:
    assert jsonrpc.read(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        3,
        {},
        {"id": 1, "result": {}},
        {"jsonrpc": "1.0", "id": 1, "result": {}},
        message(id=1),
        message(id=1, result={}, error={"code": 1, "message": ""}),
        message(id=True, result={}),
        message(id=1.0, result={}),
        message(id=None, result={}),
        message(result={}),
        message(id=1, result=[]),
        message(id=1, error={"code": "1", "message": ""}),
        message(id=1, error={"code": True, "message": ""}),
        message(id=1, error={"code": 1}),
        message(id=1, error="no"),
        message(method=3),
        message(method="m", result={}),
        message(method="m", id=None),
        message(method="m", id=False),
        message(method="m", params=3),
    ],
)
def test_what_is_no_message_is_malformed(value: JsonValue) -> None:
    assert isinstance(jsonrpc.read(value), Malformed)


def test_a_batch_is_its_messages() -> None:
    batch: JsonValue = [message(id=1, result={}), 3]
    assert [type(one) for one in jsonrpc.messages(batch)] == [Result, Malformed]
    assert isinstance(jsonrpc.messages([])[0], Malformed)


def test_every_stateless_request_says_its_revision() -> None:
    params = stateless.enveloped({"cursor": "c", "_meta": {"kept": 1}}, {"name": "me"})
    assert params == {
        "cursor": "c",
        "_meta": {
            "kept": 1,
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": "me"},
        },
    }


def test_a_hello_in_unreadable_form_is_told() -> None:
    hello = handshake.read_hello({"protocolVersion": 3, "instructions": ["x"], "capabilities": 1})
    assert hello.revision is None
    assert hello.problems == ("instructions: not a text", "capabilities: not an object")
    assert hello.meta["instructions"] == ["x"]


def read_events(*chunks: bytes) -> list[Event]:
    reader = EventReader(100)
    return [event for chunk in chunks for event in reader.feed(chunk)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_events_are_read_however_they_are_cut(end: bytes) -> None:
    stream = (
        end.join(
            (
                b"\xef\xbb\xbf: comment",
                b"event: endpoint",
                b"data:/x",
                b"",
                b"data: a",
                b"data:  b",
                b"id: 1",
            )
        )
        + end
        + end
        + b"data"
        + end
        + end
        + b"event: lost"
        + end
        + end
    )
    expected = [Event("endpoint", b"/x"), Event("message", b"a\n b"), Event("message", b"")]
    assert read_events(stream) == expected
    assert read_events(*(stream[i : i + 1] for i in range(len(stream)))) == expected
    assert read_events(*(stream[i : i + 7] for i in range(0, len(stream), 7))) == expected


@pytest.mark.parametrize(
    "chunks", [[b"data: " + b"x" * 200], [b"data: xxxxxxxxxxxxxxxx\n"] * 9, [b"x" * 60] * 2]
)
def test_an_event_has_a_size(chunks: list[bytes]) -> None:
    with pytest.raises(TooLargeEvent):
        read_events(*chunks)
