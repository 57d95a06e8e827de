"""Hostile HTTP servers: every trick ends in a named reason, within its bounds."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler

import pytest

from ostiary.model.client import Transport
from ostiary.model.outcome import NotChecked
from ostiary.model.surface import Surface
from ostiary.probe.record import ProbeLimits, Reach, Target, record
from probe.loopback import Hand, Respond, Seen, by_hand, reply

QUICK = ProbeLimits(total_seconds=12, answer_seconds=1.5, era_seconds=1)
HERE = Reach(allow_private=True)
JSON = "application/json"
TOOL = {"name": "t", "inputSchema": {"type": "object"}}


def run(
    url: str,
    reach: Reach = HERE,
    limits: ProbeLimits = QUICK,
    transport: Transport = Transport.HTTP,
    headers: Mapping[str, str] | None = None,
) -> Surface | NotChecked:
    return record(
        Target("k", "srv", transport, url=url, headers=headers or {}), limits, None, reach
    )


def reason(answer: Surface | NotChecked) -> str:
    assert isinstance(answer, NotChecked), answer
    return answer.reason


def surface(answer: Surface | NotChecked) -> Surface:
    assert isinstance(answer, Surface), answer
    return answer


def message(seen: Seen) -> dict[str, object]:
    found = json.loads(seen.body)
    assert isinstance(found, dict)
    return found


def answer_to(seen: Seen, tools: list[object] | None = None) -> bytes:
    """What an honest stateless server would answer."""
    asked = message(seen)
    if asked["method"] == "server/discover":
        result: dict[str, object] = {
            "supportedVersions": ["2026-07-28"],
            "capabilities": {"tools": {}},
            "resultType": "complete",
        }
    else:
        result = {"tools": [TOOL] if tools is None else tools, "resultType": "complete"}
    return json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}).encode()


def honest(handler: BaseHTTPRequestHandler, seen: Seen) -> None:
    if seen.method != "POST":
        reply(handler, 405)
        return
    reply(handler, 200, answer_to(seen), content_type=JSON)


def always(status: int, body: bytes = b"", **headers: str) -> Respond:
    return lambda handler, _: reply(handler, status, body, **headers)


def test_an_honest_server_by_hand_is_recorded() -> None:
    with by_hand(honest) as hand:
        found = surface(run(f"{hand.origin}/mcp"))
    assert [tool.name for tool in found.tools] == ["t"]
    assert not found.missing


@pytest.mark.parametrize("status", [401, 403])
def test_a_server_that_asks_for_credentials_is_not_checked_with_a_way_on(status: int) -> None:
    with by_hand(always(status, WWW_Authenticate="Bearer realm=x")) as hand:
        bare = run(hand.origin)
        given = run(hand.origin, headers={"Authorization": "Bearer expired-token"})
    assert reason(bare) == f"it asks for credentials (HTTP {status}, Bearer)"
    assert isinstance(bare, NotChecked)
    assert "--grant srv:headers" in bare.remedy
    assert "does not accept the configured ones" in reason(given)
    assert "expired-token" not in repr(given)


def test_no_header_is_sent_that_was_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with by_hand(honest) as hand:
        surface(run(hand.origin))
        surface(run(hand.origin, headers={"X-Api-Key": "given", "Host": "evil.example"}))
    first, last = hand.seen[0], hand.seen[-1]
    assert sorted(first.headers) == [
        "accept",
        "accept-encoding",
        "content-length",
        "content-type",
        "host",
        "mcp-method",
        "mcp-protocol-version",
        "user-agent",
    ]
    assert last.headers["x-api-key"] == "given"
    assert last.headers["host"] == hand.origin.removeprefix("http://")


def test_private_addresses_need_a_yes() -> None:
    with by_hand(honest) as hand:
        answer = run(hand.origin, Reach())
        assert not hand.seen
    assert reason(answer) == "127.0.0.1 is at 127.0.0.1, which is loopback"
    assert isinstance(answer, NotChecked)
    assert "--allow-private" in answer.remedy


def test_a_redirect_to_the_metadata_service_is_refused_even_with_a_yes() -> None:
    with by_hand(always(307, Location="http://169.254.169.254/latest/meta-data")) as hand:
        assert "169.254.169.254, which is link-local" in reason(run(hand.origin))


def test_a_redirect_from_a_public_name_into_a_private_network_is_refused() -> None:
    with by_hand(honest) as inner, by_hand(always(307, Location=inner.origin)) as outer:
        # The name counts as public: its address is checked as 192.0.43.10 and dialled as loopback.
        port = outer.origin.rpartition(":")[2]
        with dialled_as_loopback():
            answer = run(f"http://public.example:{port}", Reach(True, lambda *_: ["192.0.43.10"]))
        assert not inner.seen
    assert "127.0.0.1, which is loopback" in reason(answer)


class dialled_as_loopback:  # noqa: N801
    """Sends what leaves for 192.0.43.10 to this machine, below everything that is tested."""

    def __enter__(self) -> None:
        self._real = socket.create_connection

        def connect(address: tuple[str, int], *rest: object, **more: object) -> socket.socket:
            host = "127.0.0.1" if address[0] == "192.0.43.10" else address[0]
            return self._real((host, address[1]), *rest, **more)  # type: ignore[arg-type]

        socket.create_connection = connect  # type: ignore[assignment]

    def __exit__(self, *_: object) -> None:
        socket.create_connection = self._real


def test_the_name_is_resolved_once_so_that_rebinding_changes_nothing() -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    def one_at_a_time(handler: BaseHTTPRequestHandler, seen: Seen) -> None:
        reply(handler, 200, answer_to(seen), content_type=JSON, Connection="close")

    with by_hand(one_at_a_time) as hand:
        port = hand.origin.rpartition(":")[2]
        found = surface(run(f"http://rebind.example:{port}/", Reach(True, rebinding)))
    assert asked == ["rebind.example"]
    assert [tool.name for tool in found.tools] == ["t"]
    assert {seen.headers["host"] for seen in hand.seen} == {f"rebind.example:{port}"}


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    reach = Reach(resolve=lambda *_: ["93.184.215.14", "10.0.0.7"])
    assert "10.0.0.7, which is private" in reason(run("https://mixed.example/", reach))


def test_redirects_are_followed_three_times_and_keep_the_method() -> None:
    def onward(handler: BaseHTTPRequestHandler, seen: Seen) -> None:
        step = int(seen.path.strip("/") or 0)
        if step == 0:
            honest(handler, seen)
        else:
            reply(handler, 308, Location=f"/{step - 1 or ''}")

    with by_hand(onward) as hand:
        assert surface(run(f"{hand.origin}/3", headers={"X-Api-Key": "k"})).tools
        assert {seen.method for seen in hand.seen} == {"POST"}
        assert {seen.headers.get("x-api-key") for seen in hand.seen} == {"k"}
        assert "more than 3 times" in reason(run(f"{hand.origin}/4"))


def test_credentials_never_cross_to_another_origin() -> None:
    with by_hand(honest) as elsewhere:
        with by_hand(always(307, Location=f"{elsewhere.origin}/x")) as hand:
            found = surface(run(hand.origin, headers={"Authorization": "Bearer s3cret-token"}))
        assert found.tools
        assert elsewhere.seen
        assert all("authorization" not in seen.headers for seen in elsewhere.seen)
    assert hand.seen[0].headers["authorization"] == "Bearer s3cret-token"


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("ftp://127.0.0.1/", "neither http nor https"),
        ("http://user:pw@127.0.0.1/", "user name or password"),
        ("file:///etc/passwd", "neither http nor https"),
    ],
)
def test_redirects_to_other_kinds_of_places_are_refused(location: str, why: str) -> None:
    with by_hand(always(307, Location=location)) as hand:
        assert why in reason(run(hand.origin))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://x.example/", "neither http nor https"),
        ("https://user:secret@x.example/", "user name or password"),
        ("https://x.example/\r\nHost: y", "characters"),
        ("https://x.example:99999/", "cannot be read"),
        ("https://x.example:0/", "port 0"),
        ("https:///path", "no valid host"),
        ("https://${HOST}/", "characters"),
        ("http://2130706433/", "loopback"),
        ("http://0x7f.1/", "loopback"),
        ("http://localhost/", "loopback"),
        ("http://[::ffff:127.0.0.1]/", "loopback"),
        ("http://[::1%25lo]/", "no valid host"),
    ],
)
def test_urls_that_no_scan_should_call(url: str, why: str) -> None:
    found = reason(run(url, Reach()))
    assert why in found
    assert "secret" not in found


def test_a_compressed_bomb_is_cut_where_the_limit_is() -> None:
    bomb = gzip.compress(b" " * 300_000_000, 1)
    limits = ProbeLimits(20, 10, 10, message_bytes=2_000_000)
    with by_hand(always(200, bomb, content_type=JSON, Content_Encoding="gzip")) as hand:
        assert "larger than 2,000,000 bytes" in reason(run(hand.origin, limits=limits))


def test_honest_compression_is_read_and_unasked_coding_is_refused() -> None:
    def zipped(handler: BaseHTTPRequestHandler, seen: Seen) -> None:
        body = gzip.compress(answer_to(seen))
        reply(handler, 200, body, content_type=JSON, Content_Encoding="gzip")

    with by_hand(zipped) as hand:
        assert surface(run(hand.origin)).tools
    with by_hand(always(200, b"x", content_type=JSON, Content_Encoding="br")) as hand:
        assert "encoded as 'br'" in reason(run(hand.origin))
    with by_hand(always(200, b"junk" * 9, content_type=JSON, Content_Encoding="gzip")) as hand:
        assert "cannot be decompressed" in reason(run(hand.origin))
    with by_hand(always(200, b"\x1f\x8b", content_type=JSON, Content_Encoding="gzip")) as hand:
        assert "ends in the middle" in reason(run(hand.origin))


def dripping(handler: BaseHTTPRequestHandler, prefix: bytes, drop: bytes) -> None:
    pace = threading.Event()
    handler.wfile.write(prefix)
    while True:
        handler.wfile.write(drop)
        pace.wait(0.05)


@pytest.mark.parametrize(
    ("prefix", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n",
            b" ",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", b": alive\n\n"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
    ids=["headers", "body", "events", "hints"],
)
def test_a_slow_drip_ends_with_the_time_for_one_answer(prefix: bytes, drop: bytes) -> None:
    with by_hand(lambda handler, _: dripping(handler, prefix, drop)) as hand:
        assert "did not answer within 1.5 seconds" in reason(run(hand.origin))


def test_an_endless_event_stream_ends_with_the_bytes() -> None:
    def endless(handler: BaseHTTPRequestHandler, _: Seen) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        note = b'data: {"jsonrpc":"2.0","method":"notifications/message"}\n\n' * 1000
        while True:
            handler.wfile.write(note)

    limits = ProbeLimits(12, 10, 10, total_bytes=5_000_000)
    with by_hand(endless) as hand:
        assert "more than 5,000,000 bytes" in reason(run(hand.origin, limits=limits))


def test_one_endless_event_ends_with_the_size_of_a_message() -> None:
    def endless(handler: BaseHTTPRequestHandler, _: Seen) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ")
        while True:
            handler.wfile.write(b"x" * 65536)

    limits = ProbeLimits(12, 10, 10, message_bytes=1_000_000)
    with by_hand(endless) as hand:
        assert "an event is larger than 1,000,000 bytes" in reason(run(hand.origin, limits=limits))


@pytest.mark.parametrize(
    ("respond", "why"),
    [
        (always(200, b"<html>", content_type="text/html"), "it answered with 'text/html'"),
        (always(200, b"{}", content_type=JSON), "does not answer the request"),
        (always(200, b'{"a":1,"a":2}', content_type=JSON), "the key 'a' occurs twice"),
        (always(200, b"\xff", content_type=JSON), "not valid UTF-8"),
        (always(202), "accepted a request and gave no answer"),
        (always(500), "HTTP 500"),
        (always(404), "HTTP 404"),
        (always(303, Location="/"), "HTTP 303"),
        (
            always(200, b'{"jsonrpc":"2.0","id":99,"result":{}}', content_type=JSON),
            "does not answer the request",
        ),
        (
            always(
                400,
                b'{"jsonrpc":"2.0","id":null,"error":{"code":-32020,"message":"\x1b[2J mismatch"}}',
                content_type=JSON,
            ),
            "HTTP 400",
        ),
    ],
)
def test_wrong_answers_are_named(respond: Respond, why: str) -> None:
    with by_hand(respond) as hand:
        assert why in reason(run(hand.origin))


def test_a_recognised_stateless_error_is_not_taken_for_an_old_server() -> None:
    def mismatch(handler: BaseHTTPRequestHandler, seen: Seen) -> None:
        error = {"code": -32020, "message": "Header \u202emismatch"}
        body = json.dumps({"jsonrpc": "2.0", "id": message(seen)["id"], "error": error}).encode()
        reply(handler, 400, body, content_type=JSON)

    with by_hand(mismatch) as hand:
        assert reason(run(hand.origin)) == "it answered with error -32020: Header ⟨U+202E⟩mismatch"
        assert len(hand.seen) == 1


def test_five_megabytes_of_tools_in_one_event() -> None:
    many: list[object] = [
        {**TOOL, "name": f"t{n}", "description": "word " * 1000} for n in range(1000)
    ]

    def stream(handler: BaseHTTPRequestHandler, seen: Seen) -> None:
        body = b"event: message\ndata: " + answer_to(seen, many) + b"\n\n"
        reply(handler, 200, body, content_type="text/event-stream; charset=utf-8")

    with by_hand(stream) as hand:
        found = surface(run(hand.origin, limits=ProbeLimits(60, 30, 30)))
    assert len(found.tools) == 1000
    assert not found.missing


def test_the_endpoint_of_an_event_stream_must_stay_on_its_origin() -> None:
    def elsewhere(handler: BaseHTTPRequestHandler, _: Seen) -> None:
        body = b"event: endpoint\ndata: http://127.0.0.1:9/steal\n\n"
        reply(handler, 200, body, content_type="text/event-stream")

    with by_hand(elsewhere) as hand:
        answer = run(
            hand.origin, transport=Transport.SSE, headers={"Authorization": "Bearer abcdef"}
        )
    assert reason(answer) == "its endpoint lies at another origin, http://127.0.0.1:9"


def test_a_session_id_that_would_split_a_header_is_refused() -> None:
    def session(handler: BaseHTTPRequestHandler, seen: Seen) -> None:
        asked = message(seen)
        if asked["method"] != "initialize":
            reply(handler, 404)
            return
        result = {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {}}
        body = json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}).encode()
        reply(handler, 200, body, content_type=JSON, Mcp_Session_Id="a b\tc")

    with by_hand(session) as hand:
        assert "session id" in reason(run(hand.origin))


@pytest.fixture
def mute() -> Iterator[str]:
    """Accepts connections and says nothing; or hangs up at once on every second one."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_server_that_never_speaks_ends(mute: str) -> None:
    assert "did not answer within 1.5 seconds" in reason(run(mute))


def test_a_server_that_hangs_up_ends() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        listener.settimeout(10)

        def hang_up() -> None:
            while True:
                try:
                    listener.accept()[0].close()
                except OSError:
                    return

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        answer = run(f"http://127.0.0.1:{listener.getsockname()[1]}")
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)
    # Which of the two depends on whether the hang-up arrives before or after our request.
    assert reason(answer).startswith(("it broke off the connection", "its HTTP answer is broken"))


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "no connection to http://127.0.0.1" in reason(run(f"http://127.0.0.1:{port}"))


def test_recordings_do_not_share_state_between_threads() -> None:
    def numbered(hand: Hand) -> None:
        found = surface(run(hand.origin, limits=ProbeLimits(30, 20, 20)))
        results.append([tool.name for tool in found.tools])

    results: list[list[str]] = []
    with by_hand(honest) as hand:
        threads = [threading.Thread(target=numbered, args=(hand,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(40)
    assert results == [["t"]] * 8
