"""``ostiary scan``: everything your agents can reach on this machine, and what is wrong."""

from __future__ import annotations

from typing import Any

import click

from ostiary.app import scan
from ostiary.cli.answer import exit_code, put, render, understood, write_ignore
from ostiary.cli.consent import ask
from ostiary.cli.options import (
    FILE,
    FORM,
    JUDGED,
    TARGET,
    WHERE,
    interactive,
    request,
    with_options,
)
from ostiary.cli.progress import Progress
from ostiary.model.grade import Persona, Severity
from ostiary.model.scan import ScanResult
from ostiary.model.server import Server

LIVE = (
    click.option(
        "--connect/--no-connect",
        default=None,
        help="Start local servers in a box and call remote ones; default: ask on a terminal.",
    ),
    click.option(
        "--server", "servers", multiple=True, metavar="NAME", help="Connect only to this server."
    ),
    click.option(
        "--grant",
        "grants",
        multiple=True,
        metavar="SERVER:WHAT",
        help="Allow one server `network`, `env`, `headers` or `read=PATH` while it is recorded.",
    ),
    click.option("--allow-private", is_flag=True, help="Call remotes at private addresses too."),
    click.option("--no-fetch", is_flag=True, help="Do not fetch packages that are not installed."),
    click.option(
        "--seconds", type=click.FloatRange(1, 3600), default=60, help="Time for each server."
    ),
    click.option("--jobs", type=click.IntRange(1, 64), default=4, help="Servers at once."),
    click.option("--record", type=TARGET, metavar="DIR", help="Write every recorded surface here."),
    click.option(
        "--against", type=FILE, metavar="FILE", help="Compare --surface with this earlier capture."
    ),
)

ANSWER = (
    *FORM,
    click.option("--html", type=TARGET, metavar="FILE", help="Also write an HTML page."),
    click.option("--output", type=TARGET, metavar="FILE", help="Write the answer to FILE."),
    *JUDGED,
)


@click.command("scan")
@with_options(WHERE, LIVE, ANSWER)
def command(**options: Any) -> None:
    """Find every MCP client and server here, what each can do, what changed and what is wrong.

    Reads configuration only, and starts nothing, unless you say --connect or answer yes.
    """
    answers = {key: options.pop(key) for key in _ANSWERS}
    connect = options.pop("connect")
    asking = connect is None and not answers["form"] and not _elsewhere(options) and interactive()
    progress = Progress(quiet=answers["quiet"])
    wanted = request(
        connect=bool(connect) or asking,
        fetch=not options.pop("no_fetch"),
        persona=_persona(answers),
        ignore=answers["ignore"],
        **options,
    )
    if wanted.against and not wanted.surfaces:
        raise click.UsageError("--against compares captured surfaces; name them with --surface")

    def consent(servers: tuple[Server, ...]) -> frozenset[str]:
        progress.done()
        return ask(servers)

    result = scan(wanted, progress, consent if asking else None)
    progress.done()
    if not answers["quiet"]:
        understood(result)
    put(render(result, answers["form"] or "terminal"), answers["output"])
    _also(result, answers)
    threshold = None if answers["fail_on"] == "never" else Severity[answers["fail_on"].upper()]
    raise SystemExit(exit_code(result, threshold))


_ANSWERS = (
    "form", "html", "output", "strict", "pedantic", "fail_on", "ignore", "write_ignore", "quiet",
)  # fmt: skip


def _persona(answers: dict[str, Any]) -> Persona:
    if answers["pedantic"]:
        return Persona.PEDANTIC
    return Persona.STRICT if answers["strict"] else Persona.DEFAULT


def _elsewhere(options: dict[str, Any]) -> bool:
    return bool(options["root"] or options["home"] or options["surfaces"] or options["configs"])


def _also(result: ScanResult, answers: dict[str, Any]) -> None:
    """The files that were asked for beside the answer."""
    if answers["html"]:
        put(render(result, "html"), answers["html"])
        click.echo(f"HTML report: {answers['html']}", err=True)
    if answers["write_ignore"]:
        write_ignore(result.findings, answers["write_ignore"])
