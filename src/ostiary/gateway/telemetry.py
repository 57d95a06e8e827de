"""Traces and metrics of what the relay does, by OpenTelemetry's conventions for MCP.

Nothing of the relay knows about it: a relay and its openers are wrapped when telemetry is on. Each
request costs one span and one measurement per leg, made when it has ended.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import orjson

from ostiary.gateway.ports import (
    Answer,
    Era,
    Inbound,
    Interim,
    Link,
    Opener,
    Outbound,
    Relay,
    UpstreamFailure,
)
from ostiary.gateway.telemetry_settings import TelemetrySettings
from ostiary.model.json import JsonObject, as_object
from ostiary.model.setting import BadSetting
from ostiary.wire.methods import CLIENT_METHODS
from ostiary.wire.trace_context import SAMPLED, TraceContext, context_of, with_context

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import MetricReader
    from opentelemetry.sdk.trace import SpanProcessor

SCOPE = "ostiary.gateway"
OTHER = "_OTHER"
"""Stands for a name that is not in a closed list, so that a caller cannot make series."""
BUCKETS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300)
"""Seconds, as the conventions advise."""
MOST_NAMES = 2_000
_LARGEST_LOOK = 256 * 1024
_NAMED = {"tools/call": "gen_ai.tool.name", "prompts/get": "gen_ai.prompt.name"}
_NAMED_BY_URI = ("resources/read", "resources/subscribe", "resources/unsubscribe")

Attributes = dict[str, str | int | float | bool]


@dataclass(slots=True)
class Leg:
    """One request on one leg, from when it began."""

    context: TraceContext
    """The context that goes on: its span is this leg's own."""
    parent: TraceContext | None
    began: int
    """Nanoseconds since the epoch."""
    started: int
    """Nanoseconds of the steady clock."""


class Telemetry:
    """Tells a collector what happened. One per process."""

    def __init__(
        self,
        settings: TelemetrySettings,
        processor: SpanProcessor | None,
        reader: MetricReader | None,
        *,
        wall: Callable[[], int] = time.time_ns,
        steady: Callable[[], int] = time.perf_counter_ns,
        bits: Callable[[int], int] = random.SystemRandom().getrandbits,
    ) -> None:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.util.instrumentation import InstrumentationScope  # noqa: PLC0415

        self.settings = settings
        self._processor = processor
        self._wall, self._steady, self._bits = wall, steady, bits
        self._resource = Resource.create({"service.name": settings.service})
        self._scope = InstrumentationScope(SCOPE)
        self._names: set[str] = set()
        self._bound = round(settings.sampling * 2**64)
        self._meters: MeterProvider | None = None
        self._inbound = self._outbound = None  # type: Histogram | None
        if reader is not None:
            self._measure(reader)

    def relay(self, relay: Relay) -> Relay:
        """``relay`` with its requests told."""
        return TracedRelay(relay, self)

    def opener(self, opener: Opener, server: str) -> Opener:
        """``opener`` of ``server`` with the requests of its links told."""
        return TracedOpener(opener, server, self)

    def close(self) -> None:
        """Send what is left. Waits for the collector, some seconds at most."""
        if self._processor is not None:
            self._processor.shutdown()
        if self._meters is not None:
            self._meters.shutdown()

    def begin(self, parent: TraceContext | None) -> Leg:
        """A leg under ``parent``, or one that begins a trace."""
        span = f"{self._bits(64) or 1:016x}"
        if parent is not None:
            context = replace(parent, span=span)
        else:
            trace = self._bits(128) or 1
            flags = SAMPLED if (trace & (2**64 - 1)) < self._bound else 0
            context = TraceContext(f"{trace:032x}", span, flags)
        return Leg(context, parent, self._wall(), self._steady())

    def end(
        self, leg: Leg, name: str, attributes: Attributes, error: str, *, inbound: bool
    ) -> None:
        """Tell a leg. ``error`` is its ``error.type``; empty if it went well."""
        took = self._steady() - leg.started
        if error:
            attributes["error.type"] = error
        if self._processor is not None and leg.context.sampled:
            self._processor.on_end(self._span(leg, name, attributes, took, inbound=inbound))
        histogram = self._inbound if inbound else self._outbound
        if histogram is not None:
            counted = {key: attributes[key] for key in _COUNTED if key in attributes}
            histogram.record(took / 1e9, counted)

    def bounded(self, name: str) -> str:
        """``name``, unless too many different ones were told already."""
        if name in self._names:
            return name
        if len(self._names) >= MOST_NAMES or len(name) > 200:
            return OTHER
        self._names.add(name)
        return name

    def _span(self, leg: Leg, name: str, attributes: Attributes, took: int, *, inbound: bool):  # type: ignore[no-untyped-def]
        from opentelemetry.sdk.trace import ReadableSpan  # noqa: PLC0415
        from opentelemetry.trace import SpanKind, Status, StatusCode  # noqa: PLC0415

        failed = "error.type" in attributes
        return ReadableSpan(
            name,
            context=_otel(leg.context, remote=False),
            parent=_otel(leg.parent, remote=inbound) if leg.parent is not None else None,
            resource=self._resource,
            attributes=attributes,
            kind=SpanKind.SERVER if inbound else SpanKind.CLIENT,
            status=Status(StatusCode.ERROR if failed else StatusCode.UNSET),
            start_time=leg.began,
            end_time=leg.began + took,
            instrumentation_scope=self._scope,
        )

    def _measure(self, reader: MetricReader) -> None:
        from opentelemetry.sdk.metrics import MeterProvider  # noqa: PLC0415

        self._meters = MeterProvider([reader], self._resource, shutdown_on_exit=False)
        meter = self._meters.get_meter(SCOPE)
        self._inbound = meter.create_histogram(
            "mcp.server.operation.duration",
            unit="s",
            description="Time from receiving a request of a client to its answer.",
            explicit_bucket_boundaries_advisory=BUCKETS,
        )
        self._outbound = meter.create_histogram(
            "mcp.client.operation.duration",
            unit="s",
            description="Time from sending a request to a server to its answer.",
            explicit_bucket_boundaries_advisory=BUCKETS,
        )


