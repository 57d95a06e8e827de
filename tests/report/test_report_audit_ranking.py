"""Several candidates side by side, and two versions compared, as people read them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.model.advice import Advice, AdviceKind, Advised
from ostiary.model.grade import Confidence, Severity
from ostiary.model.version_change import (
    Answer,
    ChangeKind,
    Comparison,
    Notes,
    Reply,
    VersionChange,
)
from ostiary.report.audit import present
from ostiary.report.audit.ranking import ranked
from ostiary.report.audit.sheet import Sheet
from ostiary.report.view import View
from report.audited import BAD, CLEAN, EVERY, FLAWED, UNREAD
from report.sample import HOSTILE

GAIN = VersionChange(
    ChangeKind.LEVEL, "query now writes", Severity.HIGH, "read", "write", "write", mentioned=False
)
FOUND = Comparison(
    "a@1",
    "a@2",
    (GAIN, VersionChange(ChangeKind.LICENCE, HOSTILE, Severity.INFO)),
    (Notes("CHANGELOG.md", (("2", HOSTILE),)),),
    (
        Answer(
            "did it gain writes?", Reply.YES, ("query now writes",), Confidence.HIGH, ("writes",)
        ),
    ),
    ("a@2: something was not checked",),
)


@pytest.mark.proves("SF-06")
@pytest.mark.proves("SF-08")
def test_each_candidate_is_told_why_it_stands_where_it_does() -> None:
    rows = ranked(EVERY)
    assert [one for one, _ in rows] == [CLEAN, FLAWED, UNREAD, BAD]
    says = [why for _, why in rows]
    assert "nothing in it is grave" in says[0]
    assert says[1].startswith("after “use”. ")
    assert says[2].startswith("after “use with these limits”. Its code was not read (Go)")
    assert "copied to a fixed address" in says[3]


def test_within_a_verdict_the_first_thing_that_differs_is_the_reason() -> None:
    sure = replace(CLEAN.verdict, confidence=Confidence.LOW)
    (_, first), (_, second) = ranked((replace(CLEAN, verdict=sure), CLEAN))
    assert "nothing in it is grave" in first
    assert second.startswith("confidence low after high. ")
    assert ranked((CLEAN, CLEAN))[1][1].startswith("level with the one before it")


@pytest.mark.parametrize("width", [60, 100, 140])
def test_many_audits_end_side_by_side(width: int) -> None:
    text = present("terminal", Sheet(EVERY, View(width=width)))
    table = text.split("Side by side, best first")[1]
    places = [table.index(name) for name in ("clock@1.2.0", "notes-server", "gopher", "mail")]
    assert places == sorted(places)
    assert "\x1b" not in table
    assert "Side by side" not in present("terminal", Sheet((FLAWED,)))


ADVISED = Advice(
    "ask",
    "sha256:00",
    "sha256:11",
    f"m{HOSTILE}",
    (
        Advised(AdviceKind.QUESTION, f"who calls it? {HOSTILE}", "", "a.py", 3),
        Advised(AdviceKind.EXPLANATION, "a shell reads it", "0" * 16),
    ),
)


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_advice_is_told_apart_and_nothing_of_it_acts(form: str) -> None:
    raw = present(form, Sheet((replace(FLAWED, advice=ADVISED),)))
    text = raw.replace("\\", "")
    assert "Advice of ask, which calls itself m" in text
    assert "change no finding" in text
    assert "who calls it?" in text
    assert "a.py:3" in text
    assert "\x1b" not in text
    assert "<script>document" not in raw or form == "terminal"
    silent = replace(ADVISED, entries=(), problem="took longer than 2 s")
    told = present(form, Sheet((replace(FLAWED, advice=silent),)))
    assert "Nothing was taken: it took longer than 2 s." in told


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_a_comparison_tells_the_answer_first_and_nothing_of_it_acts(form: str) -> None:
    text = present(form, Sheet((CLEAN,), comparison=FOUND))
    words = text.replace("\\", "")
    places = [words.index(one) for one in ("What changed", "did it gain", "query now writes")]
    assert places == sorted(places)
    assert "the release notes do not speak of it" in words
    assert "something was not checked" in words
    assert "\x1b" not in text
    if form != "terminal":
        assert "<script>" not in text


def test_nothing_that_differs_is_said() -> None:
    same = replace(FOUND, changes=(), answers=(), notes=(), not_compared=())
    for form in ("terminal", "markdown", "html"):
        assert "Nothing differs" in present(form, Sheet((CLEAN,), comparison=same))
