"""Ledgers for tests: small segments, few records between checkpoints, clocks that are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ostiary.ledger.keys import trusted
from ostiary.ledger.opening import open_ledger
from ostiary.ledger.settings import LedgerSettings
from ostiary.ledger.verify import Anchor, Report, verify
from ostiary.ledger.writer import Ledger
from ostiary.model.event import Event, EventKind

NOON = 1_795_000_000.0


class Clocks:
    """A wall clock and a steady clock that stand still until moved."""

    def __init__(self) -> None:
        self.wall = NOON
        self.steady = 1_000.0

    def pass_time(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


def settings(folder: Path, **changes: Any) -> LedgerSettings:
    small = LedgerSettings(
        path=folder / "ledger",
        key=folder / "ledger.key",
        segment_bytes=6_000,
        checkpoint_records=7,
    )
    return replace(small, **changes)


def opened(folder: Path, clocks: Clocks | None = None, writer: str = "", **changes: Any) -> Ledger:
    told = clocks or Clocks()
    return open_ledger(
        settings(folder, **changes),
        lambda: told.wall,
        steady=lambda: told.steady,
        writer=writer,
    )


def event(number: int = 0, **changes: Any) -> Event:
    first = Event(
        EventKind.REQUEST,
        NOON + number,
        call=f"call-{number}",
        principal="local:editor",
        agent="planner",
        client="editor",
        session="s-1",
        server="github",
        method="tools/call",
        thing="tool:create_issue",
        levels=("write",),
        effect="allow",
        rules=("policy:team",),
        why="the team may",
        policy="p1",
        lock="l1",
        detail={"n": number},
    )
    return replace(first, **changes)


def filled(folder: Path, count: int = 40, **changes: Any) -> LedgerSettings:
    """A closed ledger of ``count`` events in several segments."""
    ledger = opened(folder, **changes)
    for number in range(count):
        ledger.append(event(number))
    ledger.close()
    return settings(folder, **changes)


def verified(folder: Path, *anchors: Anchor) -> Report:
    one = settings(folder)
    return verify(one.path, trusted(one.key.with_name("ledger.key.pub")), anchors)


def reasons(report: Report) -> str:
    return "\n".join([*(flaw.reason for flaw in report.flaws), *report.gaps])


def files(folder: Path, writer: str = "01") -> list[Path]:
    return sorted((folder / "ledger" / writer).glob("*.log"))


def text_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in files(folder))


Change = Callable[[bytes], bytes]
