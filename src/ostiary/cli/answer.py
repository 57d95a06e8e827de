"""Puts an answer where it was asked for, and ends with the exit code that says it."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from ostiary.cli.exit_codes import FINE, FOUND, FOUND_AND_INCOMPLETE, INCOMPLETE, WRONG_USE
from ostiary.cli.streams import discard
from ostiary.model.finding import Finding
from ostiary.model.grade import Severity
from ostiary.model.outcome import Completeness
from ostiary.model.rule import Rule
from ostiary.model.scan import ScanResult
from ostiary.model.visible import visible
from ostiary.report import present
from ostiary.report.view import View
from ostiary.scan.ignore import draft


class CannotWrite(click.ClickException):
    """An answer could not be written where it was asked for."""

    exit_code = WRONG_USE


def render(result: ScanResult, form: str, *, access_only: bool = False) -> str:
    """The answer in one format; only that format's module is imported."""
    listed = rules() if form == "sarif" else ()
    return present(form, result, replace(view_of(listed), access_only=access_only))


def view_of(listed: tuple[Rule, ...] = (), generated: str = "") -> View:
    """How the caller's terminal shows things."""
    return View(
        width=max(60, min(shutil.get_terminal_size((100, 24)).columns, 140)),
        colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ,
        rules=listed,
        generated=generated,
    )


def rules() -> tuple[Rule, ...]:
    """Every rule there is."""
    from ostiary.scan.rules import all_rules  # noqa: PLC0415 - slow, and few formats need it

    return all_rules()


def put(text: str, target: Path | None) -> None:
    """Write ``text`` to a file, or to standard output. A closed pipe ends quietly."""
    if target is not None:
        try:
            _write(target, text)
        except OSError as error:
            raise CannotWrite(
                f"cannot write {target}: {error.strerror}; name a place you can write"
            ) from None
        return
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        discard(sys.stdout)
    except OSError as error:
        discard(sys.stdout)
        raise CannotWrite(
            f"cannot write to standard output: {error.strerror}; use --output FILE"
        ) from None


def _write(target: Path, text: str) -> None:
    """Whole or not at all: what stood there stays if the disk is full. Raises ``OSError``."""
    place = target.resolve()
    if place.exists() and not (place.is_file() and os.access(place.parent, os.W_OK)):
        place.write_text(text, encoding="utf-8")  # a pipe, a terminal, a folder that is not ours
        return
    part = place.with_name(f".{place.name[:100]}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        if place.exists():
            part.chmod(stat.S_IMODE(place.stat().st_mode))
        part.replace(place)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def write_ignore(findings: Iterable[Finding], target: Path) -> None:
    """Write an ignore file that accepts ``findings``. Nothing is overwritten."""
    if target.exists():
        raise CannotWrite(f"{target} exists; name a new file, nothing was overwritten")
    put(draft(findings, "accepted as a first baseline"), target)


def understood(result: ScanResult) -> None:
    """Tell on standard error what pasted texts were read as."""
    for client in result.clients:
        for file in client.files:
            for piece in file.understood:
                click.echo(visible(f"{file.path}: read as {piece}", 2_000), err=True)


def exit_code(result: ScanResult, threshold: Severity | None) -> int:
    """0 fine, 1 findings at or above ``threshold``, 3 incomplete, 4 both."""
    found = threshold is not None and any(one.severity >= threshold for one in result.findings)
    if result.completeness is Completeness.INCOMPLETE:
        return FOUND_AND_INCOMPLETE if found else INCOMPLETE
    return FOUND if found else FINE