_COUNTED = (
    "mcp.method.name",
    "mcp.protocol.version",
    "gen_ai.tool.name",
    "gen_ai.prompt.name",
    "gen_ai.operation.name",
    "ostiary.server",
    "error.type",
    "rpc.response.status_code",
    "network.transport",
)


class TracedRelay:
    """A relay whose requests are told."""

    def __init__(self, inner: Relay, telemetry: Telemetry) -> None:
        self._inner = inner
        self._telemetry = telemetry

    async def exchange(self, inbound: Inbound, interim: Interim) -> Outbound:
        """As the relay, in a span of its own."""
        message = inbound.message
        method = message.get("method")
        if not isinstance(method, str) or "id" not in message:
            return await self._inner.exchange(inbound, interim)
        telemetry = self._telemetry
        settings = telemetry.settings
        leg = telemetry.begin(context_of(message) if settings.join_callers else None)
        carried = with_context(message, leg.context, settings.baggage)
        error, code = "", ""
        try:
            outbound = await self._inner.exchange(replace(inbound, message=carried), interim)
            error, code = _failure(outbound.body)
            return outbound
        except asyncio.CancelledError:
            error = "cancelled"
            raise
        except BaseException as fault:
            error = type(fault).__name__
            raise
        finally:
            name, attributes = _described(telemetry, message, refused=bool(error))
            _about(attributes, inbound, message)
            if code:
                attributes["rpc.response.status_code"] = code
            telemetry.end(leg, name, attributes, error, inbound=True)

    async def listen(self, inbound: Inbound, push: Interim) -> Outbound:
        """As the relay."""
        return await self._inner.listen(inbound, push)

    async def end(self, inbound: Inbound) -> Outbound:
        """As the relay."""
        return await self._inner.end(inbound)


class TracedOpener:
    """An opener whose links are told."""

    def __init__(self, inner: Opener, server: str, telemetry: Telemetry) -> None:
        self._inner = inner
        self._server = server
        self._telemetry = telemetry

    async def open(self, era: Era, session: str, headers: Mapping[str, str]) -> Link:
        """As the opener."""
        link = await self._inner.open(era, session, headers)
        return TracedLink(link, self._server, self._telemetry)

    async def close(self) -> None:
        """As the opener."""
        await self._inner.close()


