"""What audits told of tools: kept by the exact artifact, believed only if whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ostiary.model.access import Basis, Capability, DataClass, Level, ToolAccess
from ostiary.model.audit import TargetKind
from ostiary.model.audited import Audited
from ostiary.model.grade import Confidence
from ostiary.store.audited_form import NoAudit, from_json, to_json
from ostiary.store.audits import Audits

TOOL = ToolAccess(
    tool="put",
    capabilities=(
        Capability(
            Level.WRITE,
            ("file",),
            Confidence.HIGH,
            (Basis("source", "source: writes a file (a.py:3)"),),
        ),
    ),
    data=(DataClass.FILES,),
    private=Confidence.MEDIUM,
    places_files=Confidence.LOW,
    claims=("read-only",),
    contradicted=("read-only is contradicted: write (a.py:3)",),
)
TOLD = Audited(
    kind=TargetKind.NPM,
    name="@x/y",
    version="1.2.3",
    folder="",
    digest="sha256:00",
    day=date(2026, 11, 30),
    server="file system",
    tools=(TOOL,),
)


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    kept = Audits(tmp_path / "evidence")
    assert kept.empty
    kept.keep(TOLD)
    assert not kept.empty
    assert kept.of_package("npm", "@x/y", "1.2.3") == TOLD
    (file,) = kept.folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("ecosystem", "name", "version"),
    [("npm", "@x/y", "1.2.4"), ("pypi", "@x/y", "1.2.3"), ("npm", "@x/z", "1.2.3")],
)
def test_another_artifact_is_another(
    tmp_path: Path, ecosystem: str, name: str, version: str
) -> None:
    kept = Audits(tmp_path)
    kept.keep(TOLD)
    assert kept.of_package(ecosystem, name, version) is None


def test_a_later_audit_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    kept = Audits(tmp_path)
    kept.keep(TOLD)
    later = replace(TOLD, tools=())
    kept.keep(later)
    assert kept.of_package("npm", "@x/y", "1.2.3") == later
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("spoil", [b"", b"{}", b'{"schema": "ostiary/audited/1"}'])
def test_what_is_damaged_is_not_believed(tmp_path: Path, spoil: bytes) -> None:
    kept = Audits(tmp_path)
    kept.keep(TOLD)
    (file,) = tmp_path.iterdir()
    file.write_bytes(spoil)
    assert kept.of_package("npm", "@x/y", "1.2.3") is None


def test_what_others_could_write_is_not_believed(tmp_path: Path) -> None:
    kept = Audits(tmp_path)
    kept.keep(TOLD)
    (file,) = tmp_path.iterdir()
    file.chmod(0o666)
    assert kept.of_package("npm", "@x/y", "1.2.3") is None


def test_a_level_that_is_none_is_refused() -> None:
    with pytest.raises(NoAudit):
        from_json(to_json(TOLD).replace(b'"write"', b'"fly"'))
