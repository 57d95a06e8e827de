"""Guarantees follow from a pattern only where every text it lets through has them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.patterns.guaranteed import matched, missed, replaced
from ostiary.analyze.dataflow.patterns.regex_automaton import automaton
from ostiary.analyze.dataflow.patterns.regex_syntax import LONGEST, read

NAME = g.PLAIN | g.NO_DOTS | g.BASENAME | g.PLAIN_COMMAND


@pytest.mark.parametrize(
    ("pattern", "how", "holds", "lacks"),
    [
        (r"^[a-z0-9_]+$", "match", NAME | g.NO_DASH, g.SIZE_LIMITED | g.CHOSEN | g.NUMBER),
        (r"[a-z0-9_]+", "fullmatch", NAME | g.NO_DASH, 0),
        (r"\A\w+\Z", "search", NAME | g.NO_DASH, 0),
        (r"^[a-z0-9_]+", "match", g.NO_DASH, NAME),
        (r"[a-z0-9_]+$", "match", NAME, 0),
        (r"[a-z0-9_]+$", "search", 0, NAME | g.NO_DASH),
        (r"[a-z0-9_]+", "search", 0, NAME | g.NO_DASH),
        (r"^[\w-]+$", "match", NAME, g.NO_DASH),
        (r"^\w[\w-]*$", "match", NAME | g.NO_DASH, 0),
        (r"^[\w.-]+$", "match", g.PLAIN_COMMAND, g.PLAIN | g.NO_DOTS | g.BASENAME | g.NO_DASH),
        (r"^\w+(\.\w+)*$", "match", NAME | g.NO_DASH, 0),
        (r"^\w[\w.]*$", "match", g.BASENAME | g.NO_DASH, g.PLAIN | g.NO_DOTS),
        (r"^\w[\w. -]*$", "match", g.PLAIN_COMMAND, g.PLAIN),
        (r"^[a-z/]+$", "match", g.NO_DOTS | g.PLAIN_COMMAND, g.PLAIN | g.BASENAME),
        (r"^[a-z;]+$", "match", g.NO_DOTS, g.PLAIN | g.PLAIN_COMMAND),
        (r"^[^;]+$", "match", 0, NAME | g.NO_DASH),
        (r"^[^-].*$", "match", g.NO_DASH, NAME),
        (r"^(?!-).+$", "match", 0, NAME | g.NO_DASH),
        (r"^(a|b|list-all)$", "match", g.CHOSEN | g.SIZE_LIMITED | NAME, 0),
        (r"^a|b$", "match", 0, g.CHOSEN | NAME),
        (r"^a|b$", "search", 0, g.CHOSEN | NAME),
        (r"^(?:a|b)$", "search", g.CHOSEN, 0),
        (r"(?i)^(a|b)$", "match", g.CHOSEN, 0),
        (r"(?m)^[a-z]+$", "match", 0, NAME),
        (r"(?s)^.*$", "match", 0, NAME | g.NO_DASH),
        (r"^[a-z]{1,40}$", "match", NAME | g.SIZE_LIMITED, 0),
        (r"^[a-z]{1,}$", "match", NAME, g.SIZE_LIMITED),
        (r"^\d+$", "match", g.NUMBER | NAME, 0),
        (r"^\d*$", "match", NAME, g.NUMBER),
        (r"^\d{4}-\d{2}$", "match", NAME | g.NO_DASH | g.SIZE_LIMITED, g.NUMBER),
        (r"^(\w+)\1$", "match", 0, NAME),
        (r"^\w+$|^-rf$", "match", NAME, g.NO_DASH),
        (r"^\S+$", "match", 0, NAME | g.PLAIN_COMMAND),
        (r"^[A-z]+$", "match", 0, g.PLAIN | g.PLAIN_COMMAND),
        (r"^[+-=]+$", "match", 0, g.PLAIN | g.PLAIN_COMMAND),
        (r"^[\w\-]+$", "match", NAME, g.NO_DASH),
        (r"^[]a]+$", "match", g.NO_DOTS, g.PLAIN),
        (r"^(?P<name>[a-z]+)@(?P<v>[0-9]+)$", "match", g.NO_DOTS, g.PLAIN),
        (r"^(?x) [a-z]+ $", "match", 0, NAME),
        (r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "match", NAME | g.SIZE_LIMITED, 0),
        (r"^[a-z]+$", "sub", 0, NAME),
        (r"^", "match", 0, NAME | g.NO_DASH),
        ("", "match", 0, NAME | g.NO_DASH),
        (r"^$", "match", g.CHOSEN, 0),
        (r"^[a-z", "match", 0, NAME),
        (r"^(a", "match", 0, NAME),
        (r"^a**$", "match", 0, NAME),
        ("^" + "(" * 300 + "a" + ")" * 300 + "$", "match", 0, NAME),
        ("^" + "a{1}" * 600 + "$", "match", 0, NAME),
        ("^(?:" * 30 + "a{3}" + "){3}" * 30 + "$", "match", 0, NAME),
    ],
)
def test_a_match(pattern: str, how: str, holds: int, lacks: int) -> None:
    found = matched(pattern, "py", how)
    assert g.words(found & holds) == g.words(holds)
    assert not g.words(found & lacks)


@pytest.mark.parametrize(
    ("pattern", "flags", "holds", "lacks"),
    [
        (r"^[a-z]+$", "", NAME | g.NO_DASH, 0),
        (r"^[a-z]+$", "i", NAME | g.NO_DASH, 0),
        (r"^[a-z]+$", "m", 0, NAME | g.NO_DASH),
        (r"^[a-z]+$", "v", 0, NAME),
        (r"^[\p{L}]+$", "u", 0, NAME),
        (r"^[\u{61}]+$", "u", NAME, 0),
        (r"^[\u{61}]+$", "", 0, NAME),
        (r"^\x61$", "", NAME, 0),
    ],
)
def test_a_match_in_javascript(pattern: str, flags: str, holds: int, lacks: int) -> None:
    found = matched(pattern, flags, "search")
    assert g.words(found & holds) == g.words(holds)
    assert not g.words(found & lacks)


HOSTS = g.HOST_CHOSEN | g.HOST_SUBSTRING | g.SCHEME_CHECKED


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        (r"^https://api\.example\.com/", g.HOST_CHOSEN | g.SCHEME_CHECKED),
        (r"^https?://", g.SCHEME_CHECKED),
        (r"^(http|https)://", g.SCHEME_CHECKED),
        (r"^https://api\.example\.com", g.HOST_SUBSTRING | g.SCHEME_CHECKED),
        (r"^https://api\.example\.com$", g.HOST_CHOSEN | g.SCHEME_CHECKED),
        (r"^https://api.example.com/", g.HOST_SUBSTRING | g.SCHEME_CHECKED),
        (r"^https://.*\.example\.com/", g.HOST_SUBSTRING | g.SCHEME_CHECKED),
        (r"^https://[\w-]+\.example\.com/", g.HOST_CHOSEN | g.SCHEME_CHECKED),
        (r"^https://[\w-]*example\.com/", g.HOST_SUBSTRING | g.SCHEME_CHECKED),
        (r"^https://([\w-]+\.)?example\.com(:\d+)?/", g.HOST_CHOSEN | g.SCHEME_CHECKED),
        (r"^https://([\w-]+\.)*example\.com(/.*)?$", g.HOST_CHOSEN | g.SCHEME_CHECKED),
        (r"^https://([\w-]+\.)*example\.com(/.*)?", g.HOST_SUBSTRING | g.SCHEME_CHECKED),
        (r"^(https?://)?github\.com/", g.HOST_CHOSEN),
        (r"^https://(github|gitlab)\.com/\w+", g.HOST_CHOSEN | g.SCHEME_CHECKED),
        (r"^https://github\.com/|^https://.*evil\.com", g.HOST_SUBSTRING | g.SCHEME_CHECKED),
        (r"example\.com", g.HOST_SUBSTRING),
        (r"example\.com$", g.HOST_SUBSTRING),
        (r"^([a-z0-9-]+\.)*example\.com$", g.HOST_CHOSEN),
        (r"^[\w.-]+\.example\.com$", g.HOST_CHOSEN),
        (r"^.*\.example\.com$", g.HOST_SUBSTRING),
        (r"^[a-z]+$", 0),
    ],
)
def test_hosts(pattern: str, wanted: int) -> None:
    assert g.words(matched(pattern, "", "search") & HOSTS) == g.words(wanted)


@pytest.mark.parametrize(
    ("pattern", "holds", "lacks"),
    [
        (r"[^a-zA-Z0-9_-]", NAME, g.NO_DASH),
        (r"[^\w]", NAME | g.NO_DASH, 0),
        (r"\W+", NAME | g.NO_DASH, 0),
        (r"[^\w.-]", g.PLAIN_COMMAND, g.PLAIN | g.BASENAME | g.NO_DOTS),
        (r"[^\w.-]|\.\.", NAME, 0),
        (r"[;&|`$()<>\n\r\0\"'\\*?\[\]{}!#~^%]", g.PLAIN_COMMAND, g.PLAIN | g.NO_DOTS),
        (r"[;&|`$]", 0, g.PLAIN_COMMAND),
        (r"[;&]*", 0, g.PLAIN_COMMAND),
        (r"\.\.", g.NO_DOTS, g.BASENAME),
        (r"\.{2}", g.NO_DOTS, 0),
        (r"\.\./", 0, g.NO_DOTS),
        (r"(^|/)\.\.(/|$)", g.NO_DOTS, 0),
        (r"(?:^|[\\/])\.\.(?:[\\/]|$)", g.NO_DOTS, 0),
        (r"[/\\\0]|\.\.", g.BASENAME | g.NO_DOTS, g.PLAIN),
        (r"^-", g.NO_DASH, NAME),
        (r"^--", 0, g.NO_DASH),
        (r"^[^a-z]", 0, NAME),
        (r"[^a-z]$", 0, NAME),
        (r"[^é\w]", 0, g.CHOSEN),
    ],
)
def test_a_miss(pattern: str, holds: int, lacks: int) -> None:
    found = missed(pattern, "py", "search")
    assert g.words(found & holds) == g.words(holds)
    assert not g.words(found & lacks)
    assert missed(pattern, "py", "match") == 0


@pytest.mark.parametrize(
    ("pattern", "flags", "put", "holds", "lacks"),
    [
        (r"[^a-z]", "g", "", NAME, 0),
        (r"[^a-z]", "g", "_", NAME, 0),
        (r"[^a-z]", "py", "-", NAME, 0),
        (r"[^a-z]", "g", "/", g.NO_DOTS, g.BASENAME | g.PLAIN),
        (r"[^a-z]", "", "", 0, NAME),
        (r"[^a-z]", "g", r"\1", 0, NAME),
        (r"\.\.", "g", "", 0, g.NO_DOTS),
        (r"[^\w.]", "g", "", g.PLAIN_COMMAND, g.PLAIN | g.NO_DOTS),
        (r"\.", "g", "", g.NO_DOTS, g.PLAIN),
    ],
)
def test_what_is_left(pattern: str, flags: str, put: str, holds: int, lacks: int) -> None:
    found = replaced(pattern, flags, put)
    assert g.words(found & holds) == g.words(holds)
    assert not g.words(found & lacks)


PIECES = st.sampled_from(
    [
        *("a", "-", ".", r"\.", "/", ";", r"\w", r"\W", r"\d", r"\s", r"\S", "[a-z]", "[^a-z]"),
        *("[^;]", "(", ")", "(?:", "|", "*", "+", "?", "{2}", "{1,3}", "^", "$", r"\A", r"\Z"),
        *("(?i:", "[+-/]", r"[\w.-]", "(?!a)", r"\b", "é", "[é-ü]", "k", "S"),
    ]
)
TEXTS = st.text(st.sampled_from("aAzZ09_-./;\\ \n'$éßKſ～"), max_size=6)


@given(st.lists(PIECES, max_size=9), TEXTS, st.sampled_from(["search", "match", "fullmatch"]))
def test_no_text_breaks_its_guarantees(pieces: list[str], text: str, how: str) -> None:
    pattern = "".join(pieces)
    try:
        compiled = re.compile(pattern)
    except re.error:
        return
    hit = getattr(compiled, how)(text)
    held = matched(pattern, "py", how) if hit else missed(pattern, "py", how)
    body = text.removesuffix("\n") if hit else text
    if held & g.PLAIN:
        assert all(char.isalnum() or char in "_-.+" for char in body)
        assert ".." not in body
    if held & g.NO_DOTS:
        assert ".." not in body
    if held & g.NO_DASH:
        assert not text.startswith("-")
    if held & g.BASENAME:
        assert not set(body) & set("/\\")
        assert body != ".."
    if held & g.PLAIN_COMMAND:
        assert not set(body) & set(";$'\\\n")
    if held & g.NUMBER:
        assert body.isdecimal()


@given(st.text(max_size=40))
def test_any_pattern_is_read_or_not(pattern: str) -> None:
    for flags in ("py", "", "iu"):
        tree = read(pattern, flags)
        assert tree is None or automaton(tree) is not None or len(pattern) > 10


def test_a_long_pattern_is_not_read() -> None:
    assert read("a" * (LONGEST + 1), "py") is None
