"""``ostiary log``: what happened, whether the record of it is whole, and what an agent changed."""

from __future__ import annotations

import json
import os
import time
from collections import deque
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ostiary.cli.answer import put
from ostiary.cli.log_choice import (
    LEDGER,
    MATCHING,
    NoLedger,
    all_in,
    anchor_of_head,
    anchor_of_text,
    believed,
    place_of,
    revealing,
    search_in,
    wanted_of,
)
from ostiary.cli.log_lines import Printer, record_line, report_lines, session_lines
from ostiary.cli.options import FILE, JSON, TARGET, with_options
from ostiary.ledger.actions import Action, Conversation, after_action, arguments_of
from ostiary.ledger.exports import EXPORTERS
from ostiary.ledger.failure import LedgerUnusable
from ostiary.ledger.reading import Follower, Record
from ostiary.ledger.sealing import make_auditor
from ostiary.ledger.verify import Report, Verdict, verify
from ostiary.model.json import JsonObject

FOLLOW_SECONDS = 0.2
"""Between two looks at what was written."""

JSON_LINES = click.option("--json", "as_json", is_flag=True, help="Answer in JSON lines.")


@click.group("log", context_settings={"max_content_width": 100})
def command() -> None:
    """Query, follow, verify and export the record; list what an agent changed."""


