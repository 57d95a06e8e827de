"""Puts the answer of ``ostiary audit`` where it was asked for."""

from __future__ import annotations

from typing import Any

import click

from ostiary.cli.answer import CannotWrite, put, write_ignore
from ostiary.cli.audit_begun import Begun
from ostiary.cli.audit_choice import AUDIT_DB, Choice
from ostiary.cli.audit_evidence import keep_evidence
from ostiary.cli.auditing import Answers, exit_code, sheet, tell_all
from ostiary.model.grade import Severity
from ostiary.report.audit import load, present
from ostiary.report.audit.sheet import CannotReport


def answer(begun: Begun, wanted: Choice, options: dict[str, Any]) -> int:
    """Report what workers read; the exit code."""
    form = options["form"] or "terminal"
    if form != AUDIT_DB:
        load(form)
    found = tell_all(begun, wanted)
    keep_evidence(found, wanted)
    _put(found, wanted, options, form)
    threshold = None if options["fail_on"] == "never" else Severity[options["fail_on"].upper()]
    return exit_code(found, threshold)


def _put(found: Answers, wanted: Choice, options: dict[str, Any], form: str) -> None:
    """Put the answer, and the files beside it, where they were asked for."""
    try:
        if form == AUDIT_DB:
            from ostiary.cli.audit_folder import write_audit_db  # noqa: PLC0415 - one format's

            day = wanted.order.now.date()
            write_audit_db(found.results, day, options["auditor"], options["output"])
        else:
            put(present(form, sheet(found, wanted, form)), options["output"])
    except CannotReport as problem:
        raise CannotWrite(str(problem)) from None
    if options["html"]:
        put(present("html", sheet(found, wanted, "html")), options["html"])
        click.echo(f"HTML report: {options['html']}", err=True)
    if options["write_ignore"]:
        write_ignore(found.findings, options["write_ignore"])
