"""What is told to an OpenTelemetry collector: the section ``[telemetry]`` of the settings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ostiary.model.json import JsonValue
from ostiary.model.setting import BadSetting


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
        """The settings of one ``[telemetry]`` table. Raises :class:`BadSetting`."""
        known = set(cls.__dataclass_fields__)
        unknown = sorted(set(table) - known)
        if unknown:
            raise BadSetting(
                f"telemetry.{unknown[0]}",
                "is not a setting of telemetry; it knows " + ", ".join(sorted(known)),
            )
        return cls(
            enabled=_flag(table, "enabled", default=False),
            endpoint=_endpoint(table),
            service=_service(table),
            traces=_flag(table, "traces", default=True),
            metrics=_flag(table, "metrics", default=True),
            sampling=_number(table, "sampling", 1.0, 0.0, 1.0),
            join_callers=_flag(table, "join_callers", default=True),
            baggage=_names(table),
            uris=_flag(table, "uris", default=False),
            metric_seconds=_number(table, "metric_seconds", 60.0, 1.0, 3600.0),
        )


def _flag(table: Mapping[str, JsonValue], name: str, *, default: bool) -> bool:
    value = table.get(name, default)
    if not isinstance(value, bool):
        raise BadSetting(f"telemetry.{name}", "must be true or false")
    return value


def _number(
    table: Mapping[str, JsonValue], name: str, default: float, least: float, most: float
) -> float:
    value = table.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadSetting(f"telemetry.{name}", f"must be a number from {least:g} to {most:g}")
    if not least <= value <= most:
        raise BadSetting(f"telemetry.{name}", f"must be a number from {least:g} to {most:g}")
    return float(value)


def _endpoint(table: Mapping[str, JsonValue]) -> str:
    value = table.get("endpoint", "")
    if not isinstance(value, str):
        raise BadSetting("telemetry.endpoint", "must be an http or https address")
    if value:
        try:
            parts = urlsplit(value)
            fine = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            fine = False
        if not fine or parts.username or parts.password or parts.query or parts.fragment:
            raise BadSetting(
                "telemetry.endpoint",
                "must be an http or https address without user, query or fragment; credentials go "
                "in OTEL_EXPORTER_OTLP_HEADERS",
            )
    return value.rstrip("/")


def _service(table: Mapping[str, JsonValue]) -> str:
    value = table.get("service", "ostiary")
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= 120:
        raise BadSetting("telemetry.service", "must be a name of at most 120 characters")
    return value


def _names(table: Mapping[str, JsonValue]) -> tuple[str, ...]:
    value = table.get("baggage", [])
    if not isinstance(value, list):
        raise BadSetting("telemetry.baggage", "must be a list of names")
    names = [one for one in value if isinstance(one, str) and one]
    if len(names) < len(value):
        raise BadSetting("telemetry.baggage", "must be a list of names")
    return tuple(sorted(names))
