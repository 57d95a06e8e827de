"""An organisation's goals: missed with the place, met, or not known and why."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from audit.commanded import command, write
from house.repository import ROOT
from ostiary.audit.conclude import Concluded, conclude
from ostiary.audit.goals import UnreadableGoals, read_goals
from ostiary.audit.order import Order
from ostiary.audit.perform import audit
from ostiary.audit.prompts import prompts_digest
from ostiary.model.audit import Context, VerdictKind
from ostiary.model.goal import Topic
from ostiary.model.grade import Severity
from ostiary.supply.artifact.options import AcquireOptions

SERVER = """
import os
import requests
from mcp.server.fastmcp import FastMCP
server = FastMCP("demo")

@server.tool()
def run(line: str) -> str:
    '''Run a line.'''
    return os.popen(line).read()

@server.tool()
def weather(city: str) -> str:
    '''The weather in a city.'''
    key = os.environ["WEATHER_KEY"]
    answer = requests.get("https://data.weather.de/v1", params={"q": city, "key": key}, timeout=9)
    return answer.text

@server.tool()
def add(one: int, two: int) -> int:
    '''Add two numbers.'''
    return one + two
"""
MANIFEST = {"name": "demo", "version": "1.0.0", "license": "AGPL-3.0-only"}


def goal(body: str, name: str = "own", **more: str) -> str:
    """A goal in a file, with what every goal has to say."""
    first = [f'{key} = "{value}"' for key, value in more.items()]
    return "\n".join(["[[goal]]", f'id = "{name}"', 'title = "A title."', 'why = "A reason."',
                      *first, body, ""])  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "made" / "server.py", SERVER)
    write(tmp_path / "made" / "package.json", MANIFEST)
    return tmp_path / "made"


def held(folder: Path, goals: str) -> Concluded:
    order = Order(datetime(2026, 11, 20, tzinfo=UTC), AcquireOptions(folder, may_fetch=False))
    context = Context(goals=read_goals(goals, "goals.toml"))
    return conclude(audit(str(folder), order), context)


def missed(found: Concluded) -> list[str]:
    return [one.message for one in found.result.findings if one.rule == "goal-missed"]


def stands(found: Concluded) -> list[str]:
    return [value for name, value in found.result.facts if name.startswith("goal ")]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('[goal.forbids]\nlevels = ["execute"]', "tool run can execute"),
        ('[goal.only]\nlevels = ["read", "send"]', "tool run can execute"),
        ('[goal.forbids]\nhosts = ["*.weather.de"]', "to data.weather.de"),
        ('[goal.only]\nhosts = ["*.example.org"]', "to data.weather.de"),
        ('[goal.forbids]\ncountries = ["EU"]', "to data.weather.de, in DE"),
        ('[goal.only]\ncountries = ["CH"]', "to data.weather.de, in DE"),
        ('[goal.forbids]\ncredentials = ["*_KEY"]', "tool weather reads WEATHER_KEY"),
        ('[goal.only]\ncredentials = ["OTHER"]', "tool weather reads WEATHER_KEY"),
        ('[goal.forbids]\nclasses = ["code runner"]', "server of class code runner"),
        ('[goal.forbids]\nlicences = ["AGPL-*"]', "its licence is AGPL-3.0-only"),
        ('[goal.only]\nlicences = ["MIT", "Apache-2.0"]', "its licence is AGPL-3.0-only"),
        ('[goal.forbids]\nrules = ["command-injection"]', "(command-injection, "),
        ('[goal.forbids]\nstandards = ["CWE-78"]', "(command-injection, "),
        ('[goal.demands]\nproofs = ["index digest"]', "index digest: absent"),
        ("[goal.demands]\ncomplete = true", "not checked: known advisories"),
    ],
)
def test_what_a_goal_forbids_is_found_with_the_goal(folder: Path, body: str, says: str) -> None:
    found = held(folder, goal(body))
    assert [one for one in missed(found) if says in one], missed(found)
    assert all("misses goal own: A title." in one for one in missed(found))
    assert stands(found) == ["missed: A title."]
    plain = held(folder, goal('question = "Who answers for it?"'))
    assert {one.fingerprint for one in plain.result.findings} < {
        one.fingerprint for one in found.result.findings
    }


@pytest.mark.parametrize(
    "body",
    [
        '[goal.forbids]\nlevels = ["spend", "administer", "destroy"]',
        '[goal.forbids]\nhosts = ["*.example.org", "weather.de"]',
        '[goal.only]\nhosts = ["DATA.weather.de"]',
        '[goal.only]\ncountries = ["EU"]',
        '[goal.forbids]\ncredentials = ["AWS_*"]',
        '[goal.forbids]\nclasses = ["debugger"]',
        '[goal.only]\nlicences = ["AGPL-3.0-*"]',
        '[goal.forbids]\nrules = ["query-injection"]\nstandards = ["CWE-89"]',
    ],
)
def test_a_goal_that_is_met_says_so_and_finds_nothing(folder: Path, body: str) -> None:
    found = held(folder, goal(body))
    assert (missed(found), stands(found)) == ([], ["met: A title."])
    assert "goal own" not in [one.subject for one in found.result.not_checked]


def test_only_the_tool_to_blame_stays_off_unless_the_server_is_refused(folder: Path) -> None:
    body = '[goal.forbids]\nhosts = ["*"]'
    found = held(folder, goal(body)).result.verdict
    assert found.kind is VerdictKind.USE_WITH_LIMITS
    assert "weather" in found.limits.tools_off
    refused = held(
        folder, goal(body, severity="critical").replace("[goal.f", "refuse = true\n[goal.f")
    )
    verdict = refused.result.verdict
    assert verdict.kind is VerdictKind.DO_NOT_USE
    assert "misses goal own" in verdict.reasons[0].says
    assert refused.result.worst is Severity.CRITICAL


def test_a_goal_weighs_nothing_for_other_readers(folder: Path) -> None:
    found = held(folder, goal('[goal.forbids]\nlevels = ["execute"]', severity="critical"))
    (one,) = [one for one in found.result.weighed if one.finding.rule == "goal-missed"]
    assert (one.finding.severity, one.general) == (Severity.CRITICAL, Severity.INFO)
    assert one.finding.consequence == "A reason."
    assert one.finding.location.file == "server.py"
    assert one.finding.evidence


UNTOLD = """
import requests, os
from mcp.server.fastmcp import FastMCP
server = FastMCP("demo")

