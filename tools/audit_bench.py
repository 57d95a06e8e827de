"""``make bench``, the audit's part: time, memory, throughput, growth and pathological sources.

Each audit is a process of its own, as a user would start it. Servers are the benign ones of
``make corpus``; without OSTIARY_MIRRORS the project's own hostile servers stand for them. Ratios
beside other auditors come from the same run on the same folders.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit_bench_sources import PATHOLOGICAL, grown
from corpus_code import benign, hostile, others
from corpus_code.trees import Mirrors

OSTIARY = str(Path(sys.executable).with_name("ostiary"))
BOUND = 60.0
"""Seconds in which any source whatever has to be answered."""
SIZES = (250_000, 500_000, 1_000_000, 2_000_000)
BESIDE = ("bandit", "semgrep + rules of mcp-redteam")


@dataclass(frozen=True, slots=True)
class Run:
    """One process: wall seconds, peak resident mebibytes, how it ended."""

    seconds: float
    mebibytes: float
    code: int
    said: str

    @property
    def answered(self) -> bool:
        """Ended by itself with a verdict: neither killed nor with a traceback."""
        return self.code >= 0 and "Traceback" not in self.said


def run(command: Sequence[str], bound: float = BOUND) -> Run:
    """Starts a process and weighs it alone, whatever ran before."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            list(command),
            stdout=subprocess.DEVNULL,
            stderr=words,
            env={**os.environ, "NO_COLOR": "1"},
        )
        late = threading.Timer(bound, os.kill, (process.pid, signal.SIGKILL))
        late.start()
        _, status, used = os.wait4(process.pid, 0)  # tells the peak of memory, knows no time-out
        late.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        words.seek(0)
        said = words.read().decode("utf-8", "replace")
    return Run(seconds, used.ru_maxrss / 1024, process.returncode, said)


def audit(*folders: Path) -> list[str]:
    """As a user would say it, with nothing taken from an earlier run."""
    return [OSTIARY, "audit", *map(str, folders), "--json", "--no-cache", "--offline"]


def folders(mirrors: Mirrors) -> list[Path]:
    """The servers to time."""
    found = [benign.folder_of(server, mirrors) for server in benign.SERVERS if mirrors.folder]
    here = [folder for folder in found if folder is not None]
    return here or sorted(hostile.SET.glob("*/clean"))


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    measured: str
    limit: str
    kept: bool


def row(what: str, measured: float, limit: float, unit: str) -> Row:
    return Row(what, f"{measured:.2f} {unit}", f"{limit:g} {unit}", measured <= limit)


def at(share: float, values: Sequence[float]) -> float:
    """The value below which that share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def one_by_one(servers: list[Path]) -> Iterator[Row]:
    runs = [run(audit(folder)) for folder in servers]
    seconds = [one.seconds for one in runs]
    memory = [one.mebibytes for one in runs]
    what = f"source audit of {len(servers)} servers, fresh process"
    yield row(f"{what}, median", statistics.median(seconds), 1.0, "s")
    yield row(f"{what}, 95th of 100", at(0.95, seconds), 5.0, "s")
    yield row(f"{what}, peak memory, median", statistics.median(memory), 300, "MiB")
    yield row(f"{what}, peak memory, largest", max(memory), 600, "MiB")
    broken = sum(not one.answered for one in runs)
    yield Row(f"{what}, without an answer", str(broken), "0", broken == 0)


def two_at_once(servers: list[Path]) -> Iterator[Row]:
    """How many servers one command with two workers gets through in a minute."""
    one = run([*audit(*servers), "--jobs", "2"], bound=60.0 * len(servers))
    rate = 60 * len(servers) / one.seconds
    kept = one.answered and rate >= 120
    yield Row("servers a minute, two workers", f"{rate:.0f}", "≥ 120", kept)


def growth(scratch: Path) -> Iterator[Row]:
    """Seconds at 2 MB against those at 250 kB, start-up taken off: eight is a straight line."""
    for suffix in ("py", "js"):
        empty = scratch / "empty"
        empty.mkdir(exist_ok=True)
        idle = run(audit(empty)).seconds
        took = []
        for size in SIZES:
            folder = scratch / f"grown-{suffix}-{size}"
            grown(folder, suffix, size)
            took.append(max(run(audit(folder)).seconds - idle, 0.001))
        shown = ", ".join(f"{seconds:.2f}" for seconds in took)
        ratio = took[-1] / took[0]
        straight = SIZES[-1] / SIZES[0]
        yield Row(
            f"growth of generated .{suffix}, 0.25 to 2 MB ({shown} s)",
            f"x{ratio:.1f}",
            f"x{straight * 1.5:.0f}",
            ratio <= straight * 1.5,
        )


def pathological(scratch: Path) -> Iterator[Row]:
    """Bounded in time, and never a crash; ``ostiary`` names what it did not read."""
    for name, lay in PATHOLOGICAL.items():
        folder = scratch / name.replace(" ", "-")
        folder.mkdir()
        lay(folder)
        one = run(audit(folder))
        ended = "" if one.answered else f", no answer (exit {one.code})"
        kept = one.answered and one.seconds <= BOUND
        yield Row(f"{name}{ended}", f"{one.seconds:.2f} s, {one.mebibytes:.0f} MiB", "60 s", kept)


def beside(servers: list[Path], scratch: Path) -> Iterator[Row]:
    """The same folders before others: the sum of wall seconds, and ours by it."""
    ours = sum(run(audit(folder)).seconds for folder in servers)
    for other in others.others():
        if other.name in BESIDE and other.program.is_file():
            report = scratch / "report.json"
            theirs = 0.0
            for folder in servers:
                words = [one.format(folder=folder, report=report) for one in other.words]
                theirs += run([str(other.program), *words], 600).seconds
            yield Row(
                f"{other.name} on {len(servers)} servers ({theirs:.1f} s), ours by theirs",
                f"x{ours / theirs:.2f}",
                "",
                True,
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirrors", default=os.environ.get("OSTIARY_MIRRORS"))
    parser.add_argument("--only", help="comma-separated: servers, throughput, growth, odd, beside")
    chosen = parser.parse_args()
    known = run([OSTIARY, "audit", "--help"])
    if known.code:
        print("ostiary audit is not there: nothing measured", file=sys.stderr)
        return 2
    servers = folders(Mirrors(Path(chosen.mirrors) if chosen.mirrors else None))
    kept = True
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        parts: dict[str, Callable[[], Iterator[Row]]] = {
            "servers": lambda: one_by_one(servers),
            "throughput": lambda: two_at_once(servers),
            "growth": lambda: growth(scratch),
            "odd": lambda: pathological(scratch),
            "beside": lambda: beside(servers[:12], scratch),
        }
        print("| what | measured | limit | kept |\n|---|---|---|---|")
        for name in chosen.only.split(",") if chosen.only else parts:
            for one in parts[name]():
                kept = kept and one.kept
                said = "yes" if one.kept else "NO"
                print(f"| {one.what} | {one.measured} | {one.limit} | {said} |", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
