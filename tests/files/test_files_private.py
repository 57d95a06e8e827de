"""Files of Ostiary's own are whole or not there, and nobody else has a hand in them."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ostiary.catalogue.keys import own_key
from ostiary.files.place import place
from ostiary.files.private import OTHERS_WRITE, NotPrivate, make_private, read_private
from ostiary.files.whole import replace_file, written_beside
from ostiary.model.setting import BadSetting, Table


def test_a_private_file_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "made" / "key"
    make_private(path, b"first")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with pytest.raises(FileExistsError):
        make_private(path, b"second")
    assert read_private(path, 100) == b"first"
    assert list(path.parent.iterdir()) == [path]


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        make_private(tmp_path / "key", b"secret")
    assert not (tmp_path / "elsewhere").exists()
    (tmp_path / "elsewhere").write_bytes(b"another")
    with pytest.raises(OSError, match="symbolic links"):
        read_private(tmp_path / "key", 100)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_file_that_others_have_a_right_to_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    make_private(path, b"secret")
    path.chmod(mode)
    with pytest.raises(NotPrivate, match=f"mode {mode:04o}"):
        read_private(path, 100)
    if mode & OTHERS_WRITE:
        with pytest.raises(NotPrivate, match="can be changed"):
            read_private(path, 100, without=OTHERS_WRITE)
    else:
        assert read_private(path, 100, without=OTHERS_WRITE) == b"secret"


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(NotPrivate, match="not a file"):
        read_private(tmp_path / "pipe", 100)


def test_a_file_that_cannot_be_finished_leaves_the_old_one_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "book"
    replace_file(path, b"old")
    with written_beside(path, b"fresh") as fresh:
        assert fresh.read_bytes() == b"fresh"
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"old"
    replace_file(path, b"fresh", durable=False)
    assert path.read_bytes() == b"fresh"
    assert list(tmp_path.iterdir()) == [path]


def test_all_who_make_one_key_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as many:
        for number in range(20):
            path = tmp_path / str(number) / "key"
            names = set(many.map(lambda _, at=path: own_key(at).name, range(16)))
            assert len(names) == 1


def test_a_place_is_relative_to_its_base_or_told_by_name(tmp_path: Path) -> None:
    assert place(Table({}, "room"), "path", tmp_path) is None
    assert place(Table({"path": "a/b"}, "room"), "path", tmp_path) == tmp_path / "a" / "b"
    assert place(Table({"path": "~/a"}, "room"), "path", tmp_path) == Path.home() / "a"
    for value in ("", 5, "a\0b", "~nobody-of-that-name/a"):
        with pytest.raises(BadSetting, match=r"^room\.path: "):
            place(Table({"path": value}, "room"), "path", tmp_path)