@server.tool()
def fetch() -> str:
    '''Fetch.'''
    return requests.get(os.environ["ADDRESS"], timeout=9).text
"""


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('[goal.forbids]\nhosts = ["*.example.org"]', "where fetch sends data is configured"),
        ('[goal.only]\ncountries = ["DE"]', "in which country fetch sends data is not known"),
        ('[goal.forbids]\nlicences = ["GPL-*"]', "no licence is stated"),
    ],
)
def test_what_cannot_be_told_is_a_gap_or_a_miss_as_the_goal_says(
    tmp_path: Path, body: str, says: str
) -> None:
    write(tmp_path / "untold" / "server.py", UNTOLD)
    found = held(tmp_path / "untold", goal(body))
    (gap,) = [one for one in found.result.not_checked if one.subject == "goal own"]
    assert says in gap.reason
    assert stands(found)[0].startswith("not known: A title.")
    assert not missed(found)
    strict = held(tmp_path / "untold", goal(body, unknown="missed"))
    assert [one for one in missed(strict) if says in one]


def test_code_that_was_not_read_meets_no_goal(tmp_path: Path) -> None:
    write(tmp_path / "other" / "main.go", "package main\nfunc main() {}\n")
    found = held(tmp_path / "other", goal('[goal.forbids]\nlevels = ["execute"]'))
    assert stands(found) == ["not known: A title. (its code was not read)"]


def test_a_choice_of_licences_misses_only_where_every_choice_does(tmp_path: Path) -> None:
    forbids = goal('[goal.forbids]\nlicences = ["GPL-*"]')
    only = goal('[goal.only]\nlicences = ["MIT", "Apache-2.0"]')
    write(tmp_path / "two" / "server.py", UNTOLD)
    answers = {}
    for licence in ("MIT OR GPL-3.0-only", "MIT AND GPL-3.0-only", "(MIT AND Apache-2.0)"):
        write(tmp_path / "two" / "package.json", {**MANIFEST, "license": licence})
        answers[licence] = [bool(missed(held(tmp_path / "two", one))) for one in (forbids, only)]
    assert list(answers.values()) == [[False, False], [True, True], [False, False]]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "only [[goal]] tables are understood, found none"),
        ("goal = 1", "only [[goal]] tables"),
        ("[[goal]", "is not TOML"),
        ("[other]\n[[goal]]\n", "found other"),
        (goal(""), "say what it forbids"),
        (goal('sevrity = "low"\n[goal.demands]\ncomplete = true'), "unknown field 'sevrity'"),
        (goal('[goal.forbids]\nlevels = ["fly"]'), "'fly' is none of read, write"),
        (goal('[goal.forbids]\nlevel = ["read"]'), "unknown field 'level' in `forbids`"),
        (goal('[goal.only]\nrules = ["command-injection"]'), "unknown field 'rules' in `only`"),
        (goal('[goal.forbids]\nrules = ["no-such"]'), "'no-such' is no rule of an audit"),
        (goal('[goal.forbids]\nstandards = ["CWE-1"]'), "'CWE-1' is no id of a standard"),
        (goal('[goal.only]\ncountries = ["Germany"]'), "is no two-letter code"),
        (goal("[goal.forbids]\nlevels = []"), "`forbids.levels` must be a list"),
        (goal("[goal.forbids]\nhosts = [1]"), "`forbids.hosts` must be a list of texts"),
        (goal('[goal.demands]\ncomplete = "yes"'), "`complete` must be true or false"),
        (goal('[goal.demands]\nproofs = ["my word"]'), "'my word' is none of index digest"),
        (goal('[goal.demands]\ncomplete = true', severity="grave"), "`severity` must be one of"),
        (goal('[goal.demands]\ncomplete = true', unknown="fine"), "`unknown` must be one of"),
        (goal('[goal.demands]\ncomplete = true', name="A B"), "`id` is made of small letters"),
        (goal('question = "Q?"') * 2, "two goals have the id 'own'"),
        ('[[goal]]\nid = "x"\nquestion = "Q?"', "(x): `title` must be a text"),
        ("a = " + "[" * 5_000, "large"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_of_goals_is_named(text: str, says: str) -> None:
    with pytest.raises(UnreadableGoals) as raised:
        read_goals(text, "goals.toml")
    assert says in str(raised.value)
    assert str(raised.value).startswith("goals.toml")


GOALS = goal('[goal.forbids]\ncredentials = ["WEATHER_*"]', "no-keys") + goal(
    'question = "Is the bucket locked down?"', "bucket"
)


@pytest.mark.proves("SA-10")
def test_goals_of_an_organisation_are_told_by_the_command(folder: Path, tmp_path: Path) -> None:
    goals = write(tmp_path / "goals.toml", GOALS)
    plain = command("audit", folder, "--json", home=tmp_path)
    ran = command("audit", folder, "--goals", goals, "--json", home=tmp_path)
    (audit,), (before,) = ran.json["audits"], plain.json["audits"]
    more = [one for one in audit["findings"] if one["rule"] == "goal-missed"]
    assert [one["location"]["part"] for one in more] == ["tool weather"]
    assert set(audit["verdict"]["limits"]["tools_off"]) == {"run", "weather"}
    assert before["verdict"]["limits"]["tools_off"] == ["run"]
    facts = {one["name"]: one["value"] for one in audit["facts"]}
    assert facts["goal no-keys"] == "missed: A title."
    assert facts["goal bucket"] == "not known: A title. (no rule answers its question)"
    (gap,) = [one for one in audit["not_checked"] if one["subject"] == "question of goal bucket"]
    assert "Is the bucket locked down?" in gap["reason"]
    again = command("audit", folder, "--json", home=tmp_path)
    assert again.out == plain.out, "what was kept knows no reader"
    results = write(tmp_path / "results.json", ran.out)
    counted = command("stats", results, "--json", home=tmp_path).json["rules"]
    assert {one["name"] for one in counted} == {one["rule"] for one in before["findings"]}
    shown = command("audit", folder, "--goals", goals, home=tmp_path).out
    assert "goal no-keys" in shown
    assert "misses goal" in " ".join(shown.split())


@pytest.mark.proves("SA-10")
def test_a_question_of_a_goal_is_handed_to_the_model(folder: Path, tmp_path: Path) -> None:
    goals = write(tmp_path / "goals.toml", GOALS)
    kept = tmp_path / "request.json"
    script = write(tmp_path / "model.py", f"""
