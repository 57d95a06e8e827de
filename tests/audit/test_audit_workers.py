"""A worker that dies, hangs or eats memory is an answer that names its target, never a lost run."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ostiary.audit import worker
from ostiary.audit.asked import Asked, Bounds
from ostiary.audit.cache import Cache
from ostiary.audit.conclude import conclude
from ostiary.audit.order import Order
from ostiary.audit.perform import judge
from ostiary.audit.reading import Reading
from ostiary.audit.stored import NotStored, from_bytes, to_bytes
from ostiary.audit.workers import Watch, run
from ostiary.model.audit import Context, VerdictKind
from ostiary.supply.artifact.options import AcquireOptions

SERVER = """
import os
from mcp.server.fastmcp import FastMCP
server = FastMCP("demo")

@server.tool()
def run(line: str) -> str:
    '''Run a line.'''
    return os.popen(line).read()
"""
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def server(folder: Path, text: str = SERVER) -> str:
    folder.mkdir(parents=True)
    (folder / "server.py").write_text(text)
    return str(folder)


def asked(given: str, tmp_path: Path, **more: Any) -> Asked:
    order = Order(NOW, AcquireOptions(tmp_path / "cache", may_fetch=False))
    return Asked(given, order, **more)


def answers(
    targets: list[Asked], jobs: int = 2, unkept: Callable[[str], None] = lambda _: None
) -> list[Reading]:
    watch = Watch(lambda *_: None, lambda _: None, unkept)
    found = {one.number: one.answer for one in run(targets, jobs, watch)}
    readings = [found[number] for number in range(len(targets))]
    return [one for one in readings if isinstance(one, Reading)]


def rigged(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let the worker whose target is called ``bad`` do something else."""

    def instead(fetched: Any, order: Order) -> Reading:
        if fetched.acquired.target.name == "bad":
            act()
        return judge(fetched, order)

    monkeypatch.setattr(worker, "judge", instead)


def hang() -> None:
    threading.Event().wait()


def spin() -> None:
    while True:
        pass


def eat() -> None:
    held = []
    while True:
        held.append(bytearray(32 * 1024 * 1024))


