"""Files that a person names: pipes, devices, bombs, and files that are nobody's memory."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from attacks.attack import attack, configured, described, shell


@pytest.mark.parametrize("option", ["--surface", "--ignore", "--clients-file", "--against"])
def test_a_named_pipe_and_an_endless_device_are_refused(tmp_path: Path, option: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    more = ("--surface", described(tmp_path, "x")) if option == "--against" else ()
    for hostile in (tmp_path / "pipe", Path("/dev/zero")):
        seen = attack("scan", "--no-connect", "--json", option, hostile, *more, home=tmp_path)
        assert seen.code in (2, 3)
        assert seen.err or any(hostile.name in one["subject"] for one in seen.not_checked)


def test_the_pipe_of_a_shell_is_read(tmp_path: Path) -> None:
    described(tmp_path, "Adds two numbers.")
    seen = shell('"$OSTIARY" scan --json --surface <(cat surface.json)', tmp_path)
    assert seen.code == 0, seen.err


@pytest.mark.parametrize("text", ["x=" + "[" * 100_000, "x=" + "1" * 100_000, "\0", "\ufffe"])
def test_an_ignore_file_that_is_a_bomb_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "ignore.toml").write_text(text, encoding="utf-8")
    seen = attack("scan", "--no-connect", "--ignore", tmp_path / "ignore.toml", home=tmp_path)
    assert seen.code == 2


def test_what_is_named_as_memory_and_is_none_keeps_its_mode(tmp_path: Path) -> None:
    folder, other, foreign = tmp_path / "folder", tmp_path / "other", tmp_path / "foreign"
    folder.mkdir(mode=0o755)
    other.write_text("somebody's notes" * 100, encoding="utf-8")
    database = sqlite3.connect(foreign)
    database.execute("CREATE TABLE mine (x)")
    database.close()
    os.mkfifo(tmp_path / "pipe")
    for path in (folder, other, foreign, tmp_path / "pipe"):
        path.chmod(0o755)
        before = path.stat()
        seen = attack("scan", "--connect", "--memory", path, home=tmp_path)
        assert seen.code == 2
        assert str(path) in seen.err
        assert path.stat().st_mode == before.st_mode


def test_two_scans_on_one_memory_and_a_memory_of_a_later_format(tmp_path: Path) -> None:
    memory = tmp_path / "memory.sqlite"
    line = f'"$OSTIARY" scan --connect --json --memory {memory} >/dev/null'
    assert shell(f"{line} & {line}; first=$?; wait $! && exit $first", tmp_path).code == 0
    assert memory.stat().st_mode & 0o077 == 0
    database = sqlite3.connect(memory)
    database.execute("PRAGMA user_version = 99")
    database.close()
    seen = attack("scan", "--connect", "--memory", memory, home=tmp_path)
    assert seen.code == 2
    assert "newer" in seen.err


def test_special_files_in_place_of_a_configuration(tmp_path: Path) -> None:
    file = tmp_path / ".cursor" / "mcp.json"
    file.parent.mkdir()
    for target in ("mcp.json", "/dev/zero", "/proc/self/mem", "/dev/tty"):
        file.symlink_to(target)
        seen = attack("scan", "--no-connect", "--json", home=tmp_path)
        assert seen.code == 3
        assert [one["subject"] for one in seen.not_checked] == [str(file)]
        file.unlink()
    os.mkfifo(file)
    assert attack("scan", "--no-connect", "--json", home=tmp_path).code == 3


def test_what_a_hostile_configuration_costs(tmp_path: Path) -> None:
    file = configured(tmp_path, b"")
    with file.open("wb") as big:
        big.truncate(100_000_000)
    attack("scan", "--no-connect", "--json", home=tmp_path, megabytes=200)
    file.write_bytes(b'// x\n{"a":[' + b"1," * 2_000_000 + b"1]}")
    seen = attack("scan", "--no-connect", "--json", home=tmp_path, megabytes=200)
    assert seen.code == 3
