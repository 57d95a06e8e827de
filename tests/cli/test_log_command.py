"""``ostiary log`` as a user runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from cli.command import OSTIARY, ostiary
from ledger.ledger_make import NOON, event, files, opened, settings
from ostiary.ledger.content import Contents
from ostiary.ledger.settings import Form
from ostiary.model.event import Event, EventKind


@pytest.fixture
def record(tmp_path: Path) -> Path:
    contents = Contents(settings(tmp_path))
    ledger = opened(tmp_path)
    for number in range(20):
        ledger.append(event(number, content=contents.arguments({"title": f"Issue {number}"})))
        ledger.append(Event(EventKind.OUTCOME, NOON + number, call=f"call-{number}", effect="ok"))
    ledger.append(
        event(
            90, kind=EventKind.REFUSED, effect="deny", thing="tool:x\x1b[2J\u202e\nfake", why="no"
        )
    )
    ledger.close()
    return tmp_path / "ledger"


@pytest.mark.proves("EN-07", "IF-17")
def test_records_are_found_by_who_what_and_when(record: Path, tmp_path: Path) -> None:
    ran = ostiary(
        "log", "query", "--ledger", record, "--who", "local:*", "--effect", "allow",
        "--since", "2026-11-18", "--limit", "3", "--json", home=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["call"] for one in told] == ["call-17", "call-18", "call-19"]
    assert told[0]["agent"] == "planner"
    assert told[0]["content"]["arguments"]["value"] == {"title": "Issue 17"}
    plain = ostiary("log", "query", "--ledger", record, "--call", "call-3", home=tmp_path)
    assert "request allow" in plain.out
    assert "outcome ok" in plain.out
    assert "local:editor (planner, editor)" in plain.out
    assert len(plain.out.splitlines()) == 2


def test_nothing_in_the_record_can_steer_the_terminal(record: Path, tmp_path: Path) -> None:
    for command in ("query", "export"):
        ran = ostiary("log", command, "--ledger", record, home=tmp_path)
        assert ran.code == 0
        assert not {"\x1b", "\u202e"} & set(ran.out)
        assert "\nfake" not in ran.out
    seen = ostiary("log", "query", "--ledger", record, "--kind", "refused", home=tmp_path)
    assert "⟨U+001B⟩[2J⟨U+202E⟩⏎fake" in seen.out


@pytest.mark.proves("EN-07")
def test_verify_says_intact_tampered_or_incomplete(record: Path, tmp_path: Path) -> None:
    ran = ostiary("log", "verify", "--ledger", record, home=tmp_path)
    assert ran.code == 0, ran.out
    assert "the record is intact" in ran.out
    head = next(line.split()[1] for line in ran.out.splitlines() if line.startswith("  head"))
    assert ostiary("log", "verify", "--ledger", record, "--expect", head, home=tmp_path).code == 0
    kept = tmp_path / "kept.json"
    kept.write_bytes((record / "01" / "head.json").read_bytes())
    told = ostiary("log", "verify", "--ledger", record, "--head", kept, "--json", home=tmp_path)
    assert told.code == 0
    assert told.json["verdict"] == "intact"
    other = "9" * 64
    wrong = ostiary("log", "verify", "--ledger", record, "--expect", f"5:{other}", home=tmp_path)
    assert wrong.code == 1
    key = tmp_path / "ledger.key.pub"
    key.rename(tmp_path / "elsewhere.pub")
    assert ostiary("log", "verify", "--ledger", record, home=tmp_path).code == 3
    named = ostiary(
        "log", "verify", "--ledger", record, "--key", tmp_path / "elsewhere.pub", home=tmp_path
    )
    assert named.code == 0
    (tmp_path / "elsewhere.pub").rename(key)
    path = files(tmp_path)[1]
    path.write_bytes(path.read_bytes().replace(b"Issue", b"issue", 1))
    broken = ostiary("log", "verify", "--ledger", record, home=tmp_path)
    assert broken.code == 1
    assert f"{path}, line" in broken.out
    assert "does not match its hash" in broken.out
    assert ostiary("log", "verify", "--ledger", tmp_path / "none", home=tmp_path).code == 3


@pytest.mark.parametrize("form", ["jsonl", "ocsf", "cef"])
def test_every_format_is_one_line_a_record(record: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"out.{form}"
    ran = ostiary(
        "log", "export", "--ledger", record, "--format", form, "--kind", "request",
        "--output", target, home=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    lines = target.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 20
    if form == "cef":
        assert all(line.startswith("CEF:0|Ostiary|") for line in lines)
    else:
        assert all(json.loads(line) for line in lines)
    assert target.stat().st_mode & 0o077 == 0


@pytest.mark.proves("IF-17")
def test_actions_are_listed_by_conversation(record: Path, tmp_path: Path) -> None:
    ran = ostiary("log", "actions", "--ledger", record, home=tmp_path)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert "local:editor (planner, editor)  session s-1" in lines[0]
    assert len(lines) == 22
    assert "1 more refused" in lines[-1]
    told = ostiary("log", "actions", "--ledger", record, "--json", home=tmp_path).json
    assert told["actions"][0]["arguments"] == {"title": "Issue 0"}
    assert {one["outcome"] for one in told["actions"]} == {"ok"}


def test_follow_tells_what_is_written_until_it_is_interrupted(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.append(event(1))
    run = subprocess.Popen(
        [OSTIARY, "log", "follow", "--ledger", tmp_path / "ledger", "--json", "--tool", "create_*"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    with run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert run.stderr.readline().startswith("following")
        ledger.append(event(2))
        ledger.append(event(3, thing="tool:other"))
        assert json.loads(run.stdout.readline())["call"] == "call-2"
        for number in range(40):
            ledger.append(event(100 + number))
        told = [json.loads(run.stdout.readline())["call"] for _ in range(40)]
        assert told == [f"call-{100 + number}" for number in range(40)]
        # Not SIGINT: a test run in the background ignores it, and so would its children.
        run.send_signal(signal.SIGTERM)
        assert run.wait() == 128 + signal.SIGTERM
    ledger.close()


def test_full_content_is_revealed_with_the_key(tmp_path: Path) -> None:
    made = ostiary("log", "keygen", tmp_path / "auditor", "--json", home=tmp_path)
    assert made.code == 0
    assert ostiary("log", "keygen", tmp_path / "auditor", home=tmp_path).code == 2
    public = Path(made.json["public"])
    contents = Contents(replace(settings(tmp_path), arguments=Form.FULL, auditor=public))
    ledger = opened(tmp_path)
    ledger.append(event(1, content=contents.arguments({"secret": "swordfish"})))
    ledger.close()
    where = ("--ledger", tmp_path / "ledger")
    assert "swordfish" not in ostiary("log", "query", *where, home=tmp_path).out
    ran = ostiary("log", "query", *where, "--reveal", tmp_path / "auditor", home=tmp_path)
    assert "swordfish" in ran.out
    (tmp_path / "auditor").chmod(0o644)
    assert (
        ostiary("log", "query", *where, "--reveal", tmp_path / "auditor", home=tmp_path).code == 2
    )


def test_wrong_use_is_told(tmp_path: Path) -> None:
    nowhere = ostiary("log", "query", "--ledger", tmp_path / "none", home=tmp_path)
    assert nowhere.code == 2
    assert "there is no record at" in nowhere.err
    assert ostiary("log", "query", home=tmp_path).code == 2
    for bad in (["--since", "soon"], ["--limit", "0"], ["--kind", "requests"]):
        assert ostiary("log", "query", *bad, home=tmp_path).code == 2
    assert ostiary("log", "verify", "--expect", "x", home=tmp_path).code == 2
    told = tmp_path / "ostiary.toml"
    told.write_text('[ledger]\ndurability = "never"\n')
    ran = ostiary("log", "query", "--settings", told, home=tmp_path)
    assert ran.code == 2
    assert "ledger.durability" in ran.err


def test_the_place_is_taken_from_the_settings(record: Path, tmp_path: Path) -> None:
    told = tmp_path / "ostiary.toml"
    told.write_text(f'[ledger]\npath = "{record}"\nkey = "{tmp_path}/ledger.key"\n')
    assert ostiary("log", "verify", "--settings", told, home=tmp_path).code == 0
    state = tmp_path / "home" / ".local" / "state" / "ostiary"
    state.mkdir(parents=True, mode=0o700)
    record.rename(state / "ledger")
    (tmp_path / "ledger.key.pub").rename(state / "ledger.key.pub")
    assert ostiary("log", "verify", home=tmp_path / "home").code == 0
    told.write_text('[policy]\nthis is = "wrong"\n')
    assert ostiary("log", "verify", "--state", state, home=tmp_path).code == 2
    told.write_text('[policy]\npreset = "none such"\n')
    assert ostiary("log", "verify", "--state", state, home=tmp_path).code == 0
    assert ostiary("log", "verify", "--state", state, "--ledger", state, home=tmp_path).code == 2


def test_a_full_output_is_told(record: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        f"{OSTIARY} log export --ledger {record} > /dev/full", shell=True, check=False,
        capture_output=True, text=True, env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode == 2
    assert "cannot write to standard output" in done.stderr
    quiet = subprocess.run(
        f"{OSTIARY} log query --ledger {record} | head -1", shell=True, check=False,
        capture_output=True, text=True, env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert quiet.stderr == ""
