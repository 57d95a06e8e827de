"""What an audit told of tools, kept for the access map and for approvals."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ostiary.cli.audit_choice import Choice
from ostiary.cli.auditing import Answers
from ostiary.cli.options import folders
from ostiary.model.audit import TargetKind
from ostiary.model.audited import audited
from ostiary.store.audits import Audits


def keep_evidence(found: Answers, wanted: Choice) -> None:
    """Keep what every audit told, unless nothing is to be kept. A disk that takes nothing is told
    and stops nothing."""
    if wanted.cache is None:
        return
    kept = Audits(folders().evidence)
    day = wanted.order.now.date()
    for given, result in zip(wanted.targets, found.results, strict=True):
        local = result.target.kind is TargetKind.FOLDER
        told = audited(result, day, os.path.normpath(Path(given).absolute()) if local else "")
        if told is None:
            continue
        try:
            kept.keep(told)
        except OSError as error:
            click.echo(
                f"what was found could not be kept for `ostiary access` ({error.strerror}): make "
                "room, or use --no-cache",
                err=True,
            )
            return
