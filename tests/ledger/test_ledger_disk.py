"""A disk that is full, for real; group commit; a disk that fails when it is asked to keep."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.ledger_make import event, files, opened, text_of, verified
from ostiary.ledger.settings import Durability
from ostiary.ledger.verify import Verdict
from ostiary.model.event import RecordUnwritable

FULL = """
import json, os, resource, sys
from pathlib import Path
from ledger.ledger_make import event, opened
from ostiary.model.event import RecordUnwritable

folder, how = Path(sys.argv[1]), sys.argv[2]
ballast = folder / "ballast"

def tighten():
    if how == "limit":
        used = max(p.stat().st_size for p in (folder / "ledger" / "01").glob("*.log"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (used + 2_500, resource.RLIM_INFINITY))
    else:
        space = os.statvfs(folder)
        ballast.write_bytes(b"x" * ((space.f_bavail - 1) * space.f_bsize))

def loosen():
    if how == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    else:
        ballast.unlink()

ledger = opened(folder, segment_bytes=1 << 20)
kept, refused, why = [], 0, ""
for round in range(3):
    for n in range(10):
        receipt = ledger.append(event(n))
        kept.append([receipt.number, receipt.hash])
    tighten()
    for n in range(60):
        try:
            receipt = ledger.append(event(n, why="y" * 333))
            kept.append([receipt.number, receipt.hash])
        except RecordUnwritable as error:
            refused += 1
            why = str(error)
    loosen()
    receipt = ledger.append(event(5))
    kept.append([receipt.number, receipt.hash])
ledger.close()
print(json.dumps({"kept": kept, "refused": refused, "why": why}))
"""


def _judge(folder: Path, out: str) -> None:
    told = json.loads(out)
    assert told["refused"] > 60
    assert "free the disk" in told["why"]
    there = {}
    for line in text_of(folder).splitlines():
        record = json.loads(line)
        there[record["number"]] = record["hash"]
    assert {number: mark for number, mark in told["kept"]}.items() <= there.items()
    assert verified(folder).verdict is Verdict.INTACT
    assert b'"method":"ledger/unwritable"' in text_of(folder)
    assert f"{told['refused']}" in str(
        sum(
            json.loads(line)["detail"]["attempts"]
            for line in text_of(folder).splitlines()
            if b'"method":"ledger/unwritable"' in line
        )
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}


@pytest.mark.proves("EN-07")
def test_a_file_that_may_not_grow_refuses_and_recovers(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path), "limit"],
        env=_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    _judge(tmp_path, done.stdout)


def test_a_full_file_system_refuses_and_recovers(tmp_path: Path) -> None:
    mounted = tmp_path / "small"
    mounted.mkdir()
    copied = tmp_path / "copied"
    script = (
        f"mount -t tmpfs -o size=256k none {mounted} || exit 99; "
        f'"$0" -c "$1" {mounted} tmpfs || exit 1; cp -r {mounted} {copied}'
    )
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script, sys.executable, FULL],
        env=_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode in (99, 126, 127) or "unshare" in done.stderr:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    _judge(copied, done.stdout)


def test_waiters_share_one_synchronisation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    real = os.fdatasync

    def counted(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        real(descriptor)

    ledger = opened(
        tmp_path, durability=Durability.DISK, checkpoint_records=10_000, segment_bytes=1 << 24
    )
    monkeypatch.setattr(os, "fdatasync", counted)

    async def one(number: int) -> int:
        receipt = ledger.append(event(number))
        await ledger.settled(receipt)
        return receipt.number

    async def main() -> list[int]:
        return await asyncio.gather(*(one(number) for number in range(200)))

    numbers = asyncio.run(main())
    assert len(set(numbers)) == 200
    assert 1 <= calls <= 4, "two hundred waiters, a handful of synchronisations"
    ledger.close()
    assert verified(tmp_path).verdict is Verdict.INTACT


def test_durability_survives_rotation(tmp_path: Path) -> None:
    ledger = opened(tmp_path, durability=Durability.DISK)

    async def one(number: int) -> None:
        await ledger.settled(ledger.append(event(number)))

    async def main() -> None:
        for start in range(0, 120, 20):
            await asyncio.gather(*(one(start + number) for number in range(20)))

    asyncio.run(main())
    ledger.close()
    assert len(files(tmp_path)) > 3
    assert verified(tmp_path).verdict is Verdict.INTACT


def test_a_waiter_that_is_cancelled_takes_nobody_along(tmp_path: Path) -> None:
    ledger = opened(tmp_path, durability=Durability.DISK)

    async def main() -> None:
        receipts = [ledger.append(event(number)) for number in range(3)]
        waits = [asyncio.ensure_future(ledger.settled(one)) for one in receipts]
        await asyncio.sleep(0)
        waits[0].cancel()
        await asyncio.gather(*waits[1:])

    asyncio.run(main())
    ledger.close()


def test_a_disk_that_fails_stops_the_record_until_it_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = opened(tmp_path, durability=Durability.DISK)
    receipt = ledger.append(event(1))

    def failing(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fdatasync", failing)
    with pytest.raises(RecordUnwritable, match="mend the disk"):
        asyncio.run(ledger.settled(receipt))
    monkeypatch.undo()
    with pytest.raises(RecordUnwritable, match="mend the disk"):
        ledger.append(event(2))
    with pytest.raises(RecordUnwritable):
        asyncio.run(ledger.settled(receipt))
    ledger.close()
    again = opened(tmp_path)
    again.append(event(3))
    again.close()
    assert verified(tmp_path).verdict is Verdict.INTACT


def test_the_operating_system_is_enough_by_default(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    receipt = ledger.append(event(1))
    with pytest.raises(StopIteration):
        ledger.settled(receipt).send(None)
    assert receipt.hash.encode() in text_of(tmp_path)
    ledger.close()
