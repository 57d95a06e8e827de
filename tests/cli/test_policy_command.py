"""``ostiary policy``: as a person at a terminal, and a pipeline, use it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from cli.command import ostiary, write
from ostiary.ledger.content import content_of
from ostiary.ledger.opening import open_ledger
from ostiary.ledger.settings import Form, LedgerSettings
from ostiary.model.event import Event, EventKind
from ostiary.policy.replay import KEY, facts_of
from policy.policy_parts import ANNA, bare, call, thing

OWN = """
@id("srv-only")
@text("Files are written under /srv only.")
@remedy("Name a path under /srv.")
forbid (principal, action == Action::"call", resource == Tool::"files/write")
unless { context.all_paths_in.contains("/srv") };
"""
SETTINGS = """
[policy]
preset = "team"
files = ["policy/*.cedar"]

[policy.groups]
writers = ["eng"]
"""
CASES = """
[[case]]
says = "writers write under /srv"
groups = ["eng"]
tool = "files/write"
levels = ["write"]
arguments = { path = "/srv/a" }
expect = "allow"

[[case]]
says = "and nowhere else"
groups = ["eng"]
tool = "files/write"
levels = ["write"]
arguments = { path = "/srv/../etc/passwd" }
expect = "deny"
rule = "srv-only"
hidden = false

[[case]]
says = "a passed review warns"
tool = "files/read"
levels = ["read"]
review_by = 2026-01-01
at = 2026-11-21T10:00:00Z
expect = "allow"
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write(tmp_path / "ostiary.toml", SETTINGS)
    write(tmp_path / "policy" / "own.cedar", OWN)
    write(tmp_path / "cases.toml", CASES)
    return tmp_path


def test_a_policy_is_checked(place: Path) -> None:
    ran = ostiary("policy", "check", home=place)
    assert ran.code == 0, ran.err
    assert "9 rules fit the schema" in ran.out
    as_json = ostiary("policy", "check", "--json", home=place).json
    assert as_json["valid"] is True
    assert len(as_json["version"]) == 64
    write(place / "policy" / "wide.cedar", "permit (principal, action, resource);")
    ran = ostiary("policy", "check", home=place)
    assert ran.code == 1
    assert "everything to everybody" in ran.out


def test_a_bad_policy_is_told_with_file_and_line(place: Path) -> None:
    bad = write(place / "bad.cedar", "// first\n\npermit (principal, action, resource) when { x };")
    ran = ostiary("policy", "check", bad, home=place)
    assert ran.code == 1
    assert f"{bad}:3: " in ran.out
    as_json = ostiary("policy", "check", bad, "--json", home=place).json
    assert as_json["valid"] is False
    assert as_json["notes"][0]["place"] == f"{bad}:3"
    commands: list[list[str | Path]] = [
        ["explain", bad, "--tool", "a/b"],
        ["test", "cases.toml", bad],
    ]
    for command in commands:
        ran = ostiary("policy", *command, home=place)
        assert ran.code == 2
        assert f"{bad}:3" in ran.err


def test_a_table_of_cases_is_run(place: Path) -> None:
    ran = ostiary("policy", "test", "cases.toml", home=place)
    assert (ran.code, ran.out) == (0, "3 of 3 as expected\n")
    ran = ostiary("policy", "test", "cases.toml", "--preset", "read-only", home=place)
    assert ran.code == 1
    assert "wrong  writers write under /srv: expected allow, got deny" in ran.out
    rows: dict[str, Any] = {"case": [{"server": "files", "expect": "allow"}]}
    as_json = write(place / "cases.json", rows)
    assert ostiary("policy", "test", as_json, "--json", home=place).json["failed"] == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "a list of cases"),
        ("[[case]]\nexpect = 'allow'", "one of server, tool"),
        ("[[case]]\ntool = 'a'\nexpect = 'allow'", "SERVER/NAME"),
        ("[[case]]\ntool = 'a/b'\nexpect = 'perhaps'", "expect must be one of"),
        ("[[case]]\ntool = 'a/b'\nexpect = 'allow'\ngruops = ['x']", "gruops is not known"),
        ("[[case]]\ntool = 'a/b'\nexpect = 'allow'\nat = 'soon'", "at is a date"),
        ("[[case]]\ntool = 'a/b'\nexpect = 'allow'\ngroups = 'x'", "list of texts"),
        ("[[case", "cases.toml"),
    ],
)
def test_a_bad_table_is_told(place: Path, text: str, says: str) -> None:
    write(place / "cases.toml", text)
    ran = ostiary("policy", "test", "cases.toml", home=place)
    assert ran.code == 2
    assert says in ran.err


