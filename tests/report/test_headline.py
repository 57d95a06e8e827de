from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.model.grade import Severity
from ostiary.model.scan import ScanResult
from ostiary.report.headline import headline
from report.sample import EMPTY, SAMPLE

CLEAN = replace(SAMPLE, findings=(), not_checked=(), suppressed=())


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (SAMPLE, "found"),
        (replace(SAMPLE, not_checked=()), "found"),
        (replace(SAMPLE, findings=()), "not checked"),
        (CLEAN, "clean"),
    ],
)
def test_the_worst_of_found_not_checked_and_clean_wins(result: ScanResult, state: str) -> None:
    assert headline(result).state == state


def test_gaps_are_told_even_when_something_was_found() -> None:
    assert "2 things could not be checked" in headline(SAMPLE).text
    gap = headline(replace(SAMPLE, findings=())).text
    assert gap.startswith("Nothing found in what was looked at, but 2 things could not be checked.")


def test_a_clean_scan_still_says_what_stays_unknown() -> None:
    head = headline(CLEAN)
    assert head.text == "Nothing found in what was looked at."
    assert head.looked_at.endswith("no server was started; what 1 server can do is unknown.")


def test_findings_are_counted_by_severity_worst_first() -> None:
    assert headline(SAMPLE).counts == (
        (Severity.CRITICAL, 1),
        (Severity.HIGH, 1),
        (Severity.MEDIUM, 6),
        (Severity.LOW, 1),
        (Severity.INFO, 0),
    )


def test_an_empty_machine_is_not_called_clean_without_saying_that_it_is_empty() -> None:
    assert "No AI client and no MCP server was found" in headline(EMPTY).looked_at