import json, pathlib, sys
pathlib.Path({str(kept)!r}).write_text(sys.stdin.read())
print(json.dumps({{"schema": "ostiary/advice/1", "model": "m", "entries": [
    {{"kind": "question", "says": "Nothing tells who reads the bucket."}}]}}))
""")  # fmt: skip
    asked = f"{sys.executable} {script}"
    ran = command("audit", folder, "--goals", goals, "--ask", asked, "--json", home=tmp_path)
    (audit,) = ran.json["audits"]
    (question,) = [
        one for one in json.loads(kept.read_text())["questions"] if one["name"] == "goal bucket"
    ]
    assert question["text"] == "A title.\n\nA reason.\n\nIs the bucket locked down?\n"
    gaps = {one["subject"]: one["reason"] for one in audit["not_checked"]}
    assert "question of goal bucket" not in gaps
    assert "Nothing tells who reads the bucket." in gaps[f"question of {Path(sys.executable).name}"]
    assert audit["advice"]["prompts"] == prompts_digest(read_goals(GOALS, ""))
    assert audit["advice"]["prompts"] != prompts_digest()


def test_a_missed_goal_is_accepted_by_itself_alone(folder: Path, tmp_path: Path) -> None:
    body = '[goal.forbids]\nrules = ["command-injection"]'
    goals = write(tmp_path / "goals.toml", goal(body))
    plain: Any = command("audit", folder, "--json", home=tmp_path).json["audits"][0]
    (cause,) = [
        one["fingerprint"] for one in plain["findings"] if one["rule"] == "command-injection"
    ]
    first = f'[[accept]]\nfinding = "{cause}"\nreason = "It is meant to."\n'
    ignore = write(tmp_path / "ignore.toml", first)
    call = ("audit", folder, "--goals", goals, "--ignore", ignore, "--json")
    (audit,) = command(*call, home=tmp_path).json["audits"]
    (still,) = [one for one in audit["findings"] if one["rule"] == "goal-missed"]
    write(ignore, f'{first}[[accept]]\nfinding = "{still["fingerprint"]}"\nreason = "Decided."\n')
    (audit,) = command(*call, home=tmp_path).json["audits"]
    assert "goal-missed" not in [one["rule"] for one in audit["findings"]]
    assert "goal-missed" in [one["finding"]["rule"] for one in audit["suppressed"]]


def test_wrong_use_of_goals_is_told(folder: Path, tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.toml", goal('[goal.forbids]\nlevels = ["fly"]'))
    ran = command("audit", folder, "--goals", bad, home=tmp_path)
    assert ran.code == 2
    assert "goal 1 (own): `forbids.levels`: 'fly' is none of" in ran.err
    good = write(tmp_path / "goals.toml", GOALS)
    ran = command("audit", folder, "--goals", good, "--format", "receipt", home=tmp_path)
    assert ran.code == 2
    assert "read by others" in ran.err


def test_the_goals_of_the_documentation_can_be_read() -> None:
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    (one,) = read_goals(page.partition("```toml\n")[2].partition("```")[0], "docs/audit.md")
    assert (one.id, one.refuse, one.unknown_misses) == ("our-cloud-stays-ours", True, True)
    assert {term.topic for term in one.terms if term.only} == {Topic.COUNTRIES, Topic.LICENCES}
