"""Streamable HTTP towards clients: both eras on one path, JSON or a stream, and refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from gateway.downstream_parts import ANN, ENVELOPE, Gate, gate, modern, parse, read_all, read_until
from ostiary.gateway.ports import Era

ACCEPT = "application/json, text/event-stream"


@pytest.fixture(scope="module")
def front() -> Iterator[Gate]:
    with gate() as running:
        yield running


def test_a_request_of_the_handshake_era(front: Gate) -> None:
    reply = front.call(
        "tools/list", headers={"Mcp-Session-Id": "sealed-x", "MCP-Protocol-Version": "2025-06-18"}
    )
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.json["result"]["tools"][0]["name"] == "echo"
    inbound = front.relay.inbounds[-1]
    assert (inbound.principal, inbound.endpoint, inbound.era) == (ANN, "", Era.HANDSHAKE)
    assert (inbound.session, inbound.revision) == ("sealed-x", "2025-06-18")
    assert inbound.transport == "http"


def test_a_request_of_the_stateless_era_for_one_server(front: Gate) -> None:
    headers = {"Mcp-Param-Region": "eu", "Mcp-Session-Id": "is ignored"}
    reply = front.stateless("tools/call", {"name": "echo"}, headers, path="/mcp/files")
    assert reply.status == 200
    assert "mcp-session-id" not in reply.headers
    inbound = front.relay.inbounds[-1]
    assert (inbound.endpoint, inbound.era, inbound.session) == ("files", Era.STATELESS, "")
    assert inbound.revision == "2026-07-28"
    assert inbound.headers == (("mcp-param-region", "eu"),)
    assert inbound.message["params"] == {"name": "echo", "_meta": ENVELOPE}


def test_a_session_id_is_given_with_the_answer_that_opens_it(front: Gate) -> None:
    reply = front.call("initialize", {"protocolVersion": "2025-11-25"})
    assert reply.headers["mcp-session-id"].startswith("sealed-")
    assert reply.headers["content-type"] == "application/json"


def test_a_session_id_is_given_although_something_comes_before_the_answer(front: Gate) -> None:
    reply = front.call("initialize", {"chatty": True})
    assert reply.headers["content-type"] == "text/event-stream"
    assert reply.headers["mcp-session-id"].startswith("sealed-")
    assert [one.get("method") for one in reply.events] == ["notifications/progress", None]


def test_what_comes_before_the_answer_makes_it_a_stream(front: Gate) -> None:
    reply = front.stateless("tools/call", {"name": "progress"})
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/event-stream"
    assert reply.headers["x-accel-buffering"] == "no"
    assert reply.headers["cache-control"] == "no-store"
    texts = [one["params"]["message"] for one in reply.events[:-1]]
    assert texts == ["step 0", "step 1", "step 2"]
    assert reply.events[-1]["id"] == 1


def test_the_status_of_an_error_is_kept(front: Gate) -> None:
    reply = front.stateless("tools/call", {"name": "missing"})
    assert (reply.status, reply.code) == (404, -32601)


def test_notifications_and_answers_of_the_handshake_era_are_accepted(front: Gate) -> None:
    for message in (
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 5, "result": {}},
        {"jsonrpc": "2.0", "id": 5, "error": {"code": 1, "message": "no"}},
    ):
        reply = front.request(json.dumps(message).encode())
        assert (reply.status, reply.body) == (202, b"")
        assert front.relay.inbounds[-1].message == message


def test_a_server_may_ask_in_the_middle_of_a_call(front: Gate) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask"}}
    with front.connect() as sock:
        sock.sendall(front.bytes_of(json.dumps(message).encode(), "POST", "/mcp", {}))
        begun = read_until(sock, b'"method":"ping"')
        answer = {"jsonrpc": "2.0", "id": 99, "result": {"said": "yes"}}
        assert front.request(json.dumps(answer).encode()).status == 202
        reply = parse(begun + read_all(sock))
    assert reply.events[-1]["result"]["said"]["result"] == {"said": "yes"}


def test_unasked_messages_come_on_a_stream_of_their_own(front: Gate) -> None:
    before = front.relay.listening
    headers = {"Accept": "text/event-stream", "Mcp-Session-Id": "sealed-get"}
    with front.connect() as sock:
        sock.sendall(front.bytes_of(b"", "GET", "/mcp", headers))
        begun = read_until(sock, b"\r\n\r\n")
        assert b"200 OK" in begun
        assert b"text/event-stream" in begun
        assert front.relay.listening == before + 1
        front.push("sealed-get", {"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
        read_until(sock, b"list_changed", begun)
    front.relay.wait_for(lambda: front.relay.listening == before)


def test_a_stream_for_a_session_that_is_none_is_refused_with_its_status(front: Gate) -> None:
    headers = {"Accept": "text/event-stream", "Mcp-Session-Id": "foreign"}
    assert front.request(method="GET", headers=headers).status == 404
    del headers["Mcp-Session-Id"]
    assert front.request(method="GET", headers=headers).status == 400
    headers |= {"Mcp-Session-Id": "sealed-1", "Accept": "application/json"}
    assert front.request(method="GET", headers=headers).status == 406


def test_a_client_may_end_its_session(front: Gate) -> None:
    assert front.request(method="DELETE", headers={"Mcp-Session-Id": "sealed-9"}).status == 200
    assert front.relay.ended[-1] == "sealed-9"
    assert front.request(method="DELETE").status == 400


@pytest.mark.parametrize(
    ("method", "path", "version", "allow"),
    [
        ("GET", "/mcp", "2026-07-28", "POST"),
        ("DELETE", "/mcp/files", "2026-07-28", "POST"),
        ("PUT", "/mcp", "2025-11-25", "POST, GET, DELETE"),
        ("HEAD", "/mcp", "", "POST, GET, DELETE"),
        ("OPTIONS", "/mcp", "", "POST, GET, DELETE"),
        ("POST", "/sse", "", "GET"),
        ("GET", "/messages/x", "", "POST"),
        ("POST", "/healthz", "", "GET"),
        ("DELETE", "/.well-known/oauth-protected-resource", "", "GET"),
    ],
)
def test_methods_that_a_path_does_not_take(
    front: Gate, method: str, path: str, version: str, allow: str
) -> None:
    headers = {"MCP-Protocol-Version": version} if version else {}
    reply = front.request(method=method, path=path, headers=headers)
    assert (reply.status, reply.headers["allow"]) == (405, allow)


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/mcp/", "/mcp/a/b", "/mcp/A", "/mcp/..", "/mcp/%66iles", "//mcp", "/MCP", "/mcp;x"),
        *("/healthz/x", "/readyz/", "/sse/", "/.well-known", "/.well-known/openid-configuration"),
        "/mcp/" + "a" * 129,
    ],
)
def test_paths_that_lead_nowhere(front: Gate, path: str) -> None:
    before = len(front.relay.inbounds)
    assert front.call("tools/list", path=path).status == 404
    assert front.request(method="GET", path=path).status == 404
    assert len(front.relay.inbounds) == before


def test_a_query_is_no_part_of_the_path(front: Gate) -> None:
    assert front.call("tools/list", path="/mcp?from=somewhere").status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/json-seq"}, 415),
        ({"Content-Type": "application/json; charset=utf-16"}, 415),
        ({"Content-Type": ""}, 415),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "application/json; charset=UTF-8"}, 200),
        ({"Content-Type": "Application/JSON"}, 200),
        ({"Accept": "application/json"}, 406),
        ({"Accept": "text/event-stream"}, 406),
        ({"Accept": "text/html"}, 406),
        ({"Accept": "application/json, text/event-stream;q=0"}, 406),
        ({"Accept": "*/*"}, 200),
        ({"Accept": "text/event-stream;q=0.5,application/*"}, 200),
        ({"Mcp-Session-Id": "two words"}, 400),
        ({"Mcp-Session-Id": "caf\xe9"}, 400),
    ],
)
def test_forms_of_a_request(front: Gate, headers: dict[str, str], status: int) -> None:
    assert front.call("tools/list", headers=headers).status == status


def test_accept_may_be_absent_or_come_in_parts(front: Gate) -> None:
    assert front.call("tools/list", drop=("Accept",)).status == 200
    parts = {"Accept": "application/json", "accept": "text/event-stream"}
    assert front.call("tools/list", headers=parts).status == 200


@pytest.mark.parametrize("token", ["", "Bearer nobody", "Basic YTpi", "bearer ann", "Bearer  ann"])
@pytest.mark.parametrize("path", ["/mcp", "/mcp/files"])
def test_nobody_gets_in_without_a_token(front: Gate, token: str, path: str) -> None:
    before = len(front.relay.inbounds)
    reply = front.call("tools/list", headers={"Authorization": token}, path=path)
    assert (reply.status, reply.headers["www-authenticate"]) == (401, "Bearer")
    assert token == "" or token.encode() not in reply.body
    assert front.callers.paths[-1] == path
    assert len(front.relay.inbounds) == before


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/mcp"), ("DELETE", "/mcp"), ("GET", "/sse"), ("POST", "/messages/unknown")],
)
def test_no_other_door_is_open(front: Gate, method: str, path: str) -> None:
    reply = front.request(method=method, path=path, drop=("Authorization",))
    assert reply.status == 401


def test_a_token_in_the_address_is_none(front: Gate) -> None:
    path = "/mcp?access_token=ann&token=Bearer%20ann"
    assert front.call("tools/list", path=path, drop=("Authorization",)).status == 401


def test_who_is_calling_is_asked_before_the_body_is_read(front: Gate) -> None:
    """The refusal comes although not one byte of the body was sent."""
    with front.connect() as sock:
        headers = {"Authorization": "Bearer nobody", "Content-Length": "1000"}
        sock.sendall(front.bytes_of(b"", "POST", "/mcp", headers))
        assert b" 401 " in read_until(sock, b"\r\n\r\n")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}', -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"a":NaN}}', -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"a":1e999}}', -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"\xff"}', -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"\\ud800"}', -32700),
        (b'\xef\xbb\xbf{"jsonrpc":"2.0","id":1,"method":"ping"}', -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping"} {}', -32700),
        (
            b'{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":' + b"[" * 70 + b"]" * 70 + b"}}",
            -32700,
        ),
        (b"[" * 100_000, -32700),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600),
        (b"[]", -32600),
        (b'"text"', -32600),
        (b'{"id":1,"method":"ping"}', -32600),
        (b'{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":true,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":5}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":null}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"result":{},"error":{}}', -32600),
        (b'{"jsonrpc":"2.0","id":1}', -32600),
    ],
)
def test_bodies_that_are_no_one_message(front: Gate, body: bytes, code: int) -> None:
    before = len(front.relay.inbounds)
    reply = front.request(body)
    assert (reply.status, reply.code) == (400, code)
    assert len(front.relay.inbounds) == before


def test_a_refusal_names_the_request_where_it_can(front: Gate) -> None:
    body = b'{"jsonrpc":"2.0","id":"seven","method":"ping","params":[]}'
    assert front.request(body).json["id"] == "seven"
    reply = front.stateless("tools/list", headers={"Mcp-Method": "tools/call"})
    assert (reply.status, reply.code, reply.json["id"]) == (400, -32020, 1)


def test_fields_that_nobody_knows_reach_the_relay(front: Gate) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "x/y", "odd": [1, {"a": 2**80}], "params": {}}
    assert front.request(json.dumps(message).encode()).status == 200
    assert front.relay.inbounds[-1].message == message


def test_health_needs_no_token_and_tells_nothing(front: Gate) -> None:
    for path in ("/healthz", "/readyz"):
        reply = front.request(method="GET", path=path, drop=("Authorization",))
        assert (reply.status, reply.json) == (200, {"status": "ok"})


def test_probes_are_answered_under_any_name_by_one_word(front: Gate) -> None:
    front.relay.fault = "a secret path cannot be read"
    for headers in ({}, {"Host": "10.0.0.5:8443"}, {"Origin": "https://evil.example"}):
        reply = front.request(method="GET", path="/readyz", headers=headers)
        assert (reply.status, reply.json) == (503, {"status": "unready"})
        assert "access-control-allow-origin" not in reply.headers
        assert front.request(method="GET", path="/healthz", headers=headers).status == 200
    front.relay.fault = ""
    old = front.raw(b"GET /readyz HTTP/1.0\r\n\r\n")
    assert old.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("path", ["", "/mcp", "/mcp/files", "/sse/files"])
def test_protected_resource_metadata(front: Gate, path: str) -> None:
    where = f"/.well-known/oauth-protected-resource{path}"
    reply = front.request(method="GET", path=where, drop=("Authorization",))
    assert (reply.status, reply.json) == (200, {"resource": f"http://gateway{path}"})


def test_one_connection_serves_many_requests(front: Gate) -> None:
    body, headers = modern("tools/call", {"name": "echo"})
    with front.connect() as sock:
        for _ in range(5):
            sock.sendall(
                front.bytes_of(body, "POST", "/mcp", headers | {"Connection": "keep-alive"})
            )
            read_until(sock, b'"resultType": "complete"}}')
        sock.sendall(front.bytes_of(body, "POST", "/mcp", headers))
        assert parse(read_all(sock)).status == 200


def test_requests_sent_in_one_go_are_answered_in_order(front: Gate) -> None:
    first = front.bytes_of(*_plain("tools/list"), {"Connection": "keep-alive"})
    second = front.bytes_of(*_plain("ping"), {})
    answers = front.raw(first + second).split(b"HTTP/1.1 ")[1:]
    assert len(answers) == 2
    assert b'"tools"' in answers[0]
    assert b'"result": {}' in answers[1]


def _plain(method: str) -> tuple[bytes, str, str]:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method}).encode(), "POST", "/mcp"
