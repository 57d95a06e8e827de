"""Numbers over many audits: each target once, and nothing lost without being counted."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest

from ostiary.model.audit import AuditResult
from ostiary.report.audit import present
from ostiary.report.audit.sheet import Sheet
from ostiary.report.audit.statistics import (
    SCHEMA,
    Common,
    Statistics,
    as_json,
    as_markdown,
    as_terminal,
    gather,
)
from ostiary.report.view import View
from report.audited import BAD, CLEAN, EVERY, FLAWED, UNREAD


def document(*results: AuditResult) -> Any:
    return json.loads(present("json", Sheet(results)))


def named(rows: tuple[Common, ...]) -> dict[str, tuple[int, int]]:
    return {one.name: (one.targets, one.times) for one in rows}


@pytest.mark.proves("SA-05")
def test_which_flaws_are_common_by_rule_class_language_and_source() -> None:
    found = gather([document(FLAWED, CLEAN), document(BAD), document(UNREAD)])
    assert found.targets == 4
    assert found.incomplete == 2
    assert named(found.verdicts)["do not use"] == (1, 1)
    assert named(found.rules)["path-escape"] == (1, 1)
    assert named(found.classes)["CWE-22 Path Traversal"] == (1, 1)
    assert named(found.severities)["high"] == (1, 3)
    assert named(found.languages) == {"typescript": (3, 4)}
    assert named(found.sources) == {"npm": (4, 4)}
    assert named(found.levels)["send"] == (3, 4)


def test_bytes_audited_twice_and_documents_that_are_none_are_counted_as_such() -> None:
    found = gather([document(FLAWED), document(FLAWED), {"schema": "ostiary/scan/1"}, [], None, 7])
    assert found.targets == 1
    assert found.repeated == 1
    assert found.unread == 4


@pytest.mark.parametrize(
    "strange",
    [
        {"schema": "ostiary/audit/1"},
        {"schema": "ostiary/audit/1", "audits": 3},
        {"schema": "ostiary/audit/1", "audits": [None, 3, {"findings": {"a": 1}, "target": []}]},
        {"schema": "ostiary/audit/1", "audits": [{"findings": [{"rule": 4, "references": 9}]}]},
    ],
)
def test_strange_documents_break_nothing(strange: Any) -> None:
    found = gather([strange])
    for text in (as_json(found), as_markdown(found), as_terminal(found, View())):
        assert text


def test_json_has_everything_and_is_the_same_whatever_the_order() -> None:
    documents = [document(one) for one in EVERY]
    text = as_json(gather(documents))
    assert text == as_json(gather(reversed(documents)))
    report = json.loads(text)
    assert report["schema"] == SCHEMA
    assert report["rules"][0]["targets"] >= report["rules"][-1]["targets"]


def test_people_see_tables_and_shares() -> None:
    found = gather([document(*EVERY)])
    assert "4 targets, 50 % of them incomplete." in as_terminal(found, View())
    page = as_markdown(found)
    assert "| `CWE-22 Path Traversal` | 1 | 25 % | 1 |" in page
    assert as_markdown(Statistics()).endswith("0 targets, none of them incomplete.\n")


def test_names_of_strangers_stay_words() -> None:
    whole = document(FLAWED)
    whole["audits"][0]["findings"][0]["rule"] = "x\x1b[2J|</td>\u202e"
    found = gather([whole])
    for text in (as_markdown(found), as_terminal(found, View(width=60))):
        kinds = {unicodedata.category(char) for char in text if char != "\n"}
        assert not kinds & {"Cc", "Cf"}
