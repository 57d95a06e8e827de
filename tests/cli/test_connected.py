"""Scanning with consent: real servers in real boxes, remembered and compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.command import Ran, example_servers, ostiary, write


@pytest.fixture
def servers(tmp_path: Path) -> Path:
    return example_servers(tmp_path / "servers")


@pytest.fixture
def home(tmp_path: Path, servers: Path) -> Path:
    entries: dict[str, Any] = {
        name: {"command": "python3", "args": [str(servers / f"{name}.py")]}
        for name in ("weather", "notes", "quotes")
    }
    entries["broken"] = {"command": "python3", "args": [str(servers / "nowhere.py")]}
    entries["off"] = {"command": "python3", "args": [str(servers / "off.py")], "disabled": True}
    write(tmp_path / "home" / ".kiro" / "settings" / "mcp.json", {"mcpServers": entries})
    return tmp_path / "home"


def connect(home: Path, *more: str) -> Ran:
    return ostiary("scan", "--connect", "--json", *more, home=home)


@pytest.mark.proves("RD-02", "MS-27", "SA-22")
def test_hostile_servers_are_found_out_from_inside_the_box(home: Path) -> None:
    ran = connect(home)
    assert ran.code == 4, ran.err
    rules = {(one["location"]["server"], one["rule"]) for one in ran.json["findings"]}
    assert ("weather", "planted-instruction") in rules
    assert ("notes", "hidden-characters") in rules
    assert not [rule for server, rule in rules if server == "quotes" and "drift" in rule]
    problems = {one["subject"]: one for one in ran.json["not_checked"]}
    assert len(problems) == 1
    assert "broken" in next(iter(problems))
    assert not (home / ".kiro" / "settings" / "marker").exists()


@pytest.mark.proves("CR-21", "RD-22", "RD-09")
def test_a_server_that_changed_since_last_time_is_told_in_words(home: Path, servers: Path) -> None:
    assert connect(home).json["changes"] == []
    assert connect(home).json["changes"] == []
    shutil.copy(servers / "quotes" / "later.py", servers / "quotes.py")
    changed = connect(home).json
    said = {(one["part"], one["says"]) for one in changed["changes"]}
    assert {one["server"] for one in changed["changes"]} == {"quotes"}
    assert any("URL" in says for _, says in said)
    assert any(part == "tool delete_cache" for part, _ in said)
    assert any(part == "code" for part, _ in said)
    assert any(one["rule"] == "drift-planted" for one in changed["findings"])


@pytest.mark.proves("RD-21", "SA-06")
def test_what_was_recorded_can_be_judged_again_without_any_server(
    home: Path, servers: Path, tmp_path: Path
) -> None:
    record = tmp_path / "record"
    live = connect(home, "--record", str(record))
    shutil.rmtree(servers)
    files = sorted(record.glob("*.json"))
    assert len(files) == 3
    arguments = [word for path in files for word in ("--surface", str(path))]
    captured = ostiary("scan", *arguments, "--json", home=home)
    found = {one["rule"] for one in captured.json["findings"]}
    assert {"planted-instruction", "hidden-characters"} <= found
    assert live.code == 4
    remembered = ostiary("scan", "--json", home=home)
    assert "planted-instruction" in {one["rule"] for one in remembered.json["findings"]}


def test_one_named_server_is_started_and_no_other(home: Path) -> None:
    ran = connect(home, "--server", "quotes")
    known = {one["name"]: one["known_from"] for one in ran.json["access"]["servers"]}
    assert known["quotes"] != "nothing"
    assert known["weather"] == "nothing"
    unknown = connect(home, "--server", "no-such-server")
    assert unknown.code in (3, 4)
    assert "no-such-server" in json.dumps(unknown.json["not_checked"])


def test_two_scans_with_live_servers_give_the_same_bytes(home: Path) -> None:
    connect(home)
    assert connect(home).out == connect(home, "--jobs", "1").out


def test_a_memory_that_cannot_be_opened_does_not_cost_the_answer(home: Path) -> None:
    broken = write(home / ".local" / "state" / "ostiary" / "memory.sqlite", "no database at all")
    ran = connect(home)
    assert ran.code == 4
    assert "planted-instruction" in {one["rule"] for one in ran.json["findings"]}
    assert any("memory" in one["subject"] for one in ran.json["not_checked"])
    assert broken.read_text(encoding="utf-8") == "no database at all"


def test_surfaces_that_cannot_be_written_do_not_cost_the_answer(home: Path, tmp_path: Path) -> None:
    taken = write(tmp_path / "taken", "a file, not a folder")
    ran = connect(home, "--record", str(taken))
    assert ran.code == 4
    assert "planted-instruction" in {one["rule"] for one in ran.json["findings"]}
    assert any("recorded" in one["subject"] for one in ran.json["not_checked"])
