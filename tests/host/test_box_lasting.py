"""A box that lasts as long as its server is needed: what adds up is free, the rest is bounded."""

from __future__ import annotations

import resource
import threading
from dataclasses import replace
from pathlib import Path

from host.boxing import Boxes, everything, spec
from ostiary.host.box import MEBIBYTE, Limits
from ostiary.host.bubblewrap import Bubblewrap

LASTING = Limits.lasting(256 * MEBIBYTE, 48)


def test_nothing_that_adds_up_is_bounded(start: Boxes) -> None:
    box = start("stay", limits=LASTING)
    assert b"ready" in box.stdout.read(100)
    limits = Path(f"/proc/{box.init}/limits").read_text()
    cpu = next(line for line in limits.splitlines() if line.startswith("Max cpu time"))
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if (soft, hard) == (resource.RLIM_INFINITY, resource.RLIM_INFINITY):
        assert cpu.split()[3:5] == ["unlimited", "unlimited"]
    assert box.ended() is None
    box.stop()
    assert box.ended() == "stopped by the scan"


def test_output_may_add_up_and_arrives_whole(start: Boxes) -> None:
    size = 80 * MEBIBYTE
    box = start("echo", "0123456789abcdef", str(size // 16), limits=LASTING)
    came = 0
    while more := box.stdout.read(65536):
        came += len(more)
    assert came == size > (Limits().output_bytes or 0)
    assert box.wait(10) == "exited with status 0"


def test_the_reader_holds_the_pipe_of_the_box_itself(start: Boxes) -> None:
    """No thread stands between the two: a message costs one switch less."""
    box = start("stay", limits=LASTING)
    assert box.stdout is box._keeper._relay.reader
    assert box.stdout.fileno() >= 0
    box.stop()
    assert box.stdout.closed


def test_memory_and_processes_stay_bounded(start: Boxes) -> None:
    box = start("memory_bomb", limits=LASTING)
    everything(box)
    assert box.wait(20) in ("used more than 256 MiB of memory", "exited with status 1")
    box = start("fork_bomb", "bomb-7c10", limits=LASTING)
    everything(box)
    reached = ("reached 48 processes and threads", "used more than 256 MiB of memory")
    assert (box.wait(20) or "") in reached


def test_a_flood_of_errors_is_slowed_down_and_ends_nothing(start: Boxes) -> None:
    box = start("flood", "2", limits=LASTING)
    tail = box._keeper._tail
    looked = threading.Event()
    go_on = tail.go_on

    def looking() -> None:
        looked.set()
        go_on()

    tail.go_on = looking  # type: ignore[method-assign]
    for _ in range(2):
        assert looked.wait(10)
        looked.clear()
        # Between two looks no more than a little over one mebibyte is taken in.
        assert tail._seen <= MEBIBYTE + 65536
    assert box.ended() is None
    assert 0 < len(box.stderr_tail()) <= 16384
    box.stop()


def test_waiting_for_the_end_ends_in_time(start: Boxes) -> None:
    box = start("stay", limits=LASTING)
    assert box.wait(0.05) is None
    box.stop()
    assert box.wait(0) == "stopped by the scan"


def test_a_time_can_still_be_set(start: Boxes) -> None:
    limits = replace(LASTING, wall_seconds=0.3)
    assert start("stay", limits=limits).wait(20) == "ran longer than 0.3 s"


def test_looks_are_rare_only_where_the_kernel_keeps_the_bounds(needs_box: Bubblewrap) -> None:
    box = needs_box.start(spec("stay", limits=LASTING))
    keeper = box._keeper
    bounded = needs_box.groups and keeper._between_looks == LASTING.look_seconds
    assert bounded or keeper._between_looks == 0.25
    box.stop()
