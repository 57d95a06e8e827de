"""Accepted findings: read strictly, matched exactly, over when they say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.model.finding import Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.scan.ignore import UnreadableIgnoreFile, accept, draft, read_ignore

TODAY = date(2026, 11, 20)


def finding(rule: str = "plain-http", server: str | None = "tracker", title: str = "t") -> Finding:
    return Finding(
        rule=rule,
        title=title,
        category="transport",
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        persona=Persona.DEFAULT,
        message="m",
        location=Location(file="/home/a/.cursor/mcp.json", line=4, server=server, client="cursor"),
        evidence=(),
        consequence="c",
        remedy="r",
        references=(),
        mark="x",
    )


def test_a_rule_is_accepted_at_one_server_only() -> None:
    accepted = read_ignore(
        '[[accept]]\nrule = "plain-http"\nserver = "tracker"\nreason = "lab"', "f"
    )
    standing, suppressed = accept(
        [finding(), finding(server="other"), finding("shell-launch")], accepted, TODAY
    )
    assert [(one.rule, one.location.server) for one in standing] == [
        ("plain-http", "other"),
        ("shell-launch", "tracker"),
    ]
    assert [(one.reason, one.until) for one in suppressed] == [("lab", None)]


@pytest.mark.parametrize(
    ("until", "holds"), [("2026-11-20", True), ("2026-11-19", False), ("2027-01-31", True)]
)
def test_an_acceptance_holds_to_the_end_of_its_day(until: str, holds: bool) -> None:
    accepted = read_ignore(f'[[accept]]\nrule = "plain-http"\nreason = "lab"\nuntil = {until}', "f")
    standing, suppressed = accept([finding()], accepted, TODAY)
    assert bool(suppressed) is holds
    assert bool(standing) is not holds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("accept = 1", "only [[accept]]"),
        ('[[accept]]\nrule = "x"', "say why"),
        ('[[accept]]\nreason = "because"', "name a `rule` or a `finding`"),
        ('[[accept]]\nrule = "x"\nreason = ""', "must be a text"),
        ('[[accept]]\nrule = "x"\nreason = "y"\nseverity = "low"', "unknown field 'severity'"),
        ('[[accept]]\nrule = "x"\nreason = "y"\nuntil = "soon"', "must be a date"),
        ("[[accept]\n", "is not TOML"),
        ('[ignore]\nrule = "x"', "only [[accept]]"),
    ],
)
def test_a_file_that_does_not_say_enough_is_refused(text: str, says: str) -> None:
    with pytest.raises(UnreadableIgnoreFile, match=r".") as caught:
        read_ignore(text, "ignore.toml")
    assert says in str(caught.value)
    assert "ignore.toml" in str(caught.value)


def test_a_draft_accepts_exactly_what_it_was_made_of() -> None:
    mine, other = finding(), finding("shell-launch")
    accepted = read_ignore(draft([mine], 'first "baseline" \\ of\nmany'), "draft")
    standing, suppressed = accept([mine, other], accepted, TODAY)
    assert standing == [other]
    assert [one.finding for one in suppressed] == [mine]


@given(st.text(), st.text())
def test_a_draft_can_always_be_read_again(title: str, reason: str) -> None:
    text = draft([finding(title=title, server=title)], reason or "x")
    if reason.strip():
        assert len(read_ignore(text, "draft")) == 1


def test_a_fingerprint_survives_moved_lines_and_tells_servers_apart() -> None:
    here = finding()
    moved = Location(file=here.location.file, line=90, server="tracker", client="cursor")
    assert replace(here, location=moved).fingerprint == here.fingerprint
    assert finding(server="other").fingerprint != here.fingerprint