class TracedLink:
    """A link whose requests are told, under the trace that their ``_meta`` carries."""

    def __init__(self, inner: Link, server: str, telemetry: Telemetry) -> None:
        self._inner = inner
        self._server = server
        self._telemetry = telemetry

    async def request(
        self, message: JsonObject, headers: Mapping[str, str], interim: Interim
    ) -> Answer:
        """As the link, in a span of its own."""
        telemetry = self._telemetry
        leg = telemetry.begin(context_of(message))
        # What was let through by the relay is all that is left of the baggage.
        carried = with_context(message, leg.context, ("*",))
        error, code = "", ""
        try:
            answer = await self._inner.request(carried, headers, interim)
            error, code = _outcome(answer.message)
            return answer
        except UpstreamFailure as failed:
            error, code = type(failed).__name__, str(failed.status)
            raise
        except asyncio.CancelledError:
            error = "cancelled"
            raise
        finally:
            name, attributes = _described(telemetry, message, refused=False)
            attributes["ostiary.server"] = self._server
            if code:
                attributes["rpc.response.status_code"] = code
            telemetry.end(leg, name, attributes, error, inbound=False)

    async def send(self, message: JsonObject, headers: Mapping[str, str]) -> None:
        """As the link."""
        await self._inner.send(message, headers)

    def listen(self, unasked: Interim) -> None:
        """As the link."""
        self._inner.listen(unasked)

    async def close(self) -> None:
        """As the link."""
        await self._inner.close()

    @property
    def ended(self) -> str | None:
        """As the link."""
        return self._inner.ended


def _described(
    telemetry: Telemetry, message: JsonObject, *, refused: bool
) -> tuple[str, Attributes]:
    """Name and attributes of a span. A name that only a refused caller used is not told."""
    asked = message.get("method")
    method = asked if isinstance(asked, str) and asked in CLIENT_METHODS else OTHER
    attributes: Attributes = {"mcp.method.name": method}
    params = as_object(message.get("params"))
    target = ""
    if method in _NAMED:
        named = params.get("name")
        if isinstance(named, str):
            target = OTHER if refused else telemetry.bounded(named)
            attributes[_NAMED[method]] = target
    elif method in _NAMED_BY_URI and telemetry.settings.uris:
        uri = params.get("uri")
        if isinstance(uri, str):
            attributes["mcp.resource.uri"] = uri[:2_000]
    if method == "tools/call":
        attributes["gen_ai.operation.name"] = "execute_tool"
    return (f"{method} {target}" if target else method), attributes


def _about(attributes: Attributes, inbound: Inbound, message: JsonObject) -> None:
    attributes["network.transport"] = "pipe" if inbound.transport == "stdio" else "tcp"
    ident = message.get("id")
    if isinstance(ident, int | str):
        attributes["jsonrpc.request.id"] = str(ident)[:200]
    if inbound.session:
        attributes["mcp.session.id"] = inbound.session[:200]
    if inbound.revision:
        attributes["mcp.protocol.version"] = inbound.revision[:20]
    if inbound.endpoint:
        attributes["ostiary.server"] = inbound.endpoint


def _failure(body: bytes) -> tuple[str, str]:
    """``error.type`` and status code of an encoded answer; empty if it went well."""
    if b'"error"' not in body and b'"isError"' not in body:
        return "", ""
    if len(body) > _LARGEST_LOOK:
        return "", ""
    try:
        return _outcome(as_object(orjson.loads(body)))
    except ValueError:
        return "", ""


def _outcome(message: JsonObject) -> tuple[str, str]:
    error = message.get("error")
    if isinstance(error, dict):
        code = str(error.get("code"))[:40]
        return code, code
    if as_object(message.get("result")).get("isError") is True:
        return "tool_error", ""
    return "", ""


def _otel(context: TraceContext, *, remote: bool):  # type: ignore[no-untyped-def]
    from opentelemetry.trace import SpanContext, TraceFlags, TraceState  # noqa: PLC0415

    state = TraceState.from_header([context.state]) if context.state else None
    return SpanContext(
        int(context.trace, 16), int(context.span, 16), remote, TraceFlags(context.flags), state
    )


def open_telemetry(settings: TelemetrySettings) -> Telemetry | None:
    """Telemetry to a collector, or ``None`` where it is off: then nothing of it is imported.
    Raises :class:`BadSetting` if the extra ``otel`` is not installed."""
    if not settings.enabled:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http import metric_exporter, trace_exporter  # noqa: PLC0415
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError:
        raise BadSetting(
            "telemetry.enabled", "needs the extra `otel`: install `ostiary[otel]`"
        ) from None
    logging.getLogger("opentelemetry").setLevel(logging.ERROR)
    base = settings.endpoint
    processor = reader = None
    if settings.traces:
        processor = BatchSpanProcessor(
            trace_exporter.OTLPSpanExporter(f"{base}/v1/traces" if base else None)
        )
    if settings.metrics:
        reader = PeriodicExportingMetricReader(
            metric_exporter.OTLPMetricExporter(f"{base}/v1/metrics" if base else None),
            export_interval_millis=settings.metric_seconds * 1000,
        )
    return Telemetry(settings, processor, reader)
