"""Closed, full and narrow streams; homes and folders that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks.attack import configured, shell

SCAN = '"$OSTIARY" scan --no-connect --no-memory'
STRANGE = {"\u00e9\u4e2d": {"command": "npx", "args": ["x"]}}


def test_a_terminal_that_cannot_show_every_character_gets_escapes(tmp_path: Path) -> None:
    configured(tmp_path, STRANGE)
    for form in ("", " --markdown", " --json"):
        seen = shell(SCAN + form, tmp_path, PYTHONIOENCODING="ascii")
        assert seen.code == 0, seen.err
        assert seen.out.isascii()


@pytest.mark.parametrize("sink", [">&-", ">/dev/full"])
def test_an_answer_that_cannot_be_delivered_is_said(tmp_path: Path, sink: str) -> None:
    configured(tmp_path, STRANGE)
    seen = shell(f"{SCAN} --json {sink}", tmp_path)
    assert seen.code == 2
    assert "cannot write to standard output" in seen.err


def test_closed_streams_stop_no_scan(tmp_path: Path) -> None:
    configured(tmp_path, STRANGE)
    assert shell(f"{SCAN} --output answer <&- 2>&- >&-", tmp_path).code == 0
    assert "1 server" in (tmp_path / "answer").read_text(encoding="utf-8")


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    configured(tmp_path, STRANGE)
    seen = shell(f"{SCAN} --json | head -c 1", tmp_path)
    assert seen.out == b"{"
    assert seen.err == ""


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    gone = shell(f"mkdir gone; cd gone; rmdir ../gone; {SCAN}", tmp_path)
    assert gone.code == 2
    assert "current folder cannot be used" in gone.err


def test_a_user_without_home_is_told_to_set_one(tmp_path: Path) -> None:
    user = "setpriv --reuid 54321 --clear-groups env -u HOME"
    if shell(f'{user} "$OSTIARY" --version', tmp_path).code in (126, 127):
        pytest.skip("the interpreter of this environment lies where another user may not enter")
    homeless = shell(f"{user} {SCAN}", tmp_path)
    assert homeless.code == 2
    assert "set HOME" in homeless.err


def test_a_number_that_is_none_is_refused(tmp_path: Path) -> None:
    seen = shell(f"{SCAN} --seconds nan", tmp_path)
    assert seen.code == 2
    assert "--seconds" in seen.err


def test_error_messages_carry_no_escapes(tmp_path: Path) -> None:
    (tmp_path / "ignore.toml").write_text('"\\u001b]52;c;AAAA\\u0007"=1', encoding="utf-8")
    seen = shell(f"{SCAN} --ignore ignore.toml", tmp_path)
    assert seen.code == 2
    assert "\x1b" not in seen.err
    assert "U+001B" in seen.err
