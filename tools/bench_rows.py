"""Rows of the gateway benchmark: what stands in front of the servers, measured side by side."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import bench_load as load
import bench_ostiary as ours
from bench_load import Endpoint, Measured, Run
from bench_peers import PEERS, Ground, NotHere, Peer
from bench_process import (
    GATEWAY_CORE,
    LOAD_CORE,
    NotReady,
    Running,
    free_port,
    get,
    memory,
    start,
    wait_for_port,
)

HERE = Path(__file__).parent
CALLS = 40
"""Calls in a row over which the server's requests are counted."""
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 100000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  upstream behind {{
    server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 100000000;
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection "";
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how often. Seconds."""

    warm: float = 1
    alone: float = 3
    crowd: float = 4
    repetitions: int = 3


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    kind: str
    """``direct``, ``nginx``, ``ours``, ``bare``, ``python`` or ``node``."""
    group: str
    """Rows of one group stand before the same server: ``http``, ``stateless`` or ``stdio``."""
    alone: Measured | None = None
    """With one connection."""
    crowd: Measured | None = None
    """With 32 connections."""
    megabytes: float = 0
    """Resident memory of what is in front, with what it started."""
    requests: float = 0
    """Requests at the server for one call; 0 if not counted."""
    not_run: str = ""

    @property
    def quiet(self) -> bool:
        """Whether the machine was quiet in all repetitions that count."""
        return all(one.quiet for one in (self.alone, self.crowd) if one is not None)


@dataclass(slots=True)
class Runner:
    """One thing that is up and can be measured."""

    name: str
    kind: str
    group: str
    running: Running
    endpoint: Endpoint
    planned: Path
    requests: float
    alone: list[Run]
    crowd: list[Run]


class Bench:
    """Starts, measures, stops. ``folder`` takes what the programs write."""

    def __init__(self, folder: Path, pace: Pace) -> None:
        self.folder = folder
        self.pace = pace
        self.stack = ExitStack()
        self.behind = ExitStack()
        self.upstream = self._upstream(LOAD_CORE)

    def rows(self, only: str | None = None) -> Iterator[Row]:
        """All rows, or ``ours``, ``stdio`` or ``peers``. Rows that are compared with each other
        are measured at the same time."""
        if only in (None, "ours"):
            yield from self._together(self._ours())
        if only in (None, "stdio"):
            yield from self._together([self._boxed()])
        for peer in PEERS if only in (None, "peers") else ():
            yield from self._peer(peer)

    def close(self) -> None:
        """Stop everything."""
        self.stack.close()
        self.behind.close()

    def close_all_but_upstream(self) -> None:
        """Stop what was measured; the server behind stays."""
        self.stack.close()

    def _boxed(self) -> Start:
        def make() -> tuple[Running, Endpoint]:
            running, endpoint = ours.in_a_box(self.folder)
            self.stack.callback(running.stop)
            return running, endpoint

        return ("Ostiary, everything on, server in a box", "ours", "stdio", make)

    def _ours(self) -> list[Start]:
        up = self.upstream
        at_core = self._upstream(GATEWAY_CORE)
        on, ground = ours.everything_on(self.folder, up)
        self.stack.callback(on.stop)
        bare, off = ours.bare(self.folder, up)
        self.stack.callback(bare.stop)
        nginx, port = self._nginx(up)
        direct = self.direct

        def modern(one: Endpoint) -> Endpoint:
            return Endpoint(one.port, one.path, one.token, stateless=True)

        there, asked = Endpoint(at_core), ours.endpoint(ground)
        old, new = "http", "stateless"
        return [
            ("nothing (direct)", "direct", old, lambda: (direct, there)),
            ("nginx, plain reverse proxy", "nginx", old, lambda: (nginx, Endpoint(port))),
            ("Ostiary, everything off", "bare", old, lambda: (bare, off)),
            ("Ostiary, everything on", "ours", old, lambda: (on, asked)),
            ("nothing (direct), stateless", "direct", new, lambda: (direct, modern(there))),
            ("Ostiary, everything off, stateless", "bare", new, lambda: (bare, modern(off))),
            ("Ostiary, everything on, stateless", "ours", new, lambda: (on, modern(asked))),
        ]

    def _peer(self, peer: Peer) -> Iterator[Row]:
        kind, group = ("python" if peer.python else "node"), ("stdio" if peer.stdio else "http")
        try:
            running, endpoint = peer.launch(Ground(self.folder, self.upstream))
        except (NotHere, NotReady, OSError, RuntimeError, ValueError) as error:
            yield Row(peer.name, kind, group, not_run=_one_line(error))
            return
        try:
            yield from self._together([(peer.name, kind, group, lambda: (running, endpoint))])
        finally:
            running.stop()

    def _together(self, starts: Sequence[Start]) -> Iterator[Row]:
        """Measure in rounds, so that a slow minute of the machine meets all alike."""
        runners: list[Runner] = []
        for name, kind, group, make in starts:
            print(f"… {name}", file=sys.stderr, flush=True)
            try:
                runners.append(self._ready(name, kind, group, make))
            except (load.CannotSpeak, NotReady, OSError, ValueError) as error:
                yield Row(name, kind, group, not_run=_one_line(error))
        for _ in range(load.TRIES):
            waiting = [one for one in runners if not self._enough(one)]
            for one in waiting:
                self._measure(one)
            if not waiting:
                break
        for one in runners:
            yield Row(
                one.name, one.kind, one.group,
                alone=load.settle(one.alone, self.pace.repetitions),
                crowd=load.settle(one.crowd, self.pace.repetitions),
                megabytes=memory(one.running.pid),
                requests=one.requests,
            )  # fmt: skip

    def _enough(self, one: Runner) -> bool:
        wanted = self.pace.repetitions
        return all(sum(run.quiet for run in runs) >= wanted for runs in (one.alone, one.crowd))

    def _measure(self, one: Runner) -> None:
        for runs, connections, seconds in (
            (one.alone, 1, self.pace.alone),
            (one.crowd, 32, self.pace.crowd),
        ):
            if sum(run.quiet for run in runs) < self.pace.repetitions:
                pid = one.running.pid
                runs.append(load.run(one.endpoint, one.planned, connections, seconds, pid))

    def _ready(
        self, name: str, kind: str, group: str, make: Callable[[], tuple[Running, Endpoint]]
    ) -> Runner:
        running, endpoint = make()
        planned = load.plan(endpoint, self.folder)
        requests = 0.0
        if kind != "direct" and group != "stdio":
            requests = self._counted(endpoint)
        load.run(endpoint, planned, 8, self.pace.warm, running.pid)
        return Runner(name, kind, group, running, endpoint, planned, requests, [], [])

    def _counted(self, endpoint: Endpoint) -> float:
        headers = load.open_session(endpoint)
        load.first_call(endpoint, headers, 2_000_000)
        get(self.upstream, "/count")
        for nth in range(CALLS):
            load.first_call(endpoint, headers, 2_000_001 + nth)
        return load.total(get(self.upstream, "/count")) / CALLS

    def _upstream(self, core: int) -> int:
        port = free_port()
        command = [
            sys.executable, "-m", "uvicorn", "--app-dir", str(HERE), "bench_upstreams:app",
            "--port", str(port), "--no-access-log", "--log-level", "warning",
        ]  # fmt: skip
        running = start(command, self.folder / f"upstream-{port}.log", core=core)
        (self.behind if core == LOAD_CORE else self.stack).callback(running.stop)
        wait_for_port(running, port)
        if core == GATEWAY_CORE:
            self.direct = running
        return port

    def _nginx(self, upstream: int) -> tuple[Running, int]:
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        port = free_port()
        config = self.folder / "nginx.conf"
        config.write_text(
            NGINX.format(folder=self.folder, upstream=upstream, port=port), encoding="utf-8"
        )
        command = [program, "-p", str(self.folder), "-e", "stderr", "-c", str(config)]
        running = start(command, self.folder / "nginx.log", core=GATEWAY_CORE)
        self.stack.callback(running.stop)
        wait_for_port(running, port)
        return running, port


Start = tuple[str, str, str, Callable[[], tuple[Running, Endpoint]]]
"""Name, kind, group, and what starts it."""


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
