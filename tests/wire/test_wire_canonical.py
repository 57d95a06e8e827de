"""The canonical form is RFC 8785's, however quickly it is written."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from ostiary.model.json import JsonValue
from ostiary.wire.canonical import NoCanonicalForm, canonical, digest

TEXT = st.text(max_size=12)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=25,
)


@given(VALUES)
@example({"\U0001f600": 1, "\ufb33": 2, "\u20ac": 3, "\r": 4, "1": 5, "\u0080": 6, "\u00f6": 7})
@example({'\x00\x1f\x7f\b\t\n\f\r"\\/': '\x00\x1f\x7f\u2028\b\t\n\f\r"\\/'})
@example([0.0, -0.0, 1.0, 1e21, 1e-7, 333333333.33333329, 2**53 - 1, -(2**53 - 1)])
@example({"a": float("nan")})
@example([2**53])
@example({"a": [1, -1, 10, 999999999999999], "b": "x:1.5,2e9"})
def test_the_bytes_are_those_of_the_reference(value: JsonValue) -> None:
    try:
        expected = rfc8785.dumps(value)
    except rfc8785.CanonicalizationError:
        with pytest.raises(NoCanonicalForm):
            canonical(value)
        return
    assert canonical(value) == expected


def test_true_is_not_one_and_a_text_is_not_its_number() -> None:
    values: list[JsonValue] = [True, 1, "1", None, [1], "true"]
    assert len({digest({"a": one}) for one in values}) == 6
    assert digest({"a": 1}) == digest({"a": 1.0})


def test_depth_beyond_the_encoders_is_refused_or_written() -> None:
    deep: Any = []
    for _ in range(300):
        deep = [deep]
    assert canonical(deep) == rfc8785.dumps(deep)
