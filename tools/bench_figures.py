"""Figures of our gateway beside the load: memory, start, sessions, long lists, its own parts."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench_ground import HTTP, Ground, http_server, lay, many_servers, policy
from bench_load import Endpoint, first_call, open_session
from bench_ostiary import command, endpoint, up
from bench_process import (
    GATEWAY_CORE,
    Running,
    free_port,
    memory,
    post,
    start,
    wait_for_port,
)
from ostiary.ledger.content import content_of
from ostiary.ledger.opening import open_ledger
from ostiary.ledger.settings import Form, LedgerSettings
from ostiary.model.approval import Approval
from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.event import Event, EventKind
from ostiary.model.principal import Principal, Proof
from ostiary.policy.judge import PolicyJudge
from ostiary.policy.program import compile_policy
from ostiary.policy.statements import Source

SERVERS = 100
IDLE_SESSIONS = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    what: str
    measured: float
    unit: str
    limit: float | None = None
    """What it should stay below; ``None`` where nothing was set."""


def figures(folder: Path, upstream: int) -> Iterator[Figure]:
    """All figures, one after the other. The machine should be quiet."""
    yield from starting(folder, upstream)
    yield from sessions(folder, upstream)
    yield from long_list(folder, upstream)
    yield from parts()


def starting(folder: Path, upstream: int) -> Iterator[Figure]:
    """From the start of the process to its first answered call, and memory after it."""
    home = folder / "start"
    home.mkdir()
    ground = lay(home, free_port(), [http_server(upstream)])
    took, first, idle = [], [], []
    for _ in range(5):
        began = time.monotonic()
        running = start(command(ground), home / "up.log", core=GATEWAY_CORE)
        try:
            wait_for_port(running, ground.port)
            took.append(time.monotonic() - began)
            idle.append(memory(running.pid))
            answered(endpoint(ground))
            first.append(time.monotonic() - began)
        finally:
            running.stop()
    yield Figure("start to listening, median of 5", statistics.median(took), "s")
    yield Figure("start to the first call answered, median of 5", statistics.median(first), "s", 1)
    yield Figure("resident memory when idle", statistics.median(idle), "MB", 80)


def answered(asked: Endpoint) -> None:
    first_call(asked, open_session(asked))


def sessions(folder: Path, upstream: int) -> Iterator[Figure]:
    """A thousand sessions that were opened, used once and left open."""
    with gateway(folder / "sessions", [http_server(upstream)]) as (running, ground):
        asked = endpoint(ground)
        for _ in range(IDLE_SESSIONS):
            answered(asked)
        yield Figure(
            f"resident memory with {IDLE_SESSIONS:,} idle sessions", memory(running.pid), "MB", 150
        )


def long_list(folder: Path, upstream: int) -> Iterator[Figure]:
    """``tools/list`` on the joined endpoint over a hundred servers of a hundred tools."""
    with gateway(folder / "many", many_servers(upstream, SERVERS)) as (running, ground):
        asked = Endpoint(ground.port, "/mcp", ground.token)
        began = time.perf_counter()
        headers = open_session(asked)
        count, size = listed(asked, headers)
        cold = time.perf_counter() - began
        warm = [seconds(lambda: listed(asked, headers)) for _ in range(15)]
        yield Figure(f"{count:,} tools listed, first time ({size / 1e6:.1f} MB)", cold, "s")
        yield Figure(
            f"{count:,} tools listed, warm, median of 15", statistics.median(warm) * 1000, "ms", 20
        )
        yield Figure("… resident memory", memory(running.pid), "MB")


def listed(asked: Endpoint, headers: dict[str, str]) -> tuple[int, int]:
    """How many tools there are, on all pages, and in how many bytes."""
    count, size, cursor = 0, 0, ""
    while True:
        message = {"jsonrpc": "2.0", "id": 5, "method": "tools/list", "params": {}}
        if cursor:
            message["params"] = {"cursor": cursor}
        status, _, body = post(asked.port, asked.path, json.dumps(message).encode(), headers)
        if status != 200:
            raise RuntimeError(f"tools/list was answered {status}: {body[:200]!r}")
        size += len(body)
        count += body.count(b'"inputSchema"')
        # A long list is not parsed here: the time is the gateway's.
        if b'"nextCursor"' not in body:
            return count, size
        cursor = str(json.loads(body)["result"]["nextCursor"])


def parts() -> Iterator[Figure]:
    """Two parts of a call by themselves."""
    judge = PolicyJudge(compile_policy([Source("bench.cedar", policy())]))
    who = Principal("local:bench", Proof.TOKEN, groups=("staff",), client="bench")
    what = Target(HTTP, "tool", "echo", "0" * 64, ("read",), owner="bench")

    def decide(text: str) -> None:
        judge.decide(Asked(who, Verb.CALL, what, "tools/call", {"text": text}, "s", 1.0))

    yield Figure(
        "deciding by 50 rules, arguments new in every call",
        each(lambda nth: decide(f"hello {nth}")),
        "µs",
    )
    yield Figure("… arguments seen before", each(lambda _: decide("hello")), "µs")
    with tempfile.TemporaryDirectory() as place:
        ledger = open_ledger(LedgerSettings.from_table({}, Path(place)))
        event = Event(
            EventKind.REQUEST, time.time(), "call", "local:bench", client="bench", session="s",
            server=HTTP, method="tools/call", thing="tool:echo", levels=("read",), effect="allow",
            rules=("policy:everybody",), why="the rule everybody says: permit this",
            content=content_of({"text": "hello"}, Form.REDACTED),
        )  # fmt: skip
        yield Figure(
            "appending one event to the ledger", each(lambda _: ledger.append(event)), "µs"
        )
        ledger.close()
    yield Figure(
        "arguments as the ledger keeps them (redacted)",
        each(lambda nth: content_of({"text": f"hello {nth}"}, Form.REDACTED)),
        "µs",
    )


def each(work: Callable[[int], object], count: int = 5000) -> float:
    """Microseconds for one of many, the best of five rounds."""
    best = float("inf")
    for turn in range(5):
        began = time.perf_counter()
        for nth in range(count):
            work(turn * count + nth)
        best = min(best, time.perf_counter() - began)
    return best / count * 1e6


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def gateway(folder: Path, approvals: list[Approval]) -> Iterator[tuple[Running, Ground]]:
    running, ground = up(folder, approvals)
    try:
        yield running, ground
    finally:
        running.stop()
