"""Drafts of OSV records, as the MCP vulnerability database has them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ostiary.model.audit import AuditResult, TargetKind
from ostiary.model.grade import Confidence
from ostiary.report.audit import present
from ostiary.report.audit.osv import files, records
from ostiary.report.audit.sheet import CannotReport, Sheet
from ostiary.report.view import View
from report.audited import BAD, CLEAN, FLAWED, INJECT, STOPS, TARGET, at, audited, flow

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def read(*results: AuditResult) -> list[dict[str, Any]]:
    text = present("osv", Sheet(results, View(generated="2026-11-20T13:00:00+01:00")))
    loaded: list[dict[str, Any]] = json.loads(text)
    return loaded


def test_a_record_has_the_shape_of_the_database() -> None:
    (one, *_) = [x for x in read(FLAWED) if "Argument" in x["summary"]]
    assert one["schema_version"] == "1.6.0"
    assert re.fullmatch(r"OSV-MCPS-2026-[0-9A-F]{8}", one["id"])
    assert one["modified"] == one["published"] == "2026-11-20T12:00:00Z"
    assert one["affected"] == [
        {
            "package": {
                "ecosystem": "npm",
                "name": "notes-server",
                "purl": "pkg:npm/notes-server",
            },
            "versions": ["1.2.0"],
        }
    ]
    own = one["database_specific"]
    assert own["cwe_ids"] == ["CWE-88"]
    assert ".." not in one["details"]
    assert own["severity_assessment"].startswith("High - ")
    assert list(own["mcps_metadata"]) == [
        "discovery_method",
        "reproduction_steps",
        "evidence",
        "fix_validation",
    ]
    assert own["mcps_metadata"]["reproduction_steps"].startswith("1. parameter path")
    assert TARGET.digest in own["mcps_metadata"]["evidence"]


def test_only_flaws_that_are_grave_and_sure_become_records() -> None:
    assert len(read(FLAWED)) == 3
    assert read(CLEAN) == []
    weak = flow(INJECT, "git_log", "may be an option", confidence=Confidence.LOW)
    assert read(audited(weak, STOPS.finding("stops", at("a.ts", 1)))) == []


def test_the_id_belongs_to_flaw_and_package_and_not_to_a_line() -> None:
    first = records(audited(flow(INJECT, "git_log", "x", 40)), NOW)[0]["id"]
    moved = records(audited(flow(INJECT, "git_log", "x", 80)), NOW)[0]["id"]
    other = records(
        audited(flow(INJECT, "git_log", "x", 40), target=replace(TARGET, name="fork")), NOW
    )[0]["id"]
    assert first == moved != other


def test_a_repository_is_named_with_its_commit() -> None:
    (one, *_) = read(replace(FLAWED, target=replace(TARGET, kind=TargetKind.GIT)))
    (range_,) = one["affected"][0]["ranges"]
    assert range_["type"] == "GIT"
    assert range_["repo"] == TARGET.source
    assert range_["events"] == [{"introduced": "0"}, {"last_affected": TARGET.revision}]


def test_files_stand_where_the_database_keeps_them() -> None:
    found = files(FLAWED, NOW)
    assert len(found) == 3
    for path, text in found.items():
        assert re.fullmatch(r"advisories/2026/11/20/OSV-MCPS-2026-[0-9A-F]{8}-osv\.json", path)
        assert json.loads(text)["id"] in path


@pytest.mark.parametrize("moment", ["", "yesterday", "2026-11-20T12:00:00"])
def test_without_a_time_there_is_no_record(moment: str) -> None:
    with pytest.raises(CannotReport, match="needs the time of the audit"):
        present("osv", Sheet((FLAWED,), View(generated=moment)))


def test_hostile_words_are_visible() -> None:
    text = json.dumps(read(BAD), ensure_ascii=False)
    assert "\x1b" not in text
    assert "\\u001b" not in text
