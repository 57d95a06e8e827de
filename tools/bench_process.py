"""Processes of the benchmark: started on one core, waited for, weighed, and ended again."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
HALF = len(os.sched_getaffinity(0)) > 1
GATEWAY_CORE = 0
LOAD_CORE = 1 if HALF else 0


class NotReady(RuntimeError):
    """A process ended or did not listen in time. The message holds its last words."""


@dataclass(slots=True)
class Running:
    """One started process, in a process group of its own."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def last_words(self) -> str:
        with suppress(OSError):
            return self.log.read_text(encoding="utf-8", errors="replace")[-600:].strip()
        return ""

    def stop(self, sort: signal.Signals = signal.SIGTERM) -> None:
        """End the process and everything it started."""
        for one in (sort, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.pid, one)
            try:
                self.process.wait(timeout=5)
                break
            except subprocess.TimeoutExpired:
                continue
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


def start(
    command: Sequence[str],
    log: Path,
    *,
    core: int | None = GATEWAY_CORE,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Running:
    """Start ``command`` on ``core``; ``None`` is any."""
    pinned = list(command) if core is None else ["taskset", "-c", str(core), *command]
    with log.open("wb") as out:
        process = subprocess.Popen(
            pinned,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            start_new_session=True,
        )
    return Running(process, log)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


BETWEEN_LOOKS = 0.005
"""Seconds between two tries of a port: as finely as starts are measured."""


def wait_for_port(running: Running, port: int, seconds: float = 30.0) -> None:
    """Wait until ``port`` takes connections. Raises :class:`NotReady`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if running.process.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
            return
        time.sleep(BETWEEN_LOOKS)
    words = running.last_words() or "it said nothing"
    raise NotReady(f"nothing listens on its port; last words: {words}")


def tree(pid: int) -> list[int]:
    """``pid`` and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, ValueError):
                fields = _stat(int(entry.name))
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found.extend(parents.get(one, []))
    return found


def memory(pid: int, *, children: bool = True) -> float:
    """Resident memory in MB (10**6 bytes), summed over the process and what it started."""
    pages = 0
    for one in tree(pid) if children else [pid]:
        with suppress(OSError):
            pages += int(Path(f"/proc/{one}/statm").read_text(encoding="ascii").split()[1])
    return pages * PAGE / 1e6


def processor_seconds(pid: int) -> float:
    """Processor time a process and what it started have used so far."""
    ticks = 0
    for one in tree(pid):
        with suppress(OSError, ValueError):
            fields = _stat(one)
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def busy_seconds() -> float:
    """Processor time all programs of this machine have used so far."""
    first = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
    return sum(int(one) for one in first[1:4]) / TICKS


def post(
    port: int, path: str, body: bytes, headers: Mapping[str, str]
) -> tuple[int, Mapping[str, str], bytes]:
    """One POST on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        found = {key.lower(): value for key, value in answer.getheaders()}
        return answer.status, found, answer.read()
    finally:
        connection.close()


def get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def _stat(pid: int) -> list[str]:
    """Fields of ``/proc/PID/stat`` from the state on."""
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    return text.rsplit(")", 1)[1].split()