@pytest.mark.parametrize(
    ("act", "says", "bounds"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGSEGV), "SIGSEGV", Bounds()),
        (lambda: os._exit(7), "code 7", Bounds()),
        (hang, "longer than 1 s", Bounds(seconds=0.5, patience=2)),
        (spin, "longer than 1 s of processor time", Bounds(seconds=1, patience=100)),
        (eat, "MiB of memory", Bounds(memory=2 * 1024**3)),
        (lambda: 1 / 0, "ZeroDivisionError", Bounds()),
    ],
    ids=["crash", "exit", "hang", "spin", "memory", "fault"],
)
def test_one_bad_worker_is_named_and_the_others_answer(
    act: Callable[[], object],
    says: str,
    bounds: Bounds,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rigged(monkeypatch, act)
    bad, good = server(tmp_path / "bad"), server(tmp_path / "good")
    first, second = answers([asked(bad, tmp_path, bounds=bounds), asked(good, tmp_path)])
    (gap,) = first.not_checked
    assert gap.subject == bad
    assert says in gap.reason
    assert first.target.digest.startswith("sha256:")
    assert conclude(first, Context()).result.verdict.kind is VerdictKind.NOT_ENOUGH
    assert "command-injection" in {one.rule for one in second.findings}


def test_a_second_run_takes_what_was_kept_and_fresh_makes_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, cache = server(tmp_path / "bad"), Cache(tmp_path / "kept")
    (first,) = answers([asked(target, tmp_path, cache=cache)])
    rigged(monkeypatch, hang)
    (second,) = answers([asked(target, tmp_path, cache=cache)])
    assert second == first
    again = asked(target, tmp_path, cache=cache, fresh=True, bounds=Bounds(seconds=1, patience=1))
    assert "longer than" in answers([again])[0].not_checked[0].reason


def test_what_is_kept_is_private_and_damage_is_mended(tmp_path: Path) -> None:
    target, cache = server(tmp_path / "one"), Cache(tmp_path / "kept")
    (first,) = answers([asked(target, tmp_path, cache=cache)])
    (file,) = cache.folder.glob("*.reading")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    whole = file.read_bytes()
    for damaged in (whole[:-9], whole[:60] + b"x" + whole[61:], b"", b"[1, 2]"):
        file.write_bytes(damaged)
        assert answers([asked(target, tmp_path, cache=cache)]) == [first]
        assert file.read_bytes() == whole


def test_what_was_kept_longest_ago_is_forgotten_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for number, name in enumerate(("old", "middle", "late")):
        cache.write(name, os.urandom(5_000))
        os.utime(next(tmp_path.glob(f"{name}*")), (number, number))
    cache.prune(12_000)
    assert [cache.read(name) is not None for name in ("old", "middle", "late")] == [
        False,
        True,
        True,
    ]
    cache.prune()
    assert cache.read("middle") is not None


def test_a_reading_that_others_may_write_is_not_taken(tmp_path: Path) -> None:
    target, cache = server(tmp_path / "one"), Cache(tmp_path / "kept")
    answers([asked(target, tmp_path, cache=cache)])
    (file,) = cache.folder.glob("*.reading")
    file.chmod(0o666)
    assert cache.read(file.name.partition(".")[0]) is None


def test_a_changed_file_or_another_surface_is_another_reading(tmp_path: Path) -> None:
    target, cache = server(tmp_path / "one"), Cache(tmp_path / "kept")
    (first,) = answers([asked(target, tmp_path, cache=cache)])
    (tmp_path / "one" / "server.py").write_text(SERVER.replace("os.popen(line).read()", "line"))
    (second,) = answers([asked(target, tmp_path, cache=cache)])
    rules = [{one.rule for one in reading.findings} for reading in (first, second)]
    assert ["command-injection" in one for one in rules] == [True, False]
    assert list(cache.readings()) == [second, first]


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    told: list[str] = []
    target = asked(server(tmp_path / "one"), tmp_path, cache=Cache(blocked))
    (found,) = answers([target], unkept=told.append)
    assert found.findings
    assert told[0] in ("Not a directory", "File exists")


def test_readings_survive_being_stored(tmp_path: Path) -> None:
    (found,) = answers([asked(server(tmp_path / "one"), tmp_path)])
    assert from_bytes(Reading, to_bytes(found)) == found
    for data in (b"", b"{}", b"[]", to_bytes(found)[:-1], b"[" * 100_000):
        with pytest.raises(NotStored):
            from_bytes(Reading, data)


def test_a_bomb_is_named_and_its_neighbour_is_read(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.mcpb"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", '{"name": "b", "version": "1"}')
        for number in range(40):
            archive.writestr(f"part{number}.bin", bytes(32 * 1024 * 1024))
    good = server(tmp_path / "good")
    first, second = answers([asked(str(bomb), tmp_path), asked(good, tmp_path)])
    assert first.not_checked
    assert first.target.given == str(bomb)
    assert second.findings


def test_workers_end_with_the_one_who_asked(tmp_path: Path) -> None:
    """A run that is stopped leaves no process behind."""
    target = server(tmp_path / "bad")
    script = f"""
import os, sys, threading
from datetime import UTC, datetime
from pathlib import Path
from ostiary.audit import worker
from ostiary.audit.order import Order
from ostiary.audit.asked import Asked
from ostiary.audit.workers import Watch, run
from ostiary.supply.artifact.options import AcquireOptions

def hang(fetched, order):
    print(os.getpid(), flush=True)
    threading.Event().wait()

worker.judge = hang
order = Order(datetime.now(UTC), AcquireOptions(Path({str(tmp_path / "c")!r}), may_fetch=False))
asked = [Asked({target!r}, order)]
list(run(asked, 1, Watch(lambda *_: None, lambda _: None, lambda _: None)))
"""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", script], stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_worker_does_not_wait_with_its_answer_for_one_who_was_killed(tmp_path: Path) -> None:
    target = server(tmp_path / "bad")
    script = f"""
import os
from datetime import UTC, datetime
from pathlib import Path
from ostiary.audit import worker
from ostiary.audit.order import Order
from ostiary.audit.asked import Asked
from ostiary.audit.workers import Watch, run
from ostiary.supply.artifact.options import AcquireOptions

alive, held = os.pipe()

def outlive(fetched, order):
    os.close(held)
    print(os.getpid(), flush=True)
    os.read(alive, 1)  # ends when the only one who holds the other end is gone
    raise ValueError

worker.judge = outlive
worker.failed = lambda *_: bytes(10_000_000)
order = Order(datetime.now(UTC), AcquireOptions(Path({str(tmp_path / "c")!r}), may_fetch=False))
asked = [Asked({target!r}, order)]
list(run(asked, 1, Watch(lambda *_: None, lambda _: None, lambda _: None)))
"""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", script], stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
        try:
            _, complaints = process.communicate(timeout=60)  # the worker holds both open
        finally:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
    assert complaints == b""