@command.command("query", short_help="Show records.")
@with_options(MATCHING, LEDGER)
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most.")
@click.option("--reveal", type=FILE, metavar="KEY", help="Open what was sealed to this key.")
@JSON_LINES
def query(
    *,
    ledger: Path | None,
    settings: Path | None,
    state: Path | None,
    limit: int,
    reveal: Path | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Show records, the latest last. `*` in a value stands for any characters."""
    place = place_of(ledger, settings, state)
    show = revealing(reveal)
    with closing(search_in(place.path)) as search:
        search.catch_up()
        found = deque(search.find(wanted_of(asked, events_only=True), limit))
        unreadable = search.unreadable
    out = Printer()
    for record in reversed(found):
        _show(out, show(record), as_json)
    if unreadable:
        click.echo(f"{unreadable} lines are no records; run `ostiary log verify`", err=True)


@command.command("follow", short_help="Show records as they are written.")
@with_options(MATCHING, LEDGER)
@click.option("--seconds", type=click.FloatRange(0.0), help="Stop after this time.")
@JSON_LINES
def follow(
    *,
    ledger: Path | None,
    settings: Path | None,
    state: Path | None,
    seconds: float | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Show records as they are written, in every chain, until interrupted."""
    place = place_of(ledger, settings, state)
    wanted = wanted_of(asked, events_only=True)
    out = Printer()
    follower = Follower(place.path)
    click.echo(f"following {place.path}", err=True)
    end = None if seconds is None else time.monotonic() + seconds
    while True:
        for record in follower.fresh():
            if wanted.matches(record):
                _show(out, record, as_json)
        out.flush()
        if end is not None and time.monotonic() >= end:
            return
        time.sleep(FOLLOW_SECONDS)


@command.command("verify", short_help="Hold the record to its chain and signatures.")
@with_options(LEDGER)
@click.option(
    "--key",
    "key_file",
    type=FILE,
    metavar="FILE",
    help="Public keys to believe; default: the file beside the signing key.",
)
@click.option(
    "--head", "heads", type=FILE, multiple=True, metavar="FILE", help="A head file you kept."
)
@click.option(
    "--expect",
    "expected",
    multiple=True,
    metavar="NUMBER:HASH",
    help="A record you know, or WRITER/NUMBER:HASH; may repeat.",
)
@JSON
def check(
    *,
    ledger: Path | None,
    settings: Path | None,
    state: Path | None,
    key_file: Path | None,
    heads: tuple[Path, ...],
    expected: tuple[str, ...],
    as_json: bool,
) -> None:
    """Hold the record to its chain and signatures. Exit codes: 0 intact, 1 tampered, 3 incomplete.

    Prints the head of each chain; keep it elsewhere and give it back with --expect, so that cutting
    off the end is found too.
    """
    place = place_of(ledger, settings, state)
    keys = believed(place, key_file)
    anchors = [anchor_of_head(path, keys) for path in heads] + [
        anchor_of_text(text) for text in expected
    ]
    report = verify(place.path, keys, anchors)
    if as_json:
        put(json.dumps(_report_json(report), indent=2), None)
    else:
        Printer().lines(report_lines(report))
    raise SystemExit(int(report.verdict))


@command.command("export", short_help="Write records for other systems.")
@with_options(MATCHING, LEDGER)
@click.option(
    "--format",
    "form",
    type=click.Choice([one.name for one in EXPORTERS]),
    default=EXPORTERS[0].name,
    show_default=True,
    help="How each record is written.",
)
@click.option("--output", type=TARGET, metavar="FILE", help="Write to FILE.")
@click.option("--reveal", type=FILE, metavar="KEY", help="Open what was sealed to this key.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl.")
def export(
    *,
    ledger: Path | None,
    settings: Path | None,
    state: Path | None,
    form: str,
    output: Path | None,
    reveal: Path | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Write records, oldest first, one line each."""
    place = place_of(ledger, settings, state)
    wanted, show = wanted_of(asked), revealing(reveal)
    name = "jsonl" if as_json else form
    line = next(one.line for one in EXPORTERS if one.name == name)
    _write((line(show(one)) for one in all_in(place.path) if wanted.matches(one)), output)


@command.command("actions", short_help="List what agents changed, by conversation.")
@with_options(MATCHING, LEDGER)
@JSON_LINES
def actions(
    *,
    ledger: Path | None,
    settings: Path | None,
    state: Path | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """List everything agents changed, or may have changed, by conversation."""
    place = place_of(ledger, settings, state)
    wanted = wanted_of(asked)
    # An outcome carries no levels and may come later: it is joined by its call, not by the filter.
    found = after_action(
        one for one in all_in(place.path) if one.kind == "outcome" or wanted.matches(one)
    )
    out = Printer()
    for conversation in found:
        if as_json:
            out.plain(json.dumps(_conversation_json(conversation)))
        else:
            out.lines(session_lines(conversation))
    if not found and not as_json:
        out.plain("nothing was changed")


@command.command("keygen", short_help="Make an auditor's key pair.")
@click.argument("target", type=TARGET, metavar="FILE")
@JSON
def keygen(target: Path, as_json: bool) -> None:
    """Make an auditor's key pair: FILE, which opens full content, and FILE.pub for `auditor`."""
    try:
        public = make_auditor(target)
    except FileExistsError as error:
        raise NoLedger(f"{error} exists; name a fresh file, nothing was overwritten") from None
    except LedgerUnusable as error:
        raise NoLedger(str(error)) from None
    told = {"private": str(target), "public": str(public.absolute())}
    words = f"keep {target} apart; set auditor = {json.dumps(told['public'])} in [ledger]"
    put(json.dumps(told) if as_json else words, None)


def _show(out: Printer, record: Record, as_json: bool) -> None:
    if as_json:
        out.plain(json.dumps(record.as_json()))
    else:
        out.lines(record_line(record))


def _write(text: Iterable[str], output: Path | None) -> None:
    """Line by line, so that a long record needs little memory."""
    if output is None:
        out = Printer()
        for line in text:
            out.plain(line)
        return
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
        with os.fdopen(os.open(output, flags, 0o600), "w", encoding="utf-8") as file:
            for line in text:
                file.write(line + "\n")
    except OSError as error:
        raise NoLedger(f"cannot write {output}: {error.strerror}") from None


def _report_json(report: Report) -> JsonObject:
    found: JsonObject = json.loads(json.dumps(asdict(report)))
    found["verdict"] = Verdict(report.verdict).name.lower()
    return found


def _conversation_json(one: Conversation) -> JsonObject:
    return {
        "session": one.session,
        "principal": one.principal,
        "agent": one.agent,
        "client": one.client,
        "first": one.first,
        "last": one.last,
        "refused": one.refused,
        "actions": [_action_json(action) for action in one.actions],
    }


def _action_json(action: Action) -> JsonObject:
    record = action.record
    return {
        "writer": record.writer,
        "number": record.number,
        "at": record.at,
        "call": record.text("call"),
        "server": record.text("server"),
        "method": record.text("method"),
        "thing": record.text("thing"),
        "levels": list(record.texts("levels")),
        "certain": action.certain,
        "outcome": action.outcome,
        "arguments": arguments_of(record),
    }
