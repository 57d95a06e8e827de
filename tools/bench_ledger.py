"""What the record costs a call: microseconds of one process, best of several rounds."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ostiary.ledger.content import content_of
from ostiary.ledger.keys import trusted
from ostiary.ledger.opening import open_ledger
from ostiary.ledger.sealing import make_auditor, sealer
from ostiary.ledger.settings import Durability, Form, LedgerSettings
from ostiary.ledger.verify import Verdict, verify
from ostiary.model.event import Event, EventKind
from ostiary.model.json import JsonObject

ARGUMENTS: JsonObject = {
    "owner": "acme",
    "repo": "website",
    "title": "Login is broken",
    "body": "Please have a look at the login page, it is broken since yesterday.",
    "labels": ["bug", "p1"],
}
ROUNDS, CALLS = 7, 3_000


def event() -> Event:
    """An event such as the gateway records before it forwards a call."""
    return Event(
        EventKind.REQUEST,
        time.time(),
        call="0123456789abcdef",
        principal="local:editor",
        client="editor",
        session="0123456789abcdef",
        server="github",
        method="tools/call",
        thing="tool:create_issue",
        levels=("read", "write"),
        effect="allow",
        rules=("policy:team",),
        why="the team may change what it owns",
        policy="0123456789abcdef",
        lock="0123456789abcdef",
        content=content_of(ARGUMENTS, Form.REDACTED),
        detail={"bytes": 120},
    )


def micro(act: Callable[[], object]) -> float:
    """Microseconds of one ``act``."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(CALLS):
            act()
        best = min(best, (time.perf_counter() - start) / CALLS)
    return round(best * 1e6, 2)


def measure() -> dict[str, float]:
    """Every measured cost by its name."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        settings = LedgerSettings(folder / "ledger", folder / "ledger.key")
        ledger = open_ledger(settings)
        one = event()
        found = {"append_us": micro(lambda: ledger.append(one))}
        ledger.close()
        found |= _content(folder)
        found |= asyncio.run(_disk(replace(settings, path=folder / "disk"), one))
        start = time.perf_counter()
        report = verify(settings.path, trusted(folder / "ledger.key.pub"))
        took = time.perf_counter() - start
        assert report.verdict is Verdict.INTACT
        found["verify_us"] = round(took / report.chains[0].records * 1e6, 2)
    return found


def _content(folder: Path) -> dict[str, float]:
    seal = sealer(make_auditor(folder / "auditor"))
    return {
        f"content_{form.value}_us": micro(lambda form=form: content_of(ARGUMENTS, form, seal))  # type: ignore[misc]
        for form in Form
    }


async def _disk(settings: LedgerSettings, one: Event) -> dict[str, float]:
    """Milliseconds until one record, and a hundred at once, are on the disk."""
    ledger = open_ledger(replace(settings, durability=Durability.DISK))

    async def wait() -> None:
        await ledger.settled(ledger.append(one))

    found = {}
    for count in (1, 100):
        best = float("inf")
        for _ in range(20):
            start = time.perf_counter()
            await asyncio.gather(*(wait() for _ in range(count)))
            best = min(best, time.perf_counter() - start)
        found[f"settled_{count}_ms"] = round(best * 1e3, 3)
    ledger.close()
    return found


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
