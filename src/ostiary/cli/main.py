"""The ``ostiary`` command. Its help names every command without importing any of them."""

from __future__ import annotations

import importlib
import os
import sys
from typing import NamedTuple

import click

from ostiary import __version__


class Entry(NamedTuple):
    """One command: its verb, the module that holds ``command``, and its line in the help."""

    name: str
    module: str
    summary: str


COMMANDS = (
    Entry("scan", "ostiary.cli.scan", "Find every MCP client and server here and what is wrong."),
    Entry("access", "ostiary.cli.access", "Tell everything your agents can reach, at what level."),
    Entry("explain", "ostiary.cli.explain", "Explain a rule, or one finding of the last scan."),
    Entry("doctor", "ostiary.cli.doctor", "Measure how well servers can be boxed on this machine."),
)


class Verbs(click.Group):
    """A group that imports a command's module when the command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [entry.name for entry in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = next((one for one in COMMANDS if one.name == cmd_name), None)
        if entry is None:
            return None
        command = importlib.import_module(entry.module).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.summary) for entry in COMMANDS])


BUG = 70
"""Exit code when Ostiary itself fails, so that a fault is never taken for a finding."""
INTERRUPTED = 130


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
    try:
        main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nstopped; nothing that was started is left running", err=True)
        sys.exit(INTERRUPTED)
    except Exception as error:
        if "OSTIARY_TRACEBACK" in os.environ:
            raise
        click.echo(
            f"ostiary failed: {type(error).__name__}: {error}\nThis is a bug; please report it "
            "with what OSTIARY_TRACEBACK=1 prints. Nothing was judged.",
            err=True,
        )
        sys.exit(BUG)
