"""Reviewing what was approved: dates, drift and use, for people and for a pipeline."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli.command import Ran, example_servers, ostiary, write
from ostiary.ledger.opening import open_ledger
from ostiary.ledger.settings import LedgerSettings
from ostiary.model.event import Event, EventKind

HERE = ("--despite", "launch-from-temporary-folder=it is a test")


@pytest.fixture
def servers(tmp_path: Path) -> Path:
    return example_servers(tmp_path / "servers")


@pytest.fixture
def home(tmp_path: Path, servers: Path) -> Path:
    entry = {"command": "python3", "args": [str(servers / "quotes.py")]}
    write(tmp_path / "home" / ".kiro" / "settings" / "mcp.json", {"mcpServers": {"quotes": entry}})
    ran = ostiary(
        "approve", "quotes", "--yes", "--review-by", "+10d", "--owner", "ann", *HERE,
        home=tmp_path / "home",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    return tmp_path / "home"


def review(home: Path, *arguments: str) -> Ran:
    return ostiary("review", *arguments, home=home)


def lock(home: Path) -> dict[str, object]:
    found = json.loads((home / "ostiary.lock").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.mark.proves("EN-26")
def test_a_pipeline_fails_on_the_day_something_is_due(home: Path) -> None:
    assert review(home, "--due").code == 0
    soon = review(home, "--due", "--within", "30", "--json")
    assert soon.code == 1
    assert soon.json["due"][0]["server"] == "quotes"
    assert soon.json["due"][0]["days"] == 10
    assert soon.json["due"][0]["owner"] == "ann"


@pytest.mark.proves("EN-26")
def test_keeping_puts_the_day_off_and_is_recorded(home: Path) -> None:
    asked = review(home, "quotes", "--keep")
    assert asked.code == 2
    ran = review(home, "quotes", "--keep", "--review-by", "+60d", "--reason", "still used", "--yes")
    assert ran.code == 0, ran.err
    assert review(home, "--due", "--within", "30").code == 0
    assert lock(home)["serial"] == 2
    rows = ostiary("log", "query", "--kind", "approval", "--json", home=home).out.splitlines()
    kept = [json.loads(row) for row in rows if "approval/kept" in row]
    assert [row["why"] for row in kept] == ["still used"]


@pytest.mark.proves("RD-02", "RD-10")
def test_drift_is_found_by_looking_again(home: Path, servers: Path) -> None:
    fine = review(home, "--yes")
    assert fine.code == 0, fine.err
    assert "shows what was approved" in fine.out
    shutil.copy(servers / "quotes" / "later.py", servers / "quotes.py")
    ran = review(home, "--yes")
    assert ran.code == 1
    assert "changed: tool daily_quote" in ran.out
    assert "tool delete_cache" in ran.out
    told = review(home, "--yes", "--json").json["servers"][0]
    assert any(one["severity"] == "critical" for one in told["changes"])
    assert lock(home)["serial"] == 1


def test_nothing_starts_without_a_yes(home: Path, servers: Path) -> None:
    marker = servers / "started"
    (servers / "quotes.py").write_text(f"open({str(marker)!r}, 'w')\n", encoding="utf-8")
    ran = review(home)
    assert ran.code == 2
    assert "--offline" in ran.err
    assert review(home, "--offline").code == 0
    assert not marker.exists()


def test_a_server_that_cannot_be_looked_at_is_not_called_clean(home: Path, servers: Path) -> None:
    (servers / "quotes.py").unlink()
    ran = review(home, "--yes")
    assert ran.code == 3
    assert "not looked at" in ran.out
    assert "shows what was approved" not in ran.out


def test_what_is_never_used_is_told(home: Path) -> None:
    assert "never used since it was approved" in review(home, "--offline").out
    state = home / ".local" / "state" / "ostiary"
    at = json.loads(review(home, "--offline", "--json").out)["servers"][0]["approved_at"]
    assert at
    ledger = open_ledger(LedgerSettings.from_table({}, state))
    ledger.append(
        Event(EventKind.REQUEST, at=4_000_000_000.0, server="quotes", thing="tool:daily_quote")
    )
    ledger.close()
    told = review(home, "--offline", "--json").json["servers"][0]["use"]
    assert (told["calls"], told["unused"]) == (1, [])


@pytest.mark.proves("RD-10")
def test_what_the_gateway_withheld_waits_for_a_person(home: Path) -> None:
    ledger = open_ledger(LedgerSettings.from_table({}, home / ".local" / "state" / "ostiary"))
    ledger.append(
        Event(
            EventKind.DRIFT,
            at=4_000_000_000.0,
            server="quotes",
            thing="tool:daily_quote",
            why="tool daily_quote is not as it was approved: changed in description",
            detail={"digest": "0" * 64, "words": []},
        )
    )
    ledger.close()
    words = "tool:daily_quote: tool daily_quote is not as it was approved: changed in description"
    assert ostiary("approve", "--json", home=home).json["drifted"] == {"quotes": [words]}
    assert f"withheld: {words}" in ostiary("approve", home=home).out
    ran = review(home, "--offline")
    assert ran.code == 1
    assert f"withheld by the gateway: {words}" in ran.out
    assert review(home, "--yes").code == 0


def test_unknown_servers_and_broken_locks_are_told(home: Path) -> None:
    assert "is not approved" in review(home, "nobody").err
    (home / "ostiary.lock").write_text("<<<<<<< HEAD\n{}\n", encoding="utf-8")
    ran = review(home, "--due")
    assert ran.code == 2
    assert "merge conflict" in ran.err
