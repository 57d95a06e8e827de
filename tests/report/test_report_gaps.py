"""Gaps of one reason are told together and none of them is lost."""

from __future__ import annotations

from ostiary.model.outcome import NotChecked
from ostiary.report.gaps import together


def gap(
    subject: str, reason: str = "it is too large", remedy: str = "read it by hand"
) -> NotChecked:
    return NotChecked(subject, reason, remedy, file=subject)


def test_many_things_of_one_reason_are_one_line() -> None:
    files = [gap(f"{name}.py") for name in "abcde"]
    other = gap("index", "no network")
    one, two = together([*files, other])
    assert one.subject == "a.py, b.py, c.py and 2 more"
    assert (one.reason, one.remedy) == ("it is too large", "read it by hand")
    assert two == other


def test_few_things_and_things_of_other_reasons_stay_apart() -> None:
    few = (gap("a.py"), gap("b.py"), gap("c.py", remedy="ask"))
    assert together(few) == few
    assert together([]) == ()
