"""Patterns that cannot be made slow: what is wrong with one is raised and not printed."""

from __future__ import annotations

import pytest

from ostiary.detect.linear import compiled


def test_a_pattern_that_is_not_understood_is_raised_in_silence(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(Exception, match="perl operator"):
        compiled("(?=never)in silence")
    assert capfd.readouterr() == ("", "")


def test_a_pattern_that_is_understood_finds() -> None:
    found = compiled("(?i)b+").search("aBbc")
    assert found is not None
    assert found.span() == (1, 3)
