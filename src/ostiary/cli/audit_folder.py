"""Writes audits as a folder for the audit database of the Cloud Security Alliance."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import click

from ostiary.cli.answer import put
from ostiary.model.audit import AuditResult
from ostiary.report.audit.audit_db import Auditor, audit_folder
from ostiary.report.audit.audit_db_check import validate_audit_folder


def write_audit_db(results: tuple[AuditResult, ...], day: date, auditor: str, into: Path) -> None:
    """One folder a target below ``into``. Raises :class:`~ostiary.report.audit.sheet.CannotReport`,
    and then nothing was written."""
    files: dict[str, str] = {}
    numbers: Counter[str] = Counter()
    for one in results:
        numbers[one.target.source] += 1
        files |= audit_folder(one, Auditor(auditor, day, sequence=numbers[one.target.source]))
    _refuse(files)
    for path, text in files.items():
        place = into / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.ClickException(f"cannot write {place}: {error.strerror}") from None
        put(text, place)
    click.echo(f"{len(files)} files below {into}", err=True)


def _refuse(files: dict[str, str]) -> None:
    """Nothing is written that the database would turn down."""
    for one in validate_audit_folder(files):
        if one.blocking:
            raise click.ClickException(
                f"the database would refuse {one.path}: {one.says}; nothing was written: report "
                "this as a bug, with the target"
            )
