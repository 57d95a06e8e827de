"""A long load on the gateway with everything on: memory over a million calls, or faults.

``soak.py`` prints resident memory every 100,000 calls and verifies the record at the end.
``soak.py --faults`` kills the server behind, the clients and at last the gateway under load, and
holds what callers were told to what the record says. Needs what ``tools/setup.sh bench`` installs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bench_load as load
import bench_ostiary as ours
from bench_ground import Ground
from bench_process import (
    GATEWAY_CORE,
    LOAD_CORE,
    Running,
    free_port,
    memory,
    start,
    wait_for_port,
)

HERE = Path(__file__).parent
EVERY = 100_000
FLAT = 1.10
"""What memory may have become by the end, of what it was after the first tenth."""
CONNECTIONS = 32


@dataclass(slots=True)
class Stage:
    """The gateway, the server behind it, and where they write."""

    folder: Path
    port: int
    upstream: Running
    gateway: Running
    ground: Ground
    answered: int = 0
    """Calls that a caller was told the result of."""

    def stop(self) -> None:
        self.gateway.stop()
        self.upstream.stop()


def main() -> None:
    arguments = read_arguments()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as place:
        stage = set_up(Path(place))
        try:
            work = faults(stage) if arguments.faults else endurance(stage, arguments.calls)
            problems = [line for line in work if line]
            stage.gateway.stop()
            problems += verified(stage)
        finally:
            stage.stop()
    for problem in problems:
        print(f"problem: {problem}")
    sys.exit(bool(problems))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--faults", action="store_true", help="cause faults instead of waiting")
    parser.add_argument("--folder", help="where the record is written; a million calls take 1.5 GB")
    return parser.parse_args()


def set_up(folder: Path) -> Stage:
    port = free_port()
    upstream = serve(folder, port)
    gateway, ground = ours.everything_on(folder, port)
    return Stage(folder, port, upstream, gateway, ground)


def serve(folder: Path, port: int) -> Running:
    command = [
        sys.executable, "-m", "uvicorn", "--app-dir", str(HERE), "bench_upstreams:app",
        "--port", str(port), "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip
    running = start(command, folder / "upstream.log", core=LOAD_CORE)
    wait_for_port(running, port)
    return running


def endurance(stage: Stage, calls: int) -> Iterator[str]:
    """Load until ``calls`` were answered. Yields what was wrong."""
    asked = ours.endpoint(stage.ground)
    planned = load.plan(asked, stage.folder)
    due, first, now = EVERY, 0.0, 0.0
    seconds = 10.0
    while stage.answered < calls:
        run = load.run(asked, planned, CONNECTIONS, seconds, stage.gateway.pid)
        stage.answered += run.requests - run.bad
        if run.bad:
            yield f"{run.bad} bad answers, for example {run.example or 'no answer at all'}"
            return
        now = memory(stage.gateway.pid)
        if stage.answered >= due or stage.answered >= calls:
            first = first or now
            due += EVERY
            print(
                f"{stage.answered:>10,} calls  {run.rate:>7,.0f}/s  p99 {run.p99:6.2f} ms  "
                f"memory {now:6.1f} MB  record {record_bytes(stage) / 1e6:8.1f} MB",
                flush=True,
            )
        seconds = max(1.0, min(10.0, (due - stage.answered) / max(1.0, run.rate)))
    print(f"memory from {first:.1f} to {now:.1f} MB")
    if now > first * FLAT:
        yield f"memory grew from {first:.1f} to {now:.1f} MB"


UNDER_LOAD = 1.5
"""Seconds of calls before a fault, so that it meets some of them on their way."""
AWAY = 0.3
"""Seconds without the server behind, so that calls meet nothing there."""
BETWEEN_TRIES = 0.2
"""Seconds between two calls that may not work yet."""


def faults(stage: Stage) -> Iterator[str]:
    """Cause one fault after the other under load. Yields what was wrong."""
    chance = random.Random(7)
    for turn in range(5):
        yield from survived(stage, "the server behind is killed", lambda: restart(stage))
        wait = chance.uniform(0.2, 0.8)
        yield from survived(stage, "the clients vanish", lambda: None, cut_after=wait)
        print(f"round {turn + 1}: memory {memory(stage.gateway.pid):.1f} MB", flush=True)
    yield from killed(stage)


def survived(stage: Stage, what: str, cause: object, cut_after: float = 0.0) -> Iterator[str]:
    """Load, a fault in the middle of it, and a call that works afterwards."""
    asked = ours.endpoint(stage.ground)
    client = under_load(stage)
    time.sleep(cut_after or UNDER_LOAD)
    if cut_after:
        client.kill()
    elif callable(cause):
        cause()
    stage.answered += told(client)
    if stage.gateway.process.poll() is not None:
        yield f"{what}: the gateway ended: {stage.gateway.last_words()}"
        return
    end = time.monotonic() + 30
    while True:
        try:
            load.first_call(asked, load.open_session(asked))
        except (load.CannotSpeak, OSError) as error:
            if time.monotonic() > end:
                yield f"{what}: no call worked for 30 s: {error}"
                return
            time.sleep(BETWEEN_TRIES)
        else:
            stage.answered += 1
            return


def restart(stage: Stage) -> None:
    stage.upstream.stop(signal.SIGKILL)
    time.sleep(AWAY)
    stage.upstream = serve(stage.folder, stage.port)


def killed(stage: Stage) -> Iterator[str]:
    """``kill -9`` under load; then the record must hold every call that was answered."""
    client = under_load(stage)
    time.sleep(UNDER_LOAD)
    os.killpg(stage.gateway.pid, signal.SIGKILL)
    stage.gateway.process.wait()
    stage.answered += told(client)
    yield from verified(stage, "after kill -9")
    requests, outcomes = recorded(stage)
    print(f"answered {stage.answered:,}; on record {requests:,} calls, {outcomes:,} with outcome")
    if requests < stage.answered or outcomes < stage.answered:
        yield f"{stage.answered} calls were answered, {requests} ({outcomes}) are on record"
    stage.gateway = start(ours.command(stage.ground), stage.folder / "again.log", core=GATEWAY_CORE)
    wait_for_port(stage.gateway, stage.ground.port)
    asked = ours.endpoint(stage.ground)
    load.first_call(asked, load.open_session(asked))


def under_load(stage: Stage) -> subprocess.Popen[str]:
    """wrk for three seconds, in the background."""
    asked = ours.endpoint(stage.ground)
    planned = load.plan(asked, stage.folder)
    stage.answered += load.SESSIONS
    return subprocess.Popen(
        [
            "taskset", "-c", str(LOAD_CORE), "wrk", "-t1", f"-c{CONNECTIONS}", "-d3s",
            "--timeout", "3s", "-s", str(load.SCRIPT),
            f"http://127.0.0.1:{asked.port}{asked.path}",
        ],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "BENCH_PLAN": str(planned)},
    )  # fmt: skip


def told(client: subprocess.Popen[str]) -> int:
    """Calls that this client saw answered well; none if it was killed before it could say."""
    text = client.communicate(timeout=60)[0]
    line = next((one for one in text.splitlines() if one.startswith("RESULT ")), "")
    if not line:
        return 0
    requests, _, bad, _ = (int(one) for one in line.split()[1:5])
    return requests - bad


def record_bytes(stage: Stage) -> int:
    return sum(one.stat().st_size for one in stage.ground.state.glob("ledger/*/*.log"))


def recorded(stage: Stage) -> tuple[int, int]:
    """Calls of tools on record, and those whose outcome is there too."""
    calls: set[str] = set()
    outcomes: set[str] = set()
    for path in sorted(stage.ground.state.glob("ledger/*/*.log")):
        for line in path.read_bytes().splitlines():
            if b'"method":"tools/call"' not in line:
                continue
            event = json.loads(line)
            if event["kind"] == "request":
                calls.add(event["call"])
            elif event["kind"] == "outcome" and event["effect"] == "ok":
                outcomes.add(event["call"])
    return len(calls), len(calls & outcomes)


def verified(stage: Stage, when: str = "at the end") -> Iterator[str]:
    """Hold the record to its chain and signatures. Yields what is wrong."""
    done = subprocess.run(
        [ours.OSTIARY, "log", "verify", "--state", str(stage.ground.state)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = " ".join((done.stdout + done.stderr).split())
    print(f"record {when}: {said[:300]}", flush=True)
    # 3 is a record that goes on unsigned after its last checkpoint, as a sudden end leaves it.
    if done.returncode not in (0, 3):
        yield f"the record does not verify {when}: {said[:600]}"


if __name__ == "__main__":
    main()
