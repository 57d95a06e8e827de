"""Load: sessions opened, wrk run against them, each repetition held to a quiet machine."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench_process import LOAD_CORE, busy_seconds, post, processor_seconds

SCRIPT = Path(__file__).with_name("load.lua")
REVISION = "2025-06-18"
STATELESS = "2026-07-28"
CLIENT = {"name": "bench", "version": "1.0.0"}
SESSIONS = 8
QUIET = 0.06
"""Share of one core that other programs may use during a repetition."""
TRIES = 4
ID = 7777777
"""Stands for the id in the body that wrk sends, and for what is different in its argument."""


class CannotSpeak(RuntimeError):
    """The endpoint did not open a session, or did not answer the first call."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the load goes, and what is sent there."""

    port: int
    path: str = "/mcp"
    token: str = ""
    stateless: bool = False
    tool: str = "echo"
    arguments: Mapping[str, object] = field(default_factory=lambda: {"text": f"hello {ID}"})


@dataclass(frozen=True, slots=True)
class Run:
    """One repetition. Latencies in milliseconds."""

    rate: float
    p50: float
    p95: float
    p99: float
    requests: int
    bad: int
    example: str
    others: float
    """Share of one core that other programs used."""
    micros: float
    """Processor time of the measured process and what it started, for each request."""

    @property
    def quiet(self) -> bool:
        return self.others < QUIET


@dataclass(frozen=True, slots=True)
class Measured:
    """The median of each column over the repetitions that counted."""

    rate: float
    p50: float
    p95: float
    p99: float
    micros: float
    bad: int
    example: str
    quiet: bool
    """Whether the machine was quiet in all repetitions."""


def headers_for(endpoint: Endpoint) -> dict[str, str]:
    found = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": STATELESS if endpoint.stateless else REVISION,
    }
    if endpoint.token:
        found["Authorization"] = f"Bearer {endpoint.token}"
    if endpoint.stateless:
        found |= {"Mcp-Method": "tools/call", "Mcp-Name": endpoint.tool}
    return found


def call_body(endpoint: Endpoint, ident: int = ID) -> bytes:
    params: dict[str, object] = {"name": endpoint.tool, "arguments": dict(endpoint.arguments)}
    if endpoint.stateless:
        params["_meta"] = {
            "io.modelcontextprotocol/protocolVersion": STATELESS,
            "io.modelcontextprotocol/clientInfo": CLIENT,
            "io.modelcontextprotocol/clientCapabilities": {},
        }
    message = {"jsonrpc": "2.0", "id": ident, "method": "tools/call", "params": params}
    return json.dumps(message, separators=(",", ":")).encode()


def open_session(endpoint: Endpoint) -> dict[str, str]:
    """Headers of one introduced session. Raises :class:`CannotSpeak`."""
    headers = headers_for(endpoint)
    if endpoint.stateless:
        return headers
    params = {"protocolVersion": REVISION, "capabilities": {}, "clientInfo": CLIENT}
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    first = {key: value for key, value in headers.items() if key != "MCP-Protocol-Version"}
    status, answered, body = post(endpoint.port, endpoint.path, json.dumps(hello).encode(), first)
    if status != 200:
        raise CannotSpeak(f"initialize was answered {status}: {body[:300]!r}")
    if "mcp-session-id" in answered:
        headers["Mcp-Session-Id"] = answered["mcp-session-id"]
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    post(endpoint.port, endpoint.path, json.dumps(ready).encode(), headers)
    return headers


def first_call(endpoint: Endpoint, headers: Mapping[str, str], ident: int = 2) -> None:
    """One checked call. Raises :class:`CannotSpeak`."""
    status, _, body = post(endpoint.port, endpoint.path, call_body(endpoint, ident), headers)
    if status != 200 or b"hello" not in body:
        raise CannotSpeak(f"the first call was answered {status}: {body[:300]!r}")


def plan(endpoint: Endpoint, folder: Path, sessions: int = SESSIONS) -> Path:
    """Opens the sessions and writes what wrk is to send."""
    opened = [open_session(endpoint) for _ in range(sessions)]
    for nth, headers in enumerate(opened):
        first_call(endpoint, headers, nth + 2)
    path = folder / f"plan-{endpoint.port}-{len(list(folder.iterdir()))}.lua"
    rows = ",\n".join(
        "{" + ",".join(f"[{_lua(key)}]={_lua(value)}" for key, value in one.items()) + "}"
        for one in opened
    )
    path.write_text(
        f"return {{path={_lua(endpoint.path)}, body={_lua(call_body(endpoint).decode())}, "
        f"expect='hello', headers={{{rows}}}}}\n",
        encoding="utf-8",
    )
    return path


def run(endpoint: Endpoint, planned: Path, connections: int, seconds: float, measured: int) -> Run:
    """One repetition. ``measured`` is the process whose processor time is counted."""
    own, busy, used = _own(), busy_seconds(), processor_seconds(measured)
    began = time.monotonic()
    text = subprocess.run(
        [
            "taskset", "-c", str(LOAD_CORE),
            "wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s",
            "-s", str(SCRIPT), f"http://127.0.0.1:{endpoint.port}{endpoint.path}",
        ],
        check=True, capture_output=True, text=True, env={**os.environ, "BENCH_PLAN": str(planned)},
    ).stdout  # fmt: skip
    taken = time.monotonic() - began
    own = _own() - own
    others = max(0.0, busy_seconds() - busy - own) / taken
    return _read(text, others, processor_seconds(measured) - used)


def _read(text: str, others: float, seconds: float) -> Run:
    lines = text.splitlines()
    result = next(line for line in lines if line.startswith("RESULT ")).split()[1:]
    example = next((line[8:] for line in lines if line.startswith("EXAMPLE ")), "")
    requests, micros, wrong, failed = (int(one) for one in result[:4])
    p50, p95, p99 = (float(one) / 1000 for one in result[4:])
    return Run(
        rate=requests / (micros / 1e6),
        p50=p50,
        p95=p95,
        p99=p99,
        requests=requests,
        bad=wrong + failed,
        example=example,
        others=others,
        micros=seconds / max(1, requests) * 1e6,
    )


def settle(runs: Sequence[Run], wanted: int) -> Measured:
    """The median of each column over the quietest repetitions."""
    best = sorted(runs, key=lambda one: one.others)[:wanted]
    return Measured(
        rate=statistics.median(one.rate for one in best),
        p50=statistics.median(one.p50 for one in best),
        p95=statistics.median(one.p95 for one in best),
        p99=statistics.median(one.p99 for one in best),
        micros=statistics.median(one.micros for one in best),
        bad=sum(one.bad for one in runs),
        example=next((one.example for one in runs if one.example), ""),
        quiet=all(one.quiet for one in best),
    )


def _lua(text: str) -> str:
    return json.dumps(text)


def _own() -> float:
    """Processor time of this process and all that it started, ended or not."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return processor_seconds(os.getpid()) + ended.ru_utime + ended.ru_stime


def total(counted: bytes) -> int:
    """All requests that an upstream counted."""
    found: dict[str, int] = json.loads(counted)
    return sum(found.values())
