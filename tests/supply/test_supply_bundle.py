"""MCP bundles of strangers: nothing lands outside, nothing grows without end."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.supply.bundle import BadBundle, BundleLimits, _safe, read, unpack

MANIFEST = {
    "name": "notes",
    "version": "2.1.0",
    "server": {
        "type": "node",
        "entry_point": "server/index.js",
        "mcp_config": {
            "command": "node",
            "args": ["${__dirname}/server/index.js", "--key=${user_config.key}"],
            "env": {"NOTES_KEY": "${user_config.key}", "MODE": "quiet"},
        },
    },
}


def packed(folder: Path, fill: Callable[[zipfile.ZipFile], None]) -> Path:
    file = folder / "one.mcpb"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(MANIFEST))
        fill(archive)
    return file


def outside(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*evil*"))


def test_a_bundle_is_unpacked_once_and_read(tmp_path: Path) -> None:
    archive = packed(tmp_path, lambda one: one.writestr("server/index.js", "x"))
    place = unpack(archive, tmp_path / "cache")
    assert unpack(archive, tmp_path / "cache") == place
    found = read(place)
    assert found.version == "2.1.0"
    assert found.digest.startswith("sha256:")
    assert found.argv == ("node", f"{place}/server/index.js", "--key=${user_config.key}")
    assert found.env == (("MODE", "quiet"), ("NOTES_KEY", "${user_config.key}"))


@pytest.mark.parametrize(
    "name",
    ["../evil", "/tmp/evil", "a/../../evil", "..\\evil", "C:\\evil", "C:evil", "./ostiary.json"],
)
def test_no_file_lands_outside(tmp_path: Path, name: str) -> None:
    archive = packed(tmp_path, lambda one: one.writestr(zipfile.ZipInfo(name), "x"))
    with pytest.raises(BadBundle, match="would lie outside"):
        unpack(archive, tmp_path / "cache")
    assert outside(tmp_path) == []
    assert not (tmp_path / "cache/mcpb").exists()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (kind | 0o777) << 16
    archive = packed(tmp_path, lambda one: one.writestr(entry, "/etc/passwd"))
    with pytest.raises(BadBundle, match="link or a device"):
        unpack(archive, tmp_path / "cache")


def test_a_bomb_is_stopped_while_it_grows(tmp_path: Path) -> None:
    archive = packed(tmp_path, lambda one: one.writestr("big", bytes(50 * 1024 * 1024)))
    with pytest.raises(BadBundle, match="more than is allowed"):
        unpack(archive, tmp_path / "cache", BundleLimits(total_bytes=1024 * 1024))


def test_too_many_files_and_too_large_an_archive(tmp_path: Path) -> None:
    archive = packed(tmp_path, lambda one: one.writestr("a", "x"))
    with pytest.raises(BadBundle, match="more than 1 files"):
        unpack(archive, tmp_path / "cache", BundleLimits(files=1))
    with pytest.raises(BadBundle, match="larger than 10 bytes"):
        unpack(archive, tmp_path / "cache", BundleLimits(archive_bytes=10))


def test_a_name_that_is_file_and_folder_is_refused(tmp_path: Path) -> None:
    def fill(one: zipfile.ZipFile) -> None:
        one.writestr("a", "x")
        one.writestr("a/b", "x")

    with pytest.raises((BadBundle, OSError)):
        unpack(packed(tmp_path, fill), tmp_path / "cache")


@given(st.binary(max_size=400))
def test_garbage_is_no_bundle(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("garbage")
    (folder / "one.mcpb").write_bytes(data)
    with pytest.raises(BadBundle):
        unpack(folder / "one.mcpb", folder / "cache")


@given(st.text(max_size=60))
def test_accepted_names_stay_inside(name: str) -> None:
    try:
        path = _safe(name)
    except BadBundle:
        return
    assert not path.is_absolute()
    assert ".." not in path.parts


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"server": 3}', '{"server": {"mcp_config": {"args": 1}}}', "[" * 9999]
)
def test_a_manifest_that_starts_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(BadBundle):
        read(tmp_path)
