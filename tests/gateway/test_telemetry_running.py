"""Telemetry of a real gateway: to a collector that is there, and to one that is not."""

from __future__ import annotations

import json
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from gateway.running import POLICY, Running, program, running_gateway
from gateway.talking import Talk
from gateway.test_telemetry import PARENT, TRACE, receiver
from ostiary.model.approval import Start

TELLER = Path(__file__).with_name("servers") / "meta_teller.py"
META = {"traceparent": PARENT, "tracestate": "v=1", "baggage": "user=alice,tenant=t1", "own": 5}


def start() -> Start:
    return program(TELLER)


def told(running: Running) -> dict[str, object]:
    """The ``_meta`` that the server got."""
    client = Talk(running.endpoint("teller"), running.token).open()
    said = client.ask("tools/call", {"name": "meta", "arguments": {}, "_meta": META})
    found: dict[str, object] = json.loads(said.text)
    return found


def test_a_call_is_one_trace_from_client_to_server(tmp_path: Path) -> None:
    with receiver() as (address, got):
        settings = f'{POLICY}[telemetry]\nenabled = true\nendpoint = "{address}"\n'
        settings += 'baggage = ["tenant"]\n'
        with running_gateway(tmp_path, {"teller": start()}, settings=settings) as running:
            meta = told(running)
    parent = str(meta.pop("traceparent"))
    assert parent.split("-")[1] == TRACE
    assert parent != PARENT
    assert meta == {"tracestate": "v=1", "baggage": "tenant=t1", "own": 5}
    spans = [
        span
        for path, body in got
        if path == "/v1/traces"
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
        if span.name == "tools/call meta"
    ]
    out, back = sorted(spans, key=lambda span: span.kind, reverse=True)
    assert out.span_id.hex() == parent.split("-")[2]
    assert out.parent_span_id == back.span_id
    assert back.parent_span_id.hex() == PARENT.split("-")[2]
    assert any(path == "/v1/metrics" for path, _ in got)


def test_without_telemetry_metadata_passes_as_it_came(tmp_path: Path) -> None:
    with running_gateway(tmp_path, {"teller": start()}) as running:
        assert told(running) == META


def test_a_collector_that_is_away_holds_nothing_up(tmp_path: Path) -> None:
    settings = f'{POLICY}[telemetry]\nenabled = true\nendpoint = "http://127.0.0.1:9"\n'
    with running_gateway(tmp_path, {"teller": start()}, settings=settings) as running:
        assert told(running)["own"] == 5
