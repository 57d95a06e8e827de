"""Configuration text is read as clients read it, with the place of every key."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.clients.formats.document import Unreadable
from ostiary.clients.formats.json_text import read_json
from ostiary.clients.formats.relaxed import Relaxed


def test_plain_json_knows_its_places() -> None:
    found = read_json(b'{\n  "a": {\n    "b": [1, {"c": 2}]},\n "z": {}, "y": [], "x": 1}')
    assert found.spot(("a",)) == (2, 3)
    assert found.spot(("a", "b", 1)) == (3, 14)
    assert found.spot(("a", "b", 1, "c")) == (3, 15)
    assert found.spot(("z",)) == (4, 2)
    assert found.spot(("x",)) == (4, 20)
    assert found.spot(("a", "b", 9, "no")) == (3, 5), "an absent place is its nearest parent"
    assert found.spot(()) == (None, None)


def test_json_with_liberties() -> None:
    text = (
        b"\xef\xbb\xbf// a comment\r\n{\r\n  /* block */ plain: 0x1F, 'single': 'it\\'s',\r\n"
        b'  "list": [1, .5, +2, NaN, -Infinity,], // end\r\n'
        b'  "text": "a\\x41\\\n b\\u00e9",\r\n}\r\n'
    )
    found = read_json(text)
    assert found.value == {
        "plain": 31,
        "single": "it's",
        "list": [1, 0.5, 2, "NaN", "-Infinity"],
        "text": "aA bé",
    }
    assert found.spot(("single",)) == (3, 28)
    assert found.spot(("list", 2)) == (4, 19)


def test_duplicate_keys_are_told_and_the_last_wins() -> None:
    found = read_json(b'{"mcpServers": {"a": {"command": "x"}, "a": {"command": "y"}}}')
    assert found.value == {"mcpServers": {"a": {"command": "y"}}}
    assert found.duplicates == ("/mcpServers/a",)
    assert found.spot(("mcpServers", "a")) == (1, 40)


@pytest.mark.parametrize("text", [b"", b"  \n", b"\xef\xbb\xbf", b"// only a comment\n"])
def test_an_empty_file_is_an_empty_object(text: bytes) -> None:
    assert read_json(text).value == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b'{"a": "\xff"}', "byte 7 is not valid UTF-8"),
        (b'{"a": 1 "b": 2}', "line 1, column 9"),
        (b'{"a": nope}', "line 1, column 7"),
        (b'{"a": "open', "line 1, column 7"),
        (b"[1, 2", "line 1, column 6"),
        (b'{"a"}', "line 1, column 5"),
        (b"{} {}", "line 1, column 4"),
        (b"/* never closed", "line 1, column 1"),
        (b"[}", "line 1, column 2"),
        (b"\xff\xfe{\x00}\x00", "byte 0 is not valid UTF-8"),
        (b"[" * 100_000, "nested deeper than 200"),
        (b'{"a":' * 100_000, "nested deeper than 200"),
        (b"[" * 500 + b"]" * 500, "nested deeper than 200"),
        (b"[" + b"{}," * 300_001 + b"{}]", "more than 300,000 objects"),
    ],
)
def test_what_cannot_be_read_is_named(text: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read_json(text)


def test_an_error_never_quotes_the_file() -> None:
    with pytest.raises(Unreadable) as caught:
        read_json(b"-----BEGIN PRIVATE KEY-----\nMIIEsecret")
    assert "secret" not in str(caught.value)
    assert "BEGIN" not in str(caught.value)


def test_numbers_that_python_refuses_stay_text() -> None:
    digits = "9" * 5000
    assert read_json(f'{{"n": {digits}}}'.encode()).value == {"n": digits}
    assert read_json(b'{"n": 1e999}').value == {"n": "1e999"}


def test_half_a_surrogate_pair_becomes_a_replacement() -> None:
    found = read_json(b'{"a": "x\\ud800y", "b\\udfff": "\\ud83d\\ude00"}')
    assert found.value == {"a": "x�y", "b�": "😀"}


def test_large_files_keep_their_places() -> None:
    servers = {
        f"s{n}": {"command": "npx", "args": ["-y", "p"], "env": {"A": "b"}} for n in range(2000)
    }
    text = json.dumps({"mcpServers": servers}, indent=1)
    assert len(text) > 200_000
    for data in (text.encode(), f"// comment\n{text}".encode()):
        line, column = read_json(data).spot(("mcpServers", "s1999", "env", "A"))
        assert line is not None
        assert data.decode().splitlines()[line - 1][(column or 0) - 1 :] == '"A": "b"'


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(VALUES, st.sampled_from([None, 1, "\t"]))
def test_the_scanner_agrees_with_the_standard_parser(value: object, indent: int | str) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    assert Relaxed(text).read() == json.loads(text)
    commented = "/* a */ " + text + " // b"
    assert Relaxed(commented).read() == json.loads(text)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(), VALUES, min_size=1))
def test_both_readings_give_the_same_places(value: dict[str, object]) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    fast = read_json(text.encode("utf-8", "replace"))
    slow = read_json(text.encode("utf-8", "replace") + b"\n// end")
    for key, inner in value.items():
        for path in [(key,), *((key, step) for step in _steps(inner))]:
            assert fast.spot(path) == slow.spot(path)


def _steps(value: object) -> list[str | int]:
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="{}[]:,\"'/*\\ \nabc01.-+eExu\ufeff"))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        read_json(text.encode())


@settings(max_examples=200, deadline=None)
@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(Unreadable):
        read_json(data)
