"""The ``ostiary`` command. Its help names every command without importing any of them."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from pathlib import Path
from typing import NamedTuple

import click

from ostiary import __version__
from ostiary.cli.exit_codes import BUG, FOUND, INTERRUPTED, WRONG_USE
from ostiary.cli.stopping import leave, listen
from ostiary.cli.streams import finish_streams, safe_streams, show
from ostiary.model.fault import place_of


class Entry(NamedTuple):
    """One command: its verb, the module that holds ``command``, and its line in the help."""

    name: str
    module: str
    summary: str


COMMANDS = (
    Entry("scan", "ostiary.cli.scan", "Find every MCP client and server here and what is wrong."),
    Entry("access", "ostiary.cli.access", "Tell everything your agents can reach, at what level."),
    Entry("audit", "ostiary.cli.audit", "Say whether to use a server, from its code, unrun."),
    Entry("stats", "ostiary.cli.stats", "Count which flaws are common over many audits."),
    Entry("approve", "ostiary.cli.approve", "Approve servers: what they are, show and may do."),
    Entry("review", "ostiary.cli.review", "Look at approved servers again; keep or withdraw them."),
    Entry("login", "ostiary.cli.login", "Log in at remote servers; list and drop logins."),
    Entry("up", "ostiary.cli.up", "Stand between clients and servers: decide, pin, record."),
    Entry("explain", "ostiary.cli.explain", "Explain a rule, or one finding of the last scan."),
    Entry("log", "ostiary.cli.log", "Tell what happened; verify and export the record of it."),
    Entry("policy", "ostiary.cli.policy", "Check, test and explain the policy; try a changed one."),
    Entry("doctor", "ostiary.cli.doctor", "Measure how well servers can be boxed on this machine."),
    Entry("token", "ostiary.cli.token", "Issue, list and revoke what clients come in with."),
)


class Verbs(click.Group):
    """A group that imports a command's module when the command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [entry.name for entry in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = next((one for one in COMMANDS if one.name == cmd_name), None)
        if entry is None:
            return None
        gc.disable()  # what is imported stays; looking through it for garbage takes a tenth of it
        command = importlib.import_module(entry.module).command
        gc.freeze()
        gc.enable()
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.summary) for entry in COMMANDS])


@click.command(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine, 1 findings, 2 wrong use, 3 incomplete, 4 findings and incomplete, "
    "70 a bug, 130 stopped.",
)
@click.version_option(__version__, "-V", "--version", message="ostiary %(version)s")
def main() -> None:
    """The doorkeeper between AI agents and the MCP servers they use."""


def entry() -> None:
    """The program: as :func:`main`, with exit codes of their own for a stop and for a bug."""
    safe_streams()
    listen()
    code = _run()
    if code == INTERRUPTED:
        leave()
    finish_streams()
    sys.exit(code)


def _run() -> int:
    try:
        _somewhere()
        main(standalone_mode=False)
    except click.ClickException as error:
        show(error)
        return WRONG_USE if error.exit_code == FOUND else error.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else BUG
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nstopped; nothing that was started is left running", err=True)
        return INTERRUPTED
    except Exception as error:
        if "OSTIARY_TRACEBACK" in os.environ:
            raise
        click.echo(
            f"ostiary failed: {type(error).__name__} in {place_of(error)}\nThis is a bug; please "
            "report it with what OSTIARY_TRACEBACK=1 prints. Nothing was judged.",
            err=True,
        )
        return BUG
    return 0


def _somewhere() -> None:
    """The folder one stands in can be removed under one's feet, and a user may have no home."""
    try:
        Path.cwd()
    except OSError as error:
        raise click.ClickException(
            f"the current folder cannot be used ({error.strerror}); change to another one"
        ) from None
    try:
        Path.home()
    except RuntimeError:
        raise click.ClickException("no home is known; set HOME to a folder") from None
