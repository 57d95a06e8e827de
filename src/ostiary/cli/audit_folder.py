"""Writes audits as a folder for the audit database of the Cloud Security Alliance."""

from __future__ import annotations

from pathlib import Path

import click

from ostiary.cli.answer import put
from ostiary.cli.auditing import Answers, Choice
from ostiary.report.audit.audit_db import Auditor, audit_folder


def write_audit_db(found: Answers, wanted: Choice, auditor: str, into: Path) -> None:
    """One folder a target below ``into``. Raises :class:`~ostiary.report.audit.sheet.CannotReport`,
    and then nothing was written."""
    day = wanted.order.now.date()
    files: dict[str, str] = {}
    for number, one in enumerate(found.results, 1):
        files |= audit_folder(one, Auditor(auditor, day, sequence=number))
    for path, text in files.items():
        place = into / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.ClickException(f"cannot write {place}: {error.strerror}") from None
        put(text, place)
    click.echo(f"{len(files)} files below {into}", err=True)
