"""What a server is to an attacker."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.analyze.verdict.roles import HOLDER, INSIDER, ORCHESTRATOR, roles
from ostiary.model.access import Level
from ostiary.report.audit.sheet import destinations
from report.audited import ASK, LOG, READ, can, reach


@pytest.mark.proves("MS-26")
def test_orchestrator_holder_and_insider_are_told_apart_with_what_speaks_for_each() -> None:
    found = {one.name: one.says for one in roles((READ, LOG, ASK))}
    assert found == {
        ORCHESTRATOR: "what it is told to do reaches api.example.org",
        HOLDER: "whoever controls it acts with API_KEY",
        INSIDER: "it acts where it runs, past the firewall, by git_log",
    }


def test_a_reader_of_files_is_none_of_them() -> None:
    assert roles((READ,)) == ()


def test_who_writes_files_here_acts_inside() -> None:
    assert [one.name for one in roles((reach("save", can(Level.WRITE, "file")),))] == [INSIDER]


def test_many_are_counted() -> None:
    many = tuple(reach(f"t{number}", can(Level.EXECUTE, "program")) for number in range(9))
    assert roles(many)[0].says.endswith("t0, t1, t2, t3 and 5 more")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("configured", "a host of its configuration"),
        ("chosen by the caller", "any host that the caller names"),
        ("not known", "a host that the code does not tell"),
    ],
)
def test_a_host_without_a_name_is_told_as_a_thing_that_is_reached(how: str, words: str) -> None:
    tool = replace(ASK, destinations=(replace(ASK.destinations[0], host="", how=how),))
    said = next(one.says for one in roles((tool,)) if one.name == ORCHESTRATOR)
    assert said == f"what it is told to do reaches {words}"
    assert destinations(tool) == (words,)
