"""``kill -9`` under load, again and again: nothing acknowledged is lost, everything verifies."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.ledger_make import settings, verified
from ostiary.ledger.reading import records
from ostiary.ledger.verify import Verdict

WRITER = """
import sys, time
from ostiary.ledger.opening import open_ledger
from ostiary.ledger.settings import Durability, LedgerSettings
from ostiary.model.event import Event, EventKind
from pathlib import Path

folder = Path(sys.argv[1])
ledger = open_ledger(LedgerSettings(folder / "ledger", folder / "ledger.key",
    segment_bytes=400_000, checkpoint_records=50))
out = sys.stdout
n = 0
while True:
    n += 1
    size = 40_000 if n % 5 == 0 else n % 300
    receipt = ledger.append(Event(EventKind.REQUEST, time.time(), call=f"c{n}", why="x" * size))
    out.write(f"{receipt.writer} {receipt.number} {receipt.hash}\\n")
    out.flush()
"""


@pytest.mark.proves("EN-07")
def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    chance = random.Random(7)
    acknowledged: dict[tuple[str, int], str] = {}
    for _ in range(6):
        _run_and_kill(tmp_path, chance.randint(40, 900), acknowledged)
        report = verified(tmp_path)
        # Before the next start there may be an unfinished line, but never a wrong one.
        assert report.verdict in (Verdict.INTACT, Verdict.INCOMPLETE), report.flaws
    there = {(one.writer, one.number): one.hash for one in records(settings(tmp_path).path)}
    assert len(acknowledged) > 200
    assert acknowledged.items() <= there.items()
    from ostiary.ledger.opening import open_ledger

    ledger = open_ledger(settings(tmp_path))
    ledger.close()
    report = verified(tmp_path)
    assert report.verdict is Verdict.INTACT
    assert len([note for note in report.chains[0].notes if "the last run ended" in note]) == 6


def _run_and_kill(folder: Path, lines: int, acknowledged: dict[tuple[str, int], str]) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    with run, run.stdout as out:
        for _ in range(lines):
            _keep(out.readline(), acknowledged)
        os.kill(run.pid, signal.SIGKILL)
        for line in out:
            if line.endswith("\n"):
                _keep(line, acknowledged)


def _keep(line: str, acknowledged: dict[tuple[str, int], str]) -> None:
    writer, number, mark = line.split()
    acknowledged[writer, int(number)] = mark


def test_many_writers_at_once_each_keep_a_chain(tmp_path: Path) -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    acknowledged: dict[tuple[str, int], str] = {}
    for run in runs:
        assert run.stdout is not None
        for _ in range(150):
            _keep(run.stdout.readline(), acknowledged)
    live = verified(tmp_path)
    assert live.verdict is Verdict.INTACT, (live.flaws, live.gaps)
    assert [chain.live for chain in live.chains] == [True] * 4
    for run in runs:
        with run:
            run.kill()
    there = {(one.writer, one.number): one.hash for one in records(settings(tmp_path).path)}
    assert acknowledged.items() <= there.items()
    assert {writer for writer, _ in acknowledged} == {"01", "02", "03", "04"}
    assert verified(tmp_path).verdict is not Verdict.TAMPERED


TURNING = """
import os, sys
from pathlib import Path
from ledger.ledger_make import event, settings
from ostiary.ledger.opening import open_ledger

folder = Path(sys.argv[1])
while True:
    ledger = open_ledger(settings(folder, segment_bytes=3000, checkpoint_records=3), writer="01")
    for number in range(20):
        receipt = ledger.append(event(number))
        os.write(1, f"{receipt.writer} {receipt.number} {receipt.hash}\\n".encode())
    ledger.close()
"""


def test_a_kill_while_files_are_opened_turned_and_closed_is_no_damage(tmp_path: Path) -> None:
    chance = random.Random(3)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    acknowledged: dict[tuple[str, int], str] = {}
    for _ in range(20):
        run = subprocess.Popen(
            [sys.executable, "-c", TURNING, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert run.stdout is not None
        with run, run.stdout as out:
            for _ in range(chance.randint(1, 90)):
                _keep(out.readline(), acknowledged)
            run.kill()
            for line in out:
                if line.endswith("\n"):
                    _keep(line, acknowledged)
        report = verified(tmp_path)
        assert report.verdict is not Verdict.TAMPERED, report.flaws
    there = {(one.writer, one.number): one.hash for one in records(settings(tmp_path).path)}
    assert acknowledged.items() <= there.items()
