"""``ostiary access``: the access map alone. Starts nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ostiary.app import scan
from ostiary.cli.answer import put, render
from ostiary.cli.exit_codes import FINE, INCOMPLETE
from ostiary.cli.options import TARGET, WHERE, request, with_options
from ostiary.cli.progress import Progress
from ostiary.model.outcome import Completeness

ANSWER = (
    click.option("--json", "as_json", is_flag=True, help="Answer in JSON (docs/json-schema.md)."),
    click.option("--output", type=TARGET, metavar="FILE", help="Write the answer to FILE."),
)


@click.command("access")
@with_options(WHERE, ANSWER)
def command(as_json: bool, output: Path | None, **options: Any) -> None:
    """Tell everything your agents can reach, and at what level.

    Starts no server: what is known comes from remembered or captured surfaces, from audits of
    exactly what is started, from known packages and from the command lines. A server of which
    nothing is known is shown as unknown.
    """
    progress = Progress()
    result = scan(request(**options), progress, None)
    progress.done()
    put(render(result, "json" if as_json else "terminal", access_only=True), output)
    raise SystemExit(INCOMPLETE if result.completeness is Completeness.INCOMPLETE else FINE)
