"""A hostile server tries to take more than its share, and to outlive the scan."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from host.boxing import QUICK, Boxes, alive, ending, everything, spec
from ostiary.host.box import Limits
from ostiary.host.bubblewrap import BoxedServer, Bubblewrap
from ostiary.host.watch import usage

SMALL = replace(QUICK, output_bytes=1024 * 1024)


def test_a_fork_bomb_is_bounded_and_ends_the_box(start: Boxes) -> None:
    box = start("fork_bomb", "bomb-41a6")
    reason = ending(box)
    # Watched from outside, pages that forks share count for each of them.
    assert reason in ("reached 48 processes and threads", "used more than 256 MiB of memory")
    assert usage(box.init).processes == 0
    assert alive("bomb-41a6") == []


def test_a_memory_bomb_ends(start: Boxes) -> None:
    reason = ending(start("memory_bomb"))
    assert reason in ("used more than 256 MiB of memory", "exited with status 1")


def test_memory_spread_over_many_processes_ends_the_box(start: Boxes) -> None:
    limits = replace(QUICK, processes=64)
    assert ending(start("memory_shared_out", limits=limits)) == "used more than 256 MiB of memory"


def test_a_flood_of_output_ends_the_box(start: Boxes) -> None:
    box = start("flood", "1", limits=SMALL)
    said = everything(box)
    assert SMALL.output_bytes is not None
    assert len(said) <= SMALL.output_bytes
    assert box.ended() == f"wrote more than {SMALL.output_bytes} bytes to standard output"


def test_a_flood_of_errors_ends_the_box(start: Boxes) -> None:
    box = start("flood", "2", limits=SMALL)
    assert ending(box) == f"wrote more than {SMALL.output_bytes} bytes to standard error"
    assert len(box.stderr_tail()) <= 16384


def test_a_flood_nobody_reads_waits_in_the_box(start: Boxes) -> None:
    box = start("flood", "1", limits=replace(SMALL, wall_seconds=1.0, output_bytes=10**12))
    select.select([box.stdout], [], [], 10)
    box.stop()
    assert box.ended() == "stopped by the scan"


def test_output_written_before_the_end_arrives_whole(start: Boxes) -> None:
    box = start("echo", "0123456789", "100000")
    assert everything(box) == b"0123456789" * 100000
    assert box.ended() == "exited with status 0"


def test_sleeping_forever_ends_with_the_time(start: Boxes) -> None:
    assert ending(start("stay", limits=replace(QUICK, wall_seconds=1.0))) == "ran longer than 1 s"


def test_a_busy_loop_ends_with_its_processor_time(start: Boxes) -> None:
    assert ending(start("spin", limits=replace(QUICK, cpu_seconds=1))) in (
        "was killed by SIGKILL",
        "was killed by SIGXCPU",
    )


def test_ignoring_every_signal_does_not_help(start: Boxes) -> None:
    box = start("stay", "stay-8d02")
    assert b"ready" in box.stdout.read(100)
    assert box.ended() is None
    box.stop()
    box.stop()
    assert box.ended() == "stopped by the scan"
    assert alive("stay-8d02") == []


@pytest.mark.parametrize("how", ["stay", "leave"])
def test_a_detached_process_ends_with_the_box(start: Boxes, how: str) -> None:
    token = f"daemon-{how}-77c1"
    box = start("daemonize", token, how)
    if how == "stay":
        assert b"ready" in box.stdout.read(100)
        assert alive(token) != []
        box.stop()
    else:
        ending(box)
    assert alive(token) == []


SCANNER = """
import sys
sys.path[:0] = {path!r}
from host.boxing import spec
from ostiary.host.bubblewrap import Bubblewrap
box = Bubblewrap(groups={groups!r}).start(spec("daemonize", {token!r}))
box.stdout.read(1)
print(box.init, flush=True)
sys.stdin.read()
"""


def test_everything_ends_when_the_scan_is_killed(needs_box: Bubblewrap) -> None:
    token = "orphan-c2b9"
    code = SCANNER.format(path=sys.path, groups=needs_box.groups, token=token)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as scanner:
        assert scanner.stdout is not None
        handle = os.pidfd_open(int(scanner.stdout.readline()))
        assert alive(token) != []
        scanner.send_signal(signal.SIGKILL)
    gone, _, _ = select.select([handle], [], [], 10)
    os.close(handle)
    assert gone == [handle]
    assert alive(token) == []


def test_a_box_outlives_the_thread_that_asked_for_it(needs_box: Bubblewrap) -> None:
    started: list[BoxedServer] = []
    thread = threading.Thread(target=lambda: started.append(needs_box.start(spec("stay"))))
    thread.start()
    thread.join()
    box = started[0]
    try:
        assert b"ready" in box.stdout.read(100)
        assert box.ended() is None
    finally:
        box.stop()


def test_many_boxes_at_once(needs_box: Bubblewrap) -> None:
    words: list[str] = []

    def one(number: int) -> None:
        box = needs_box.start(spec("echo", f"{number},", "1"))
        words.append(everything(box).decode())
        box.stop()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(words) == [f"{number}," for number in range(8)]


def test_no_descriptor_and_no_group_stays_behind(needs_box: Bubblewrap) -> None:
    def state() -> tuple[list[str], list[Path]]:
        groups = Path("/sys/fs/cgroup").rglob(f"ostiary-{os.getpid()}-*")
        return sorted(one.name for one in Path("/proc/self/fd").iterdir()), sorted(groups)

    before = state()
    box = needs_box.start(spec("echo", "x", "1"))
    everything(box)
    box.stop()
    assert state() == before


def test_limits_are_positive_by_default() -> None:
    limits = Limits()
    bounds = (limits.wall_seconds, limits.cpu_seconds, limits.processes, limits.open_files)
    assert all(one is not None and one > 0 for one in bounds)


def test_a_fork_bomb_ends_where_the_kernel_counts_nothing(start: Boxes, tmp_path: Path) -> None:
    """Root that has to keep its own id, because the box is given a private file."""
    private = tmp_path / "private"
    private.write_text("")
    private.chmod(0o600)
    box = start("fork_bomb", "bomb-9e0f", also=(private,))
    reason = ending(box)
    assert reason in ("reached 48 processes and threads", "used more than 256 MiB of memory")
    assert alive("bomb-9e0f") == []
