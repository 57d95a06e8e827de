"""What is told to an OpenTelemetry collector: the section ``[telemetry]`` of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ostiary.model.json import JsonValue
from ostiary.model.setting import Table

LONGEST_SERVICE = 120


@dataclass(frozen=True, slots=True)
class TelemetrySettings:
    """The section ``[telemetry]``. Off unless ``enabled``."""

    enabled: bool = False
    endpoint: str = ""
    """Address of an OTLP/HTTP receiver, without ``/v1/...``; empty takes the standard
    ``OTEL_EXPORTER_OTLP_*`` variables."""
    service: str = "ostiary"
    traces: bool = True
    metrics: bool = True
    sampling: float = 1.0
    """Part of the traces that begin here, from 0 to 1. A caller's own trace keeps its caller's
    choice."""
    join_callers: bool = True
    """Whether a caller's trace goes on here. If not, every request begins a trace."""
    baggage: tuple[str, ...] = ()
    """Names of baggage members that servers get; ``*`` is all, none is the default."""
    uris: bool = False
    """Whether addresses of resources are told; they may hold what is private."""
    metric_seconds: float = 60.0

    @classmethod
    def from_table(cls, table: Mapping[str, JsonValue]) -> TelemetrySettings:
        """The settings of one ``[telemetry]`` table. Raises
        :class:`~ostiary.model.setting.BadSetting`."""
        read = Table(table, "telemetry")
        settings = cls(
            enabled=read.flag("enabled"),
            endpoint=_endpoint(read),
            service=_service(read),
            traces=read.flag("traces", default=True),
            metrics=read.flag("metrics", default=True),
            sampling=read.number("sampling", 1.0, 0.0, 1.0),
            join_callers=read.flag("join_callers", default=True),
            baggage=tuple(sorted(read.texts("baggage"))),
            uris=read.flag("uris"),
            metric_seconds=read.number("metric_seconds", 60.0, 1.0, 3600.0),
        )
        read.nothing_else()
        return settings


def _endpoint(read: Table) -> str:
    value = read.text("endpoint")
    if value:
        try:
            parts = urlsplit(value)
            fine = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            fine = False
        if not fine or parts.username or parts.password or parts.query or parts.fragment:
            raise read.bad(
                "endpoint",
                "must be an http or https address without user, query or fragment; credentials go "
                "in OTEL_EXPORTER_OTLP_HEADERS",
            )
    return value.rstrip("/")


def _service(read: Table) -> str:
    value = read.text("service", "ostiary")
    if not 0 < len(value) <= LONGEST_SERVICE:
        raise read.bad("service", f"must be a name of at most {LONGEST_SERVICE} characters")
    return value
