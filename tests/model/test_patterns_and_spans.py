"""Patterns and lengths of time, as people write them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.model.pattern import fits
from ostiary.model.span import span

FEW = st.text(alphabet="ab*\n", max_size=8)


@given(pattern=FEW, text=st.text(alphabet="ab\n", max_size=8))
def test_a_star_is_any_characters_and_nothing_else_has_a_meaning(pattern: str, text: str) -> None:
    same = ".*".join(re.escape(piece) for piece in pattern.split("*"))
    assert fits(pattern, text) == (re.fullmatch(same, text, re.DOTALL) is not None)


def test_a_pattern_is_matched_in_linear_time() -> None:
    assert not fits("a*" * 2_000 + "b", "a" * 100_000)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("45s", timedelta(seconds=45)),
        ("90m", timedelta(minutes=90)),
        ("12 h", timedelta(hours=12)),
        ("7d", timedelta(days=7)),
        ("8w", timedelta(weeks=8)),
        ("0d", timedelta()),
    ],
)
def test_a_span_is_a_number_and_its_unit(text: str, length: timedelta) -> None:
    assert span(text) == length


@pytest.mark.parametrize("text", ["", "d", "7", "-7d", "7y", "1.5h", "7d ", "999999999w", "٣d"])
def test_anything_else_is_none(text: str) -> None:
    assert span(text) is None
