"""``ostiary stats``: which flaws are common, over many audits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from ostiary.audit.cache import Cache
from ostiary.audit.conclude import conclude
from ostiary.cli.answer import put, view_of
from ostiary.cli.exit_codes import FINE, INCOMPLETE
from ostiary.cli.options import TARGET, folders
from ostiary.model.audit import Context
from ostiary.model.json import JsonValue
from ostiary.report.audit import as_json
from ostiary.report.audit.sheet import Sheet
from ostiary.report.audit.statistics import as_json as numbers_json
from ostiary.report.audit.statistics import as_markdown, as_terminal, gather
from ostiary.store.given import UnusableFile, read_given
from ostiary.wire.strict_json import Limits, RefusedJson, decode

LARGEST_RESULT = 512 * 1024 * 1024
PATH = click.Path(exists=True, path_type=Path)
_BESIDE = ("audit-manifest.json", "metadata.json")
"""What lies beside results in the audit database."""


@click.command("stats")
@click.argument("results", nargs=-1, type=PATH, metavar="[RESULT]...")
@click.option("--cache", "kept", is_flag=True, help="Also every reading that was kept.")
@click.option("--json", "form", flag_value="json", help="Answer in JSON (docs/json-schema.md).")
@click.option("--markdown", "form", flag_value="markdown", help="Answer in Markdown.")
@click.option("--output", type=TARGET, metavar="FILE", help="Write the answer to FILE.")
def command(results: tuple[Path, ...], kept: bool, form: str | None, output: Path | None) -> None:
    """Count flaws over many audits: by rule, class, severity, language, source and verdict.

    RESULT is a file that `ostiary audit --json` wrote, or a folder of them, which may be a clone of
    the audit database.
    """
    if not results and not kept:
        raise click.UsageError("name a RESULT of `ostiary audit --json`, or give --cache")
    found = gather(_documents(results, kept))
    if form == "json":
        text = numbers_json(found)
    elif form == "markdown":
        text = as_markdown(found)
    else:
        text = as_terminal(found, view_of())
    put(text, output)
    raise SystemExit(INCOMPLETE if found.unread else FINE)


def _documents(results: tuple[Path, ...], kept: bool) -> Iterator[JsonValue]:
    """Every document once. What is no JSON is counted as no audit."""
    for place in results:
        for file in _below(place) if place.is_dir() else (place,):
            try:
                yield decode(read_given(file, LARGEST_RESULT), Limits(size=LARGEST_RESULT))
            except (UnusableFile, RefusedJson) as error:
                click.echo(f"{file}: {error}", err=True)
                yield None
    if kept:
        for one in Cache(folders().state / "audits").readings():
            result = conclude(one, Context()).result
            yield json.loads(as_json.present(Sheet((result,))))


def _below(folder: Path) -> list[Path]:
    return sorted(one for one in folder.rglob("*.json") if one.name not in _BESIDE)
