"""Standard streams that may be closed, full, or unable to hold every character."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

import click
from click.exceptions import NoArgsIsHelpError


def safe_streams() -> None:
    """Make sure that the three streams exist and that no character can stop a report.

    A stream that the caller closed is occupied, so that no file opened later gets its number; a
    closed output refuses what is written, as a full disk would.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR if number == 2 else os.O_RDONLY)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def finish_streams() -> None:
    """Write what is still held. A reader who is gone, or a full disk, gets no second complaint."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            discard(stream)


def discard(stream: TextIO) -> None:
    """Let everything written to ``stream`` from now on vanish."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def show(error: click.ClickException) -> None:
    """Print an error in which nothing of a stranger's name or path can act."""
    from ostiary.model.visible import visible  # noqa: PLC0415 - only errors need it

    if isinstance(error, NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return
    if isinstance(error, click.UsageError) and error.ctx is not None:
        click.echo(error.ctx.get_usage(), err=True)
        click.echo(f"Try `{error.ctx.command_path} --help` for help.\n", err=True)
    lines = error.format_message().split("\n")
    click.echo("Error: " + "\n".join(visible(line, 4_000) for line in lines), err=True)
