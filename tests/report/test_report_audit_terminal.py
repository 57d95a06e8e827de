"""An audit at a terminal: the verdict first, then everything it rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.model.audit import AuditResult
from ostiary.report.audit import present
from ostiary.report.audit.sheet import Sheet, best_first
from ostiary.report.view import View
from report.audited import BAD, CLEAN, EVERY, FLAWED, UNREAD


def shown(*results: AuditResult, width: int = 100) -> str:
    return present("terminal", Sheet(results, View(width=width)))


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.proves("SF-08")
def test_the_verdict_comes_first_with_reasons_and_what_would_change_them() -> None:
    lines = shown(FLAWED).splitlines()
    assert lines[0] == "Ostiary audit of notes-server@1.2.0   COMPLETE"
    assert lines[1] == "USE WITH THESE LIMITS."
    assert lines[2] == "- Tool git_log stays off: Argument injection"
    assert "changes if the findings behind it are mended" in lines[3]


@pytest.mark.proves("SA-13")
def test_each_verdict_is_said_in_its_own_words() -> None:
    assert "DO NOT USE." in shown(BAD)
    assert "\nUSE.\n" in shown(CLEAN)
    assert "NOT ENOUGH INFORMATION." in shown(UNREAD)


def test_limits_end_in_the_command_that_takes_them_over() -> None:
    assert "ostiary approve NAME --without=git_log --allow-network" in shown(FLAWED)
    assert "ostiary approve" not in shown(BAD)
    assert "ostiary approve" not in shown(UNREAD)


def test_a_finding_shows_where_what_path_why_and_mend() -> None:
    text = flat(shown(FLAWED))
    assert "where tool git_log (src/server.ts:40)" in text
    assert "path 1. parameter path of tool git_log" in text
    assert "2. is joined into a string src/run.ts:30" in text
    assert "3. reaches the program" in text
    assert "mend Check the value before it is used." in text


def test_the_table_has_levels_destinations_credentials_and_what_is_unknown() -> None:
    text = flat(shown(FLAWED))
    assert "ask send api.example.org (fixed) API_KEY -" in text
    assert "Where it comes from" in text
    assert "verified index digest" in text
    assert "absent npm attestation" in text


def test_gaps_are_named_and_no_tool_is_not_the_same_as_none() -> None:
    text = flat(shown(UNREAD))
    assert "INCOMPLETE" in text
    assert "NOT CHECKED: 1" in text
    assert "That is not the same as having none." in text


@pytest.mark.proves("SF-06")
def test_several_candidates_are_shown_best_first_with_the_first_reason_of_each() -> None:
    lines = shown(*EVERY).splitlines()
    assert lines[1].startswith("4 targets: 1 do not use, 1 not enough information")
    verdicts = [line for line in lines[2:12] if line[:1].isalpha()]
    assert [line.partition("  ")[0] for line in verdicts[:4]] == [
        "use",
        "use with these limits",
        "not enough information",
        "do not use",
    ]
    assert "clock@1.2.0" in verdicts[0]
    assert "nothing in it is grave" in lines[3]


def test_the_order_of_candidates_does_not_depend_on_the_order_asked_for() -> None:
    assert best_first(EVERY) == best_first(tuple(reversed(EVERY)))


@pytest.mark.parametrize("width", [40, 72, 140])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    from rich.cells import cell_len

    assert max(cell_len(line) for line in shown(*EVERY, width=width).splitlines()) <= width


def test_one_flaw_at_many_places_is_told_once_with_the_places() -> None:
    first = FLAWED.weighed[0]
    places = range(41, 50)
    others = [
        replace(
            first,
            finding=replace(
                first.finding,
                location=replace(first.finding.location, line=line),
                message=f"Place {line}.",
            ),
        )
        for line in places
    ]
    whole = shown(replace(FLAWED, weighed=(first, *others, *FLAWED.weighed[1:])))
    text = flat(whole)
    assert whole.count("\n  mend  ") == shown(FLAWED).count("\n  mend  ")
    assert "also Place 41. src/http.ts:41" in text
    assert "Place 46." in text
    assert "Place 47." not in text
    assert "and 3 more places" in text
