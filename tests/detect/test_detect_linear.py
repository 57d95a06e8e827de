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


def test_places_are_counted_in_characters() -> None:
    found = compiled("(?P<end>b+)|(c)").search("é漢𝒳bb…")
    assert found is not None
    assert (found.span(), found.span(2), found.group(), found.group(2)) == (
        (3, 5),
        (-1, -1),
        "bb",
        None,
    )


def test_every_match_is_found_between_characters_only() -> None:
    assert [one.span() for one in compiled("b*").finditer("é漢b")] == [
        (0, 0),
        (1, 1),
        (2, 3),
        (3, 3),
    ]
    assert dict(compiled("(?P<end>b+)").groupindex) == {"end": 1}
    assert compiled("é.").fullmatch("é漢") is not None
