from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ostiary.report.visible import visible

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
