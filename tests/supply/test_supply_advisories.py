"""The local folder of advisories: every layout, its age, and what is not checked."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ostiary.analyze.advisories.advisory import Advisories
from ostiary.supply.advisories import age_of, load_advisories

NOW = datetime(2026, 11, 30, tzinfo=UTC)
WANTED = {("npm", "left"), ("pypi", "Some_Package")}


def record(key: str, ecosystem: str, name: str, modified: str = "2026-11-20T00:00:00Z") -> bytes:
    affected = {"package": {"ecosystem": ecosystem, "name": name}, "versions": ["1.0.0"]}
    return json.dumps({"id": key, "modified": modified, "affected": [affected]}).encode()


def fill(folder: Path) -> None:
    (folder / "npm").mkdir()
    (folder / "npm" / "A-1.json").write_bytes(record("A-1", "npm", "left"))
    (folder / "A-2.json").write_bytes(record("A-2", "npm", "other", "2026-11-25T00:00:00Z"))
    (folder / "PyPI").mkdir()
    with zipfile.ZipFile(folder / "PyPI" / "all.zip", "w") as archive:
        archive.writestr("P-1.json", record("P-1", "PyPI", "some-package"))
        archive.writestr("readme.txt", "no record")


def loaded(folder: Path) -> Advisories:
    found, gaps = load_advisories(folder, WANTED, NOW)
    assert found is not None
    assert gaps == ()
    return found


def test_files_and_archives_are_read_and_only_wanted_packages_are_kept(tmp_path: Path) -> None:
    fill(tmp_path)
    found = loaded(tmp_path)
    assert [one.id for one in found.about("npm", "left")] == ["A-1"]
    assert [one.id for one in found.about("pypi", "some.package")] == ["P-1"]
    assert found.about("npm", "other") == ()
    assert found.count == 3


def test_the_age_is_that_of_the_newest_record_of_any_package(tmp_path: Path) -> None:
    fill(tmp_path)
    assert age_of(loaded(tmp_path), NOW) == timedelta(days=5)


def test_no_folder_is_not_checked() -> None:
    found, (gap,) = load_advisories(None, WANTED, NOW)
    assert found is None
    assert gap.reason == "no advisory folder given (--advisories DIR)"


def test_an_empty_folder_and_none_at_all_are_not_checked(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        found, gaps = load_advisories(folder, WANTED, NOW)
        assert found is None
        assert gaps


def test_expired_records_are_not_checked(tmp_path: Path) -> None:
    fill(tmp_path)
    found, (gap,) = load_advisories(tmp_path, WANTED, NOW + timedelta(days=60))
    assert found is None
    assert "65 days old" in gap.reason
    assert "expired" in gap.reason


def test_an_ecosystem_without_records_is_not_checked(tmp_path: Path) -> None:
    (tmp_path / "A-1.json").write_bytes(record("A-1", "npm", "left"))
    found, (gap,) = load_advisories(tmp_path, WANTED, NOW)
    assert found is not None
    assert "no record about pypi" in gap.reason


def test_broken_records_and_archives_are_said(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "bad.json").write_bytes(b"{")
    (tmp_path / "worse.json").write_bytes(b'{"modified": 3, "affected": [[]]}')
    (tmp_path / "bad.zip").write_bytes(b"PK")
    found, gaps = load_advisories(tmp_path, WANTED, NOW)
    assert found is not None
    assert found.unread == 2
    assert sorted(one.reason.split(" is ")[0] for one in gaps) == [
        "2 records could not be read",
        "bad.zip",
    ]


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    outside = tmp_path / "outside.json"
    outside.write_bytes(record("A-1", "npm", "left"))
    (folder / "a.json").symlink_to(outside)
    found, _ = load_advisories(folder, WANTED, NOW)
    assert found is None


def test_a_record_that_grows_in_its_archive_is_not_read(tmp_path: Path) -> None:
    fill(tmp_path)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.json", b" " * (5 * 1024 * 1024))
    found, gaps = load_advisories(tmp_path, WANTED, NOW)
    assert found is not None
    assert "1 records" in gaps[0].reason
