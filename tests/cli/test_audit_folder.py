"""The folder for the audit database, as the command writes it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import pytest

from cli.command import ostiary
from cli.test_audit_command import flawed
from ostiary.cli import audit_folder
from ostiary.cli.audit_folder import write_audit_db
from ostiary.report.audit.audit_db_check import Problem, validate_audit_folder
from ostiary.report.audit.sheet import CannotReport
from report.audited import BAD, FLAWED

DAY = date(2026, 11, 20)


def test_each_target_is_a_folder_that_the_database_takes(tmp_path: Path) -> None:
    write_audit_db((FLAWED, BAD), DAY, "auditor", tmp_path)
    files = {
        path.relative_to(tmp_path).as_posix(): path.read_text("utf-8")
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    audits = {path.split("/")[5] for path in files if path.count("/audits/")}
    assert audits == {"auditor-2026-11-20-001", "auditor-2026-11-20-002"}
    assert not validate_audit_folder(files)


def test_a_target_without_a_public_source_is_refused_and_nothing_written(tmp_path: Path) -> None:
    into = str(tmp_path / "db")
    words = ["--format", "audit-db", "--auditor", "me", "--output", into]
    ran = ostiary("audit", flawed(tmp_path), *words, home=tmp_path)
    assert ran.code == 2
    assert "no public repository" in ran.err
    assert not (tmp_path / "db").exists()
    with pytest.raises(CannotReport):
        write_audit_db((FLAWED,), DAY, "no/name", tmp_path / "db")


def test_what_the_database_would_refuse_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem("audits/x/metadata.json", "it has no version")
    monkeypatch.setattr(audit_folder, "validate_audit_folder", lambda _: (problem,))
    with pytest.raises(click.ClickException, match="it has no version; nothing was written"):
        audit_folder.write_audit_db((FLAWED,), DAY, "auditor", tmp_path / "db")
    assert not (tmp_path / "db").exists()
