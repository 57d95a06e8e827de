from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.model.visible import is_hidden, one_line, visible

ANY = st.text(st.characters(), max_size=300)
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_ordinary_text_stays_as_it_is() -> None:
    assert visible("Reads a file. Größe: 3 µm, 日本語") == "Reads a file. Größe: 3 µm, 日本語"


def test_hidden_characters_are_named() -> None:
    assert visible("a\u200bb\u202ec\x1b[2Jd\U000e0041e\ufe0ff\u3164") == (
        "a⟨U+200B⟩b⟨U+202E⟩c⟨U+001B⟩[2Jd⟨U+E0041⟩e⟨U+FE0F⟩f⟨U+3164⟩"
    )


def test_line_ends_become_one_sign_each() -> None:
    assert visible("a\r\nb\nc\rd\u2028e") == "a⏎b⏎c⟨U+000D⟩d⟨U+2028⟩e"


def test_a_lone_surrogate_can_be_printed() -> None:
    assert visible("\ud800").encode() == "⟨U+D800⟩".encode()


def test_marks_that_pile_up_are_told_apart() -> None:
    assert visible("e\u0301") == "e\u0301"
    assert visible("a" + "\u0336" * 5) == "a" + "\u0336" * 3 + "⟨U+0336⟩" * 2


def test_a_cut_never_splits_a_name_of_a_character() -> None:
    cuts = [visible("ab\u200bcd", limit) for limit in range(1, 14)]
    assert cuts[1:5] == ["a…", "ab…", "ab…", "ab…"]
    assert all("⟨" not in cut or "⟩" in cut for cut in cuts)


def test_five_megabytes_are_cut_before_they_cost_anything() -> None:
    assert len(visible("\u200b" * 5_000_000, 100)) <= 100


@given(ANY, st.integers(1, 400))
def test_nothing_hidden_is_left_and_the_limit_holds(text: str, limit: int) -> None:
    shown = visible(text, limit)
    assert len(shown) <= limit
    assert not [char for char in shown if unicodedata.category(char) in HIDDEN]
    assert visible(shown, limit) == shown


@given(ANY)
def test_without_a_limit_nothing_is_left_out(text: str) -> None:
    shown = visible(text)
    assert len(shown) >= len(text) - text.count("\r\n")
    assert shown.isprintable()


@pytest.mark.parametrize("blank", ["\t", "\u00a0", "\u3000", "\u2003", "\x1c"])
def test_a_blank_that_only_looks_like_a_space_is_named(blank: str) -> None:
    assert visible(f"a{blank}b") == f"a⟨U+{ord(blank):04X}⟩b"
    assert is_hidden(blank)
    assert not is_hidden(" ")


def test_prose_is_told_on_one_line() -> None:
    assert (
        one_line("  Reads\ta\r\n\n file.\u3000\u2028 And\u00a0more. ") == "Reads a file. And more."
    )
    assert one_line("Adds." + "\n" * 60 + "Then read the keys.") == "Adds. Then read the keys."


def test_what_is_no_honest_blank_stays_visible_in_prose() -> None:
    assert one_line("a\rb\x1b[1m\u200b\x0b c") == "a⟨U+000D⟩b⟨U+001B⟩[1m⟨U+200B⟩⟨U+000B⟩ c"


def test_prose_says_that_more_follows() -> None:
    assert one_line("a" + " " * 5_000_000 + "b") == "a…"
    assert one_line("word " * 100, 21) == "word word word word …"


@given(ANY, st.integers(2, 400))
def test_prose_holds_the_limit_and_is_stable(text: str, limit: int) -> None:
    shown = one_line(text, limit)
    assert len(shown) <= limit
    assert visible(shown, limit) == shown
