"""Sealed ids: what was closed opens, everything else does not."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.gateway.keys import session_key
from ostiary.gateway.seal import LONGEST, BrokenSeal, Seal
from ostiary.model.setting import BadSetting

KEY = bytes(range(32))
values = st.dictionaries(st.text(max_size=8), st.text(max_size=40) | st.integers(), max_size=5)


def seal(
    key: bytes = KEY, purpose: str = "session", random: Callable[[int], bytes] = os.urandom
) -> Seal:
    return Seal(key, purpose, random)


@given(values)
def test_what_was_closed_opens(value: dict[str, str | int]) -> None:
    assert seal().open(seal().close(dict(value))) == value


@given(values, st.data())
def test_any_other_character_breaks_it(value: dict[str, str | int], data: st.DataObject) -> None:
    closed = seal(random=bytes).close(dict(value))
    # The last character may hold bits that stand for nothing.
    at = data.draw(st.integers(0, len(closed) - 2))
    other = data.draw(st.sampled_from([one for one in "Aa0-_Zz9" if one != closed[at]]))
    with pytest.raises(BrokenSeal):
        seal().open(closed[:at] + other + closed[at + 1 :])


@given(st.text(max_size=300))
def test_no_text_at_all_opens(text: str) -> None:
    with pytest.raises(BrokenSeal):
        seal().open(text)


@pytest.mark.parametrize("other", [seal(bytes(32)), seal(purpose="state")])
def test_a_seal_opens_for_its_key_and_purpose_only(other: Seal) -> None:
    with pytest.raises(BrokenSeal):
        other.open(seal().close({"a": 1}))


def test_a_long_text_is_not_even_tried() -> None:
    with pytest.raises(BrokenSeal, match="longer"):
        seal().open("A" * (LONGEST + 1))


def test_two_seals_of_one_value_differ() -> None:
    assert seal().close({"a": 1}) != seal().close({"a": 1})


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "session.key"
    made = session_key(path)
    assert session_key(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["session.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_can_read_is_not_used(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "session.key"
    session_key(path)
    path.chmod(mode)
    with pytest.raises(BadSetting, match="chmod 600"):
        session_key(path)


def test_a_key_that_was_cut_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "session.key"
    session_key(path)
    path.write_bytes(b"short")
    with pytest.raises(BadSetting, match="remove it"):
        session_key(path)


def test_a_key_behind_a_link_is_not_used(tmp_path: Path) -> None:
    session_key(tmp_path / "real")
    (tmp_path / "session.key").symlink_to(tmp_path / "real")
    with pytest.raises((BadSetting, OSError)):
        session_key(tmp_path / "session.key")
