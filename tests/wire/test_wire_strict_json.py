"""One reading of one text, or a refusal."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.wire.canonical import NoCanonicalForm, canonical, digest
from ostiary.wire.strict_json import Limits, RefusedJson, decode

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"a":1,"b":{"c":1,"c":2}}', "the key 'c' occurs twice"),
        (b'{"a":1,"\\u0061":2}', "the key 'a' occurs twice"),
        (b"[NaN]", "NaN is not a JSON number"),
        (b"[-Infinity]", "-Infinity"),
        (b"[1e999]", "out of range"),
        (b"\xff", "byte 0 is not valid UTF-8"),
        (b'"\xed\xa0\x80"', "not valid UTF-8"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\udc00x":1}', "surrogate"),
        (b"[" * 100_000, "nested deeper than 128"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "nested deeper than 128"),
        (b"[1,]", "line 1, column"),
        (b"", "line 1, column 1"),
        (b"{} {}", "Extra data"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b"9" * 5000, "digits"),
        (b" " * 101, "101 bytes is more than the limit of 100"),
    ],
)
def test_what_two_parsers_may_read_as_two_things_is_refused(data: bytes, why: str) -> None:
    limits = Limits(size=100) if data.isspace() else Limits()
    with pytest.raises(RefusedJson, match=why):
        decode(data, limits)


def test_brackets_in_strings_are_no_depth() -> None:
    text = "[{" * 1000 + '"\\'
    assert decode(json.dumps([text]).encode()) == [text]
    assert decode(b"[" * 128 + b"]" * 128)


@pytest.mark.parametrize(
    "data",
    [
        b'[["' + b'\\"' * 1_000_000 + b"[" * 200,
        b'[["' + b'\\"' * 1_000_000 + b"[" * 200 + b"\\",
        b'"' * 2_000_000 + b"[" * 200,
        b'["a",' * 400_000,
    ],
    ids=["unterminated", "escaped end", "quotes", "nested"],
)
def test_hostile_text_of_megabytes_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedJson):
        decode(data)


@given(plain)
def test_what_is_unambiguous_is_read_as_it_is(value: object) -> None:
    assert decode(json.dumps(value).encode()) == value
    assert decode(json.dumps(value, ensure_ascii=False).encode("utf-8")) == value


@given(st.binary(max_size=100))
def test_any_bytes_are_a_value_or_a_refusal(data: bytes) -> None:
    try:
        value = decode(data)
    except RefusedJson:
        return
    digest(value)


def test_the_digest_ignores_what_json_ignores_and_nothing_else() -> None:
    assert canonical({"b": 1.0, "a": "\u00e9"}) == '{"a":"\u00e9","b":1}'.encode()
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    assert digest({"a": [1, 2]}) != digest({"a": [2, 1]})
    assert digest("e\u0301") != digest("\u00e9")
    assert digest({}) == hashlib.sha256(b"{}").hexdigest()


def test_large_integers_have_a_digest_of_their_own() -> None:
    with pytest.raises(NoCanonicalForm):
        canonical(2**60)
    found = {digest({"maximum": value}) for value in (2**60, 2**60 + 1, True, 1, 0)}
    assert len(found) == 5


_FRAGMENTS = st.sampled_from(
    [
        *("{", "}", "[", "]", ",", ":", '"a"', '"b"', '"\\u0061"', '"\\ud800"', '"é"', "1", "1.0"),
        *("-0", "0", "1e2", "1E400", "18446744073709551616", "NaN", "true", "null", " ", "\ufeff"),
    ]
)


@given(st.lists(_FRAGMENTS, max_size=14).map("".join) | plain.map(json.dumps))
def test_the_quick_way_reads_nothing_else_than_the_slow_one(text: str) -> None:
    for form in (text, text.replace(" ", "")):
        data = form.encode("utf-8")
        # A text of so many bytes is not tried the quick way.
        slow = data.replace(b"[", b"[" + b" " * 300_000, 1) if b"[" in data else data
        assert _outcome(data) == _outcome(slow)


def _outcome(data: bytes) -> str:
    try:
        return repr(decode(data))
    except RefusedJson:
        return "refused"