def test_a_decision_is_explained(place: Path) -> None:
    asking = ["--as", "local:anna", "--group", "eng", "--tool", "files/write", "--levels", "write"]
    ran = ostiary("policy", "explain", *asking, "--arguments", '{"path": "/etc/x"}', home=place)
    assert ran.code == 0, ran.err
    assert "To call the tool `write` of `files`: DENY" in ran.out
    assert "because  Files are written under /srv only.  [policy:srv-only]" in ran.out
    assert "instead  Name a path under /srv." in ran.out
    assert "team/writers-write-and-send (preset:team:23) applies and permits it" in ran.out
    found = ostiary(
        "policy", "explain", *asking, "--arguments", '{"path": "/srv/x"}', "--json", home=place
    ).json
    assert found["effect"] == "allow"
    matches = {one["rule"]: one["match"] for one in found["rules"]}
    assert matches["srv-only"].startswith("does not apply: its condition on the request")
    hidden = ostiary("policy", "explain", "--tool", "files/x", home=place)
    assert "hidden" in hidden.out
    for bad in (["--tool", "files"], ["--arguments", "{"], [], ["--verb", "fly"]):
        more = bad if "--tool" in bad or not bad else ["--tool", "a/b", *bad]
        ran = ostiary("policy", "explain", *more, home=place)
        assert ran.code == 2, more


def test_presets_and_the_schema_can_be_seen(place: Path) -> None:
    assert "everybody-reads" in ostiary("policy", "show", "team", home=place).out
    assert "entity User" in ostiary("policy", "show", "schema", home=place).out
    assert ostiary("policy", "show", "team", "--json", home=place).json["name"] == "team"
    ran = ostiary("policy", "show", "nothing", home=place)
    assert ran.code == 2
    assert "regulated" in ran.err


def test_a_changed_policy_is_tried_on_the_record(place: Path) -> None:
    ledger = open_ledger(LedgerSettings(place / "ledger", place / "ledger.key"), time.time)
    judge = bare("permit (principal, action, resource);")
    for name, path, form in (
        ("write", "/srv/a", Form.REDACTED),
        ("write", "/etc/a", Form.REDACTED),
        ("write", "/etc/b", Form.DIGEST),
        ("drop", "/srv/a", Form.DIGEST),
    ):
        level = "destroy" if name == "drop" else "write"
        asked = call(thing(name, (level,)), {"path": path}, ANNA, at=time.time())
        ledger.append(
            Event(
                EventKind.REQUEST,
                asked.at,
                principal=asked.principal.id,
                server="files",
                method="tools/call",
                thing=f"tool:{name}",
                levels=asked.target.levels,
                effect="allow",
                rules=tuple(one.rule for one in judge.decide(asked).reasons),
                content=content_of(asked.arguments, form),
                detail={KEY: facts_of(asked)},
            )
        )
    ledger.close()
    ran = ostiary("policy", "simulate", "--ledger", "ledger", home=place)
    assert ran.code == 1, ran.err
    lines = ran.out.splitlines()
    assert lines[-1] == "2 of 3 requests would fare otherwise; 1 were not checked"
    assert any("allow -> deny" in one and "Files are written under /srv" in one for one in lines)
    assert any("tool:drop" in one and "allow -> deny" in one for one in lines)
    assert any("not checked" in one and "arguments were not kept" in one for one in lines)
    found = ostiary("policy", "simulate", "--ledger", "ledger", "--json", home=place).json
    assert (found["requests"], len(found["differ"]), len(found["not_checked"])) == (4, 2, 1)
    same = ostiary("policy", "simulate", "--ledger", "ledger", "--preset", "open", home=place)
    assert same.code == 1
    free = write(place / "free.cedar", "permit (principal, action, resource);")
    ran = ostiary("policy", "simulate", free, "--ledger", "ledger", home=place)
    assert (ran.code, ran.out) == (0, "0 of 4 requests would fare otherwise\n")
    none = ostiary("policy", "simulate", "--ledger", "nowhere", home=place)
    assert none.code == 2
