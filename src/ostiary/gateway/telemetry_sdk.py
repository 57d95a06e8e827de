"""Spans and measurements as the OpenTelemetry SDK takes them. Imported only where it is on."""

from __future__ import annotations

import logging

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState

from ostiary.gateway.telemetry import Attributes, Span
from ostiary.gateway.telemetry_settings import TelemetrySettings
from ostiary.wire.trace_context import TraceContext

SCOPE = "ostiary.gateway"
BUCKETS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300)
"""Seconds, as the conventions for MCP advise."""
PATIENCE = 3.0
"""Seconds for one delivery, attempts and pauses together; a stop waits for the last one."""
_WELL, _FAILED = Status(StatusCode.UNSET), Status(StatusCode.ERROR)


class SdkSink:
    """Hands spans to a processor and measurements to a reader."""

    def __init__(
        self, service: str, processor: SpanProcessor | None, reader: MetricReader | None
    ) -> None:
        self._processor = processor
        self._resource = Resource.create({"service.name": service})
        self._scope = InstrumentationScope(SCOPE)
        readers = () if reader is None else (reader,)
        self._meters = MeterProvider(readers, self._resource, shutdown_on_exit=False)
        meter = self._meters.get_meter(SCOPE)
        self._histograms = {
            inbound: meter.create_histogram(
                f"mcp.{side}.operation.duration",
                unit="s",
                description=what,
                explicit_bucket_boundaries_advisory=BUCKETS,
            )
            for inbound, side, what in (
                (True, "server", "Time from receiving a client's request to its answer."),
                (False, "client", "Time from sending a request to a server to its answer."),
            )
        }

    def span(self, span: Span) -> None:
        """Tell a span. The batch it goes into is sent from a thread."""
        if self._processor is None:
            return
        # Both ids were given away in ``traceparent`` when the request began, so the span is made
        # as it is instead of being started by a tracer, which would choose its own.
        parent = None if span.parent is None else _context(span.parent, remote=span.inbound)
        self._processor.on_end(
            ReadableSpan(
                span.name,
                context=_context(span.context, remote=False),
                parent=parent,
                resource=self._resource,
                attributes=span.attributes,
                kind=SpanKind.SERVER if span.inbound else SpanKind.CLIENT,
                status=_FAILED if "error.type" in span.attributes else _WELL,
                start_time=span.began,
                end_time=span.ended,
                instrumentation_scope=self._scope,
            )
        )

    def measure(self, seconds: float, attributes: Attributes, *, inbound: bool) -> None:
        """Count a request."""
        self._histograms[inbound].record(seconds, attributes)

    def close(self) -> None:
        """Send what is left."""
        if self._processor is not None:
            self._processor.shutdown()
        self._meters.shutdown()


def collector(settings: TelemetrySettings) -> SdkSink:
    """A sink that sends OTLP over HTTP."""
    # A collector that is away must not fill the operator's log with traces of Python.
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    base = settings.endpoint
    processor = reader = None
    if settings.traces:
        processor = BatchSpanProcessor(
            OTLPSpanExporter(f"{base}/v1/traces" if base else None, timeout=PATIENCE)
        )
    if settings.metrics:
        reader = PeriodicExportingMetricReader(
            OTLPMetricExporter(f"{base}/v1/metrics" if base else None, timeout=PATIENCE),
            export_interval_millis=settings.metric_seconds * 1000,
        )
    return SdkSink(settings.service, processor, reader)


def _context(context: TraceContext, *, remote: bool) -> SpanContext:
    state = TraceState.from_header([context.state]) if context.state else None
    return SpanContext(
        int(context.trace, 16), int(context.span, 16), remote, TraceFlags(context.flags), state
    )
