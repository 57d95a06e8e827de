"""Traces and metrics through the real SDK: its in-memory exporters, and a receiver of OTLP."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from ostiary.gateway.ports import Answer, Era, Inbound, Interim, Link, Outbound, UpstreamFailure
from ostiary.gateway.telemetry import MOST_NAMES, OTHER, Telemetry, open_telemetry
from ostiary.gateway.telemetry_legs import TracedOpener, TracedRelay
from ostiary.gateway.telemetry_sdk import SdkSink
from ostiary.gateway.telemetry_settings import TelemetrySettings
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.principal import Principal, Proof
from ostiary.model.setting import BadSetting
from ostiary.wire.trace_context import context_of, meta_of

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


class Server:
    """A link and its opener; answers what it is told to."""

    def __init__(self, answer: Callable[[JsonObject], JsonObject]) -> None:
        self.answer = answer
        self.got: list[JsonObject] = []
        self.ended: str | None = None

    async def open(self, era: Era, session: str, headers: Mapping[str, str]) -> Link:
        return self

    async def request(
        self, message: JsonObject, headers: Mapping[str, str], interim: Interim
    ) -> Answer:
        self.got.append(message)
        return Answer(self.answer(message))

    async def send(self, message: JsonObject, headers: Mapping[str, str]) -> None:
        self.got.append(message)

    def listen(self, unasked: Interim) -> None:
        return

    async def close(self) -> None:
        return


class Through:
    """A relay that asks one server."""

    def __init__(self, link: Link) -> None:
        self.link = link

    async def exchange(self, inbound: Inbound, interim: Interim) -> Outbound:
        if "id" not in inbound.message:
            await self.link.send(inbound.message, {})
            return Outbound(status=202)
        try:
            answer = await self.link.request(inbound.message, {}, interim)
        except UpstreamFailure:
            return Outbound(b'{"jsonrpc":"2.0","id":1,"error":{"code":-32010,"message":"no"}}')
        return Outbound(json.dumps(answer.message).encode())

    async def listen(self, inbound: Inbound, push: Interim) -> Outbound:
        return Outbound()

    async def end(self, inbound: Inbound) -> Outbound:
        return Outbound()


async def nothing(message: JsonObject) -> None:
    return


class Told:
    """Everything that one telemetry told."""

    def __init__(self, **settings: Any) -> None:
        self.exporter = InMemorySpanExporter()
        self.reader = InMemoryMetricReader()
        self.settings = TelemetrySettings(enabled=True, **settings)
        sink = SdkSink("ostiary", SimpleSpanProcessor(self.exporter), self.reader)
        self.telemetry = Telemetry(self.settings, sink)

    def run(self, server: Server, *inbound: Inbound) -> list[ReadableSpan]:
        async def main() -> None:
            opener = TracedOpener(server, "github", self.telemetry)
            link = await opener.open(Era.STATELESS, "", {})
            relay = TracedRelay(Through(link), self.telemetry)
            for one in inbound:
                await relay.exchange(one, nothing)

        asyncio.run(main())
        return list(self.exporter.get_finished_spans())

    def points(self) -> dict[str, list[dict[str, Any]]]:
        data = json.loads(self.reader.get_metrics_data().to_json())  # type: ignore[union-attr]
        return {
            metric["name"]: metric["data"]["data_points"]
            for resource in data["resource_metrics"]
            for scope in resource["scope_metrics"]
            for metric in scope["metrics"]
        }


def inbound(method: str = "tools/call", meta: JsonObject | None = None, **changes: Any) -> Inbound:
    params: JsonObject = {"name": "create_issue", "arguments": {"a": 1}}
    if meta is not None:
        params["_meta"] = meta
    message: JsonObject = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
    told: dict[str, Any] = {
        "principal": Principal("local:editor", Proof.TOKEN),
        "endpoint": "github",
        "era": Era.STATELESS,
        "message": message,
        "revision": "2026-07-28",
        **changes,
    }
    return Inbound(**told)


def well(message: JsonObject) -> JsonObject:
    return {"jsonrpc": "2.0", "id": message["id"], "result": {"content": []}}


@pytest.fixture
def told() -> Iterator[Told]:
    one = Told()
    yield one
    one.telemetry.close()


def test_a_call_is_a_span_on_each_leg_in_the_callers_trace(told: Told) -> None:
    server = Server(well)
    meta: JsonObject = {"traceparent": PARENT, "tracestate": "v=1", "progressToken": 3}
    out, back = told.run(server, inbound(meta=meta, session="sealed-secret"))
    assert (out.kind, back.kind) == (SpanKind.CLIENT, SpanKind.SERVER)
    assert out.name == back.name == "tools/call create_issue"
    for span in (out, back):
        assert span.context is not None
        assert f"{span.context.trace_id:032x}" == TRACE
        assert span.context.trace_state.get("v") == "1"
        assert span.end_time is not None
        assert span.start_time is not None
        assert span.end_time >= span.start_time
    assert back.parent is not None
    assert f"{back.parent.span_id:016x}" == "00f067aa0ba902b7"
    assert back.parent.is_remote
    assert out.parent is not None
    assert back.context is not None
    assert out.parent.span_id == back.context.span_id
    assert back.attributes is not None
    assert dict(back.attributes) | {"mcp.session.id": ""} == {
        "mcp.method.name": "tools/call",
        "gen_ai.tool.name": "create_issue",
        "gen_ai.operation.name": "execute_tool",
        "jsonrpc.request.id": "7",
        "mcp.protocol.version": "2026-07-28",
        "network.transport": "tcp",
        "ostiary.server": "github",
        "mcp.session.id": "",
    }
    assert "sealed-secret" not in str(back.attributes)
    sent = context_of(server.got[0])
    assert sent is not None
    assert out.context is not None
    assert sent.span == f"{out.context.span_id:016x}"
    assert sent.state == "v=1"
    assert (meta_of(server.got[0]) or {})["progressToken"] == 3
    assert meta == {"traceparent": PARENT, "tracestate": "v=1", "progressToken": 3}


def test_durations_are_measured_on_both_legs(told: Told) -> None:
    told.run(Server(well), inbound(), inbound(), inbound("ping"))
    points = told.points()
    assert set(points) == {"mcp.server.operation.duration", "mcp.client.operation.duration"}
    for one in points.values():
        assert sorted(point["count"] for point in one) == [1, 2]
        assert list(one[0]["explicit_bounds"]) == [
            0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300
        ]  # fmt: skip
        assert not {"jsonrpc.request.id", "mcp.session.id"} & {
            key for point in one for key in point["attributes"]
        }


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        ({"error": {"code": -32602, "message": "x"}}, "-32602", "-32602"),
        ({"result": {"isError": True, "content": []}}, "tool_error", None),
        ({"result": {"content": [{"text": '"error":{"code":5} "isError":true'}]}}, None, None),
    ],
)
def test_errors_are_told_as_what_they_are(
    told: Told, answer: JsonObject, error: str | None, code: str | None
) -> None:
    def reply(message: JsonObject) -> JsonObject:
        return {"jsonrpc": "2.0", "id": message["id"], **answer}

    for span in told.run(Server(reply), inbound()):
        assert span.attributes is not None
        assert span.attributes.get("error.type") == error
        assert span.attributes.get("rpc.response.status_code") == code
        assert (span.status.status_code is StatusCode.ERROR) is (error is not None)


def test_a_server_that_fails_and_a_client_that_leaves_are_told(told: Told) -> None:
    def fail(message: JsonObject) -> JsonObject:
        raise UpstreamFailure("gone", sent=True, status=504)

    out, back = told.run(Server(fail), inbound())
    assert out.attributes is not None
    assert back.attributes is not None
    assert out.attributes["error.type"] == "UpstreamFailure"
    assert out.attributes["rpc.response.status_code"] == "504"
    assert back.attributes["error.type"] == "-32010"

    def leave(message: JsonObject) -> JsonObject:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        told.run(Server(leave), inbound())
    assert {
        span.attributes["error.type"]
        for span in told.exporter.get_finished_spans()[2:]
        if span.attributes is not None
    } == {"cancelled"}


@pytest.mark.parametrize(
    "parent",
    ["", "x", 5, None, f"ff-{TRACE}-00f067aa0ba902b7-01", f"00-{'0' * 32}-00f067aa0ba902b7-01",
     f"00-{TRACE}-{'0' * 16}-01", PARENT.upper(), PARENT + "-00", PARENT * 40],
)  # fmt: skip
def test_a_context_that_is_none_begins_a_trace(told: Told, parent: JsonValue) -> None:
    server = Server(well)
    _out, back = told.run(server, inbound(meta={"traceparent": parent, "tracestate": "a=b"}))
    assert back.parent is None
    assert back.context is not None
    assert f"{back.context.trace_id:032x}" != TRACE
    assert "tracestate" not in (meta_of(server.got[0]) or {})


def test_baggage_goes_as_far_as_it_is_named() -> None:
    baggage = "user=alice,tenant=t1;prop=2,secret=x"
    for names, passed in (((), None), (("tenant",), "tenant=t1;prop=2"), (("*",), baggage)):
        told = Told(baggage=names)
        server = Server(well)
        notice = inbound(meta={"baggage": baggage})
        message = {key: value for key, value in notice.message.items() if key != "id"}
        message["method"] = "notifications/progress"
        told.run(server, inbound(meta={"baggage": baggage}), inbound(message=message))
        assert [(meta_of(one) or {}).get("baggage") for one in server.got] == [passed, passed]
        told.telemetry.close()


def test_traces_that_begin_here_are_sampled_and_those_of_callers_keep_their_choice() -> None:
    told = Told(sampling=0.0)
    server = Server(well)
    assert told.run(server, inbound()) == []
    assert str((meta_of(server.got[0]) or {})["traceparent"]).endswith("-00")
    assert len(told.run(server, inbound(meta={"traceparent": PARENT}))) == 2
    unsampled = PARENT[:-2] + "00"
    assert len(told.run(server, inbound(meta={"traceparent": unsampled}))) == 2
    assert told.points()["mcp.server.operation.duration"][0]["count"] == 3
    told.telemetry.close()
    apart = Told(join_callers=False)
    spans = apart.run(server, inbound(meta={"traceparent": PARENT}))
    assert all(span.context and f"{span.context.trace_id:032x}" != TRACE for span in spans)
    apart.telemetry.close()


def test_callers_cannot_make_series_at_will(told: Told) -> None:
    async def main() -> None:
        relay = TracedRelay(Through(Server(well)), told.telemetry)
        for number in range(MOST_NAMES + 50):
            one = inbound(f"x/{number}", revision=f"1-{number}")
            await relay.exchange(one, nothing)
            named = inbound()
            params: JsonObject = {"name": f"tool-{number}\ud800"}
            message: JsonObject = {**named.message, "params": params}
            await relay.exchange(inbound(message=message), nothing)

    asyncio.run(main())
    told.exporter.clear()
    points = told.points()["mcp.server.operation.duration"]
    assert {point["attributes"]["mcp.method.name"] for point in points} == {OTHER, "tools/call"}
    assert {point["attributes"]["mcp.protocol.version"] for point in points} == {
        OTHER, "2026-07-28"
    }  # fmt: skip
    assert len(points) <= MOST_NAMES + 3


def test_what_is_no_object_is_passed_on_as_it_is(told: Told) -> None:
    server = Server(well)
    odd: list[JsonObject] = [
        {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": [1]},
        {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": "x"}},
    ]
    told.run(server, *(inbound(message=one) for one in odd))
    assert server.got == odd


@contextmanager
def receiver() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    got: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", got
        finally:
            server.shutdown()
            thread.join()


def test_a_collector_gets_spans_and_measurements_over_http() -> None:
    with receiver() as (address, got):
        telemetry = open_telemetry(TelemetrySettings(enabled=True, endpoint=address))
        assert telemetry is not None

        async def main() -> None:
            link = await TracedOpener(Server(well), "github", telemetry).open(Era.STATELESS, "", {})
            await TracedRelay(Through(link), telemetry).exchange(inbound(), nothing)

        asyncio.run(main())
        telemetry.close()
    traces = [ExportTraceServiceRequest.FromString(body) for path, body in got if "traces" in path]
    spans = [
        span
        for one in traces
        for resource in one.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert [span.name for span in spans] == ["tools/call create_issue"] * 2
    assert spans[0].parent_span_id == spans[1].span_id
    metrics = [
        metric.name
        for path, body in got
        if path == "/v1/metrics"
        for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    ]
    assert {"mcp.server.operation.duration", "mcp.client.operation.duration"} <= set(metrics)


def test_off_imports_nothing() -> None:
    script = (
        "import sys\n"
        "from ostiary.gateway.telemetry import open_telemetry\n"
        "from ostiary.gateway.telemetry_settings import TelemetrySettings\n"
        "assert open_telemetry(TelemetrySettings()) is None\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_settings_are_read_and_judged() -> None:
    told = TelemetrySettings.from_table(
        {"enabled": True, "endpoint": "http://127.0.0.1:4318/", "baggage": ["b", "a"]}
    )
    assert told.endpoint == "http://127.0.0.1:4318"
    assert told.baggage == ("a", "b")
    assert not TelemetrySettings.from_table({}).enabled
    bad: list[tuple[str, JsonValue]] = [
        ("enabled", "yes"), ("endpoint", "ftp://x"), ("endpoint", "http://u:p@x"),
        ("endpoint", 5), ("endpoint", "http://[x"), ("sampling", 2), ("sampling", True),
        ("baggage", "a"), ("baggage", [1]), ("service", ""), ("metric_seconds", 0), ("typo", 1),
    ]  # fmt: skip
    for name, value in bad:
        with pytest.raises(BadSetting, match=r"^telemetry\."):
            TelemetrySettings.from_table({name: value})
