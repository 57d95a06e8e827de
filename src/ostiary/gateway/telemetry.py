"""Traces and metrics of what the relay does, by OpenTelemetry's conventions for MCP.

Nothing of the relay knows about it: a relay and its openers are wrapped when telemetry is on. Each
request costs one span and one measurement per leg, made when it has ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from secrets import randbits
from typing import Protocol

from ostiary.gateway.telemetry_settings import TelemetrySettings
from ostiary.model.setting import BadSetting
from ostiary.wire.trace_context import (
    SAMPLED,
    TraceContext,
)

OTHER = "_OTHER"
"""Stands for a name that is not in a closed list, so that nobody can make series at will."""
MOST_NAMES = 500
"""Different names that are measured; those that come later are ``_OTHER``."""
NAMED = {"tools/call": "gen_ai.tool.name", "prompts/get": "gen_ai.prompt.name"}
_MEASURED = (
    "mcp.method.name",
    "mcp.protocol.version",
    "gen_ai.operation.name",
    "ostiary.server",
    "network.transport",
)
_MEASURED_BOUNDED = (
    "gen_ai.tool.name",
    "gen_ai.prompt.name",
    "error.type",
    "rpc.response.status_code",
)

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Span:
    """One request on one leg, ended."""

    name: str
    inbound: bool
    """Whether a client asked us; otherwise we asked a server."""
    context: TraceContext
    """Where it stands: ``span`` is its own id."""
    parent: TraceContext | None
    began: int
    """Nanoseconds since the epoch."""
    ended: int
    attributes: Attributes


class Sink(Protocol):
    """Takes what is told; behind it is a collector."""

    def span(self, span: Span) -> None:
        """Tell a span. Never waits."""

    def measure(self, seconds: float, attributes: Attributes, *, inbound: bool) -> None:
        """Count a request. Never waits."""

    def close(self) -> None:
        """Send what is left. Waits for the collector, some seconds at most."""


@dataclass(slots=True)
class Leg:
    """One request on one leg, from when it began."""

    context: TraceContext
    parent: TraceContext | None
    began: int
    started: int
    """Nanoseconds of the steady clock."""


class Telemetry:
    """What the wrapped relay and openers tell. One per process."""

    def __init__(
        self,
        settings: TelemetrySettings,
        sink: Sink,
        *,
        wall: Callable[[], int] = time.time_ns,
        steady: Callable[[], int] = time.perf_counter_ns,
        bits: Callable[[int], int] = randbits,
    ) -> None:
        self.settings = settings
        self._sink = sink
        self._wall, self._steady, self._bits = wall, steady, bits
        self._names: set[str] = set()
        self._bound = round(settings.sampling * 2**64)

    def close(self) -> None:
        """Send what is left. Waits for the collector, some seconds at most."""
        self._sink.close()

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

    def end(self, leg: Leg, attributes: Attributes, error: str, *, inbound: bool) -> None:
        """Tell a leg. ``error`` is its ``error.type``; empty if it went well."""
        took = self._steady() - leg.started
        if error:
            attributes["error.type"] = error
        if leg.context.sampled and self.settings.traces:
            self._sink.span(
                Span(
                    _name(attributes),
                    inbound,
                    leg.context,
                    leg.parent,
                    leg.began,
                    leg.began + took,
                    attributes,
                )
            )
        if self.settings.metrics:
            self._sink.measure(took / 1e9, self._measured(attributes), inbound=inbound)

    def _measured(self, attributes: Attributes) -> Attributes:
        counted = {name: attributes[name] for name in _MEASURED if name in attributes}
        for name in _MEASURED_BOUNDED:
            value = attributes.get(name)
            if value is not None:
                counted[name] = self._bounded(value)
        return counted

    def _bounded(self, name: str) -> str:
        if name in self._names:
            return name
        if len(self._names) >= MOST_NAMES:
            return OTHER
        self._names.add(name)
        return name


def _name(attributes: Attributes) -> str:
    """``METHOD TARGET``, as the conventions name a span."""
    method = attributes["mcp.method.name"]
    target = attributes.get(NAMED.get(method, ""))
    return f"{method} {target}" if target else method


def open_telemetry(settings: TelemetrySettings) -> Telemetry | None:
    """Telemetry to a collector, or ``None`` where it is off: then nothing of it is imported.
    Raises :class:`BadSetting` if the extra ``otel`` is not installed."""
    if not settings.enabled:
        return None
    try:
        from ostiary.gateway.telemetry_sdk import collector  # noqa: PLC0415 - an extra
    except ImportError:
        raise BadSetting(
            "telemetry.enabled", "needs the extra `otel`: install `ostiary[otel]`"
        ) from None
    return Telemetry(settings, collector(settings))
