"""Archives made to harm whoever unpacks them: all are read in memory, bounded and told."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from ostiary.model.outcome import NotChecked
from ostiary.supply.artifact.acquire import acquire
from ostiary.supply.artifact.acquired import Acquired
from ostiary.supply.artifact.bounds import Bounds
from ostiary.supply.artifact.options import AcquireOptions

SMALL = Bounds(
    total_bytes=4_000_000,
    file_bytes=2_000_000,
    text_bytes=1_000_000,
    ratio_from=500_000,
    ratio=50,
    files=200,
    entries=400,
    header_bytes=4096,
)


def read(file: Path, bounds: Bounds = SMALL) -> Acquired:
    found = acquire(str(file), AcquireOptions(file.parent / "cache", bounds=bounds))
    assert isinstance(found, Acquired), found
    return found


def kinds(found: Acquired) -> set[str]:
    return {one.kind for one in found.traits}


def entry(name: str, data: bytes = b"x", **given: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in given.items():
        setattr(info, key, value)
    return info, data


def tar(file: Path, entries: Iterable[tuple[tarfile.TarInfo, bytes]], mode: str = "w:gz") -> Path:
    with tarfile.open(file, mode) as archive:  # type: ignore[call-overload]
        for info, data in entries:
            archive.addfile(info, io.BytesIO(data) if info.isreg() else None)
    return file


def packed(file: Path, entries: Iterable[tuple[str, bytes, int]]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, mode in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return file


ESCAPES = [
    ("package/../../evil.py", "path escape"),
    ("..\\evil.py", "path escape"),
    ("/etc/cron.d/evil", "absolute path"),
    ("C:\\Windows\\evil.dll", "absolute path"),
    ("c:evil", "absolute path"),
]


@pytest.mark.parametrize(("name", "kind"), ESCAPES)
def test_names_that_lead_out(tmp_path: Path, name: str, kind: str) -> None:
    outside = set(tmp_path.parent.iterdir())
    for file in (
        tar(tmp_path / "a.tgz", [entry("package/a.py"), entry(name)]),
        packed(tmp_path / "a.mcpb", [("a.py", b"x", 0o644), (name, b"x", 0o644)]),
    ):
        found = read(file)
        assert kinds(found) == {kind}
        assert list(found.project.files) == ["a.py"]
        assert any("lead out" in one.reason for one in found.not_checked)
    assert set(tmp_path.parent.iterdir()) == outside


def test_links_are_recorded_and_never_followed(tmp_path: Path) -> None:
    link = entry("package/out", b"", type=tarfile.SYMTYPE, linkname="../../../etc/passwd")
    fine = entry("package/fine", b"", type=tarfile.SYMTYPE, linkname="a.py")
    hard = entry("package/hard", b"", type=tarfile.LNKTYPE, linkname="/etc/shadow")
    file = tar(tmp_path / "a.tgz", [entry("package/a.py"), link, fine, hard])
    found = read(file)
    assert [one.path for one in found.traits if one.kind == "link out"] == [
        "package/out",
        "package/hard",
    ]
    assert found.project.files["out"].data == b""
    assert found.project.files["fine"].link == "a.py"


def test_entry_through_a_link(tmp_path: Path) -> None:
    link = entry("package/d", b"", type=tarfile.SYMTYPE, linkname="/tmp")
    found = read(tar(tmp_path / "a.tgz", [link, entry("package/d/evil"), entry("package/a")]))
    assert kinds(found) == {"link out", "path escape"}
    assert "d/evil" not in found.project.files


def test_links_in_zip_archives(tmp_path: Path) -> None:
    file = packed(tmp_path / "a.mcpb", [("l", b"../../etc/passwd", 0o120777)])
    assert kinds(read(file)) == {"link out"}


def test_devices_and_rights(tmp_path: Path) -> None:
    entries = [
        entry("package/a"),
        entry("package/null", b"", type=tarfile.CHRTYPE, devmajor=1, devminor=3),
        entry("package/pipe", b"", type=tarfile.FIFOTYPE),
        entry("package/root", mode=0o4755),
    ]
    found = read(tar(tmp_path / "a.tgz", entries))
    assert kinds(found) == {"device", "setuid"}
    assert sorted(found.project.files) == ["a", "root"]
    in_zip = read(packed(tmp_path / "a.mcpb", [("p", b"", 0o010644), ("s", b"x", 0o104755)]))
    assert kinds(in_zip) == {"device", "setuid"}


def test_same_path_twice(tmp_path: Path) -> None:
    found = read(tar(tmp_path / "a.tgz", [entry("p/a.py", b"good"), entry("p/./a.py", b"evil")]))
    assert kinds(found) == {"twice"}
    assert found.project.files["a.py"].data == b"evil"
    same = read(tar(tmp_path / "b.tgz", [entry("p/a.py"), entry("p/a.py")]))
    assert kinds(same) == set()
    with pytest.warns(UserWarning, match="Duplicate"):
        file = packed(tmp_path / "a.mcpb", [("a", b"1", 0o644), ("a", b"2", 0o644)])
    assert kinds(read(file)) == {"twice"}


def test_case_collision(tmp_path: Path) -> None:
    found = read(tar(tmp_path / "a.tgz", [entry("p/Server.py"), entry("p/server.py")]))
    assert kinds(found) == {"case collision"}


def test_odd_names(tmp_path: Path) -> None:
    names = ["p/a\nb", "p/a\x1b[2Jb", "p/\udcff.py", "p/x/../y"]
    found = read(tar(tmp_path / "a.tgz", [entry(name) for name in names]))
    assert kinds(found) == {"odd name"}
    assert len(found.project.files) == 4
    for path in found.project.files:
        path.encode()


def test_name_with_a_nul(tmp_path: Path) -> None:
    file = packed(tmp_path / "a.mcpb", [("safe.txt#.py", b"x", 0o644), ("a", b"x", 0o644)])
    file.write_bytes(file.read_bytes().replace(b"safe.txt#.py", b"safe.txt\0.py"))
    found = read(file)
    assert kinds(found) == {"odd name"}
    assert list(found.project.files) == ["a"]


@pytest.mark.parametrize("name", ["bomb.tgz", "bomb.mcpb"])
def test_bombs_are_stopped_soon(tmp_path: Path, name: str) -> None:
    data = b"\0" * 64_000_000
    file = tmp_path / name
    if name.endswith(".tgz"):
        tar(file, [entry("package/a.py"), entry("package/zeros", data)])
    else:
        packed(file, [("a.py", b"x", 0o644), ("zeros", data, 0o644)])
    started = time.monotonic()
    found = read(file)
    assert time.monotonic() - started < 5
    assert kinds(found) == {"bomb"}
    assert "a.py" in found.project.files or "package/a.py" in found.project.files
    assert found.not_checked


def test_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    file = packed(tmp_path / "a.mcpb", [("zeros", b"\0" * 3_000_000, 0o644)])
    real, lie = struct.pack("<L", 3_000_000), struct.pack("<L", 10)
    file.write_bytes(file.read_bytes().replace(real, lie))
    found = read(file)
    assert kinds(found) == {"mismatch"}
    assert found.not_checked


def test_overlapping_entries(tmp_path: Path) -> None:
    file = packed(tmp_path / "a.mcpb", [("a", b"x" * 400, 0o644), ("b", b"y" * 400, 0o644)])
    data = bytearray(file.read_bytes())
    second = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, second + 42, 0)
    file.write_bytes(bytes(data))
    found = read(file)
    assert kinds(found) & {"bomb", "mismatch"}
    assert found.not_checked


def test_many_entries(tmp_path: Path) -> None:
    found = read(tar(tmp_path / "a.tgz", [entry(f"p/{one}.py") for one in range(300)]))
    assert len(found.project.files) == 200
    assert any("more than 200 files" in one.reason for one in found.not_checked)


def test_long_and_deep_names(tmp_path: Path) -> None:
    names = ["p/" + "a" * 3000, "p/" + "b/" * 200 + "c", "p/d"]
    found = read(tar(tmp_path / "a.tgz", [entry(name) for name in names]))
    assert list(found.project.files) == ["d"]
    assert any("too long or too deep" in one.reason for one in found.not_checked)


def test_huge_extended_header(tmp_path: Path) -> None:
    info, data = entry("p/b")
    info.pax_headers = {"comment": "x" * 3_000_000}
    file = tmp_path / "a.tar"
    with tarfile.open(file, "w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(entry("p/a")[0], io.BytesIO(b"x"))
        archive.addfile(info, io.BytesIO(data))
    found = read(file)
    assert kinds(found) == {"bomb"}
    assert list(found.project.files) == ["p/a"]


def test_extended_header_that_renames(tmp_path: Path) -> None:
    info, data = entry("p/harmless.txt")
    info.pax_headers = {"path": "../../evil.py"}
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(entry("p/a")[0], io.BytesIO(b"x"))
        archive.addfile(info, io.BytesIO(data))
    assert kinds(read(tmp_path / "a.tar")) == {"path escape"}


def test_data_behind_the_end(tmp_path: Path) -> None:
    first = tar(tmp_path / "1.tar", [entry("p/a.py")], "w").read_bytes()
    second = tar(tmp_path / "2.tar", [entry("p/evil.py")], "w").read_bytes()
    (tmp_path / "a.tar").write_bytes(first + second)
    found = read(tmp_path / "a.tar")
    assert kinds(found) == {"mismatch"}
    assert any("behind its end" in one.reason for one in found.not_checked)


def test_encrypted_entries(tmp_path: Path) -> None:
    file = packed(tmp_path / "a.mcpb", [("a", b"x", 0o644), ("b", b"x", 0o644)])
    data = bytearray(file.read_bytes())
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(bytes(data))
    found = read(file)
    assert kinds(found) == {"encrypted"}
    assert list(found.project.files) == ["a"]


def test_two_headers_that_disagree(tmp_path: Path) -> None:
    file = packed(tmp_path / "a.mcpb", [("good.py", b"x", 0o644), ("b", b"x", 0o644)])
    file.write_bytes(file.read_bytes().replace(b"good.py", b"evil.py", 1))
    assert kinds(read(file)) == {"mismatch"}


def test_polyglot(tmp_path: Path) -> None:
    file = packed(tmp_path / "a.mcpb", [("a", b"x", 0o644)])
    data = file.read_bytes()
    file.write_bytes(b"PK\x00\x00" + b"#!/bin/sh\necho evil\n" + data)
    assert kinds(read(file)) == {"polyglot"}


def test_truncated(tmp_path: Path) -> None:
    file = tar(tmp_path / "a.tgz", [entry(f"p/{one}", os.urandom(5000)) for one in range(9)])
    file.write_bytes(file.read_bytes()[:20_000])
    found = read(file)
    assert found.project.files
    assert found.not_checked


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\x05\x06" + b"\xff" * 18,
        b"\x1f\x8b",
        gzip.compress(b"x", mtime=0),
        b"x" * 999,
    ],
)
@pytest.mark.parametrize("name", ["a.tgz", "a.mcpb", "a.tar", "a.whl"])
def test_garbage_is_not_checked(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    found = acquire(str(tmp_path / name), AcquireOptions(tmp_path / "cache"))
    if isinstance(found, Acquired):
        assert found.not_checked
        assert not found.project.files
    else:
        assert isinstance(found, NotChecked)
        assert found.reason


def test_pipe_in_place_of_an_archive(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.tgz")
    found = acquire(str(tmp_path / "a.tgz"), AcquireOptions(tmp_path / "cache"))
    assert isinstance(found, NotChecked)
    assert "no regular file" in found.reason
