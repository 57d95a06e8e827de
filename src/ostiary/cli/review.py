"""``ostiary review``: walk the approved servers, and keep, date again or withdraw each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from ostiary.approval.decide import event, merged, without
from ostiary.approval.look import look_at
from ostiary.approval.review import Due, Row, due_of, kept, row_lines, rows, rows_json
from ostiary.approval.start import CannotApprove, given_server, with_token
from ostiary.approval.use import drifts_of, uses_of
from ostiary.approval.wish import UnclearWish, day_of
from ostiary.approval.words import command_words, granted_words
from ostiary.catalogue import book
from ostiary.catalogue.failure import LockProblem
from ostiary.cli.answer import put
from ostiary.cli.approve import MEANS, Refused
from ostiary.cli.approving import Desk, desk
from ostiary.cli.exit_codes import FINE, FOUND, FOUND_AND_INCOMPLETE, INCOMPLETE
from ostiary.cli.gateway_options import WHERE
from ostiary.cli.options import JSON, interactive, with_options
from ostiary.cli.recording import Unrecorded, recording
from ostiary.model.approval import Approval
from ostiary.model.outcome import NotChecked
from ostiary.model.setting import BadSetting
from ostiary.model.surface import Surface

OPTIONS = (
    click.option(
        "--due", "only_due", is_flag=True,
        help="Look at the dates alone; exit with 1 when something is due.",
    ),
    click.option(
        "--within", type=click.IntRange(0, 3660), default=0, metavar="DAYS",
        help="What is due within so many days is due.",
    ),
    click.option("--offline", is_flag=True, help="Start and call nothing."),
    click.option("--keep", is_flag=True, help="Keep every SERVER named, until another day."),
    click.option(
        "--review-by", metavar="DAY", help="That day: YYYY-MM-DD, +90d or never."
    ),
    click.option("--reason", default="", metavar="TEXT", help="Why it is kept, for the record."),
    click.option("--yes", is_flag=True, help="Start, and keep, without asking."),
    JSON,
)  # fmt: skip


@click.command("review")
@click.argument("servers", nargs=-1, metavar="[SERVER]...")
@with_options(OPTIONS, WHERE, MEANS)
def command(servers: tuple[str, ...], **options: Any) -> None:
    """Look at approved servers again: what is due, what drifted, what is wrong, what is unused.

    On a terminal, asks for each that needs a person whether it is kept, till when, or withdrawn.
    """
    try:
        at = desk(options, datetime.now(UTC))
        raise SystemExit(_review(at, servers))
    except (CannotApprove, LockProblem, BadSetting, UnclearWish, Unrecorded) as problem:
        raise Refused(str(problem)) from None


def _review(at: Desk, names: tuple[str, ...]) -> int:
    page = book.open_page(at.place.settings, needed=1)
    chosen = _chosen(page.approvals, names)
    if at.options["keep"]:
        return _keep(at, page, chosen, names)
    if at.options["only_due"]:
        return _due(at, chosen)
    seen = _looked(at, chosen)
    uses = uses_of(chosen, at.ledger.path)
    drifts = drifts_of(chosen, at.ledger.path)
    found = tuple(
        replace(row, withheld=drifts.get(row.approval.server, ()))
        for row in rows(chosen, seen, uses, at.moment.now.date(), at.options["within"])
    )
    _show(at, found)
    if interactive() and not at.as_json and not at.options["yes"]:
        _walk(at, page, [row for row in found if row.needs_a_person or _is_due(row)])
    return _code(found)


def _chosen(approvals: tuple[Approval, ...], names: tuple[str, ...]) -> tuple[Approval, ...]:
    known = {one.server for one in approvals}
    for name in names:
        if name not in known:
            raise CannotApprove(f"{name!r} is not approved; approve it with `ostiary approve`")
    return tuple(one for one in approvals if not names or one.server in names)


def _is_due(row: Row) -> bool:
    return row.due in (Due.OVERDUE, Due.SOON)


def _code(found: tuple[Row, ...]) -> int:
    """1 if something has to be decided, 3 if something could not be looked at, 4 both."""
    missing = any(row.not_looked for row in found)
    if any(row.needs_a_person or _is_due(row) for row in found):
        return FOUND_AND_INCOMPLETE if missing else FOUND
    return INCOMPLETE if missing else FINE


def _due(at: Desk, chosen: tuple[Approval, ...]) -> int:
    """The dates alone."""
    today, within = at.moment.now.date(), at.options["within"]
    found = [Row(one, *due_of(one, today, within)) for one in chosen]
    due = sorted((row for row in found if _is_due(row)), key=lambda row: row.days)
    if at.as_json:
        put(json.dumps({"due": rows_json(due)}, indent=2), None)
    else:
        lines = [line for row in due for line in row_lines(row)]
        at.say(lines or [f"nothing of {len(found)} approved servers is due"])
    return FOUND if due else FINE


def _looked(at: Desk, chosen: tuple[Approval, ...]) -> Mapping[str, Surface | NotChecked]:
    """What each server shows now, if a person agrees to start it."""
    if at.options["offline"] or not chosen:
        return {}
    pairs = []
    for one in chosen:
        values, _ = at.place.values(one.server, at.environ)
        server = given_server(one.server, one.start, one.key, values)
        token = at.place.token(one.server, one.start.url)
        pairs.append((with_token(server, token), one.start))
    if not at.options["yes"]:
        click.echo("To see what changed, Ostiary starts or calls what was approved:\n", err=True)
        for server, start in pairs:
            click.echo(f"  {server.name}: {command_words(server)}", err=True)
            for says in granted_words(server, start):
                click.echo(f"      {says}", err=True)
    if not at.ask("Go ahead?", "nothing was started; or look at the rest with --offline"):
        return {}
    private = at.means.allow_private or any(at.place.allow_private(one.server) for one in chosen)
    return look_at(tuple(pairs), replace(at.means, allow_private=private), at.progress)


def _show(at: Desk, found: tuple[Row, ...]) -> None:
    if at.as_json:
        put(json.dumps({"servers": rows_json(found)}, indent=2), None)
        return
    lines: list[str] = []
    for row in found:
        lines += [*row_lines(row), ""]
    at.say(lines or [f"nothing is approved in {at.place.settings.lock}"])


def _keep(at: Desk, page: book.Page, chosen: tuple[Approval, ...], names: tuple[str, ...]) -> int:
    """Date again, without walking."""
    if not names:
        raise click.UsageError("name each SERVER that is kept")
    day = _day(at, at.options["review_by"])
    if not at.ask(f"Keep {', '.join(names)} until {day or 'ever'}?", "keeping needs a yes"):
        return FOUND
    _write(at, page, [(kept(one, day), "kept") for one in chosen])
    return FINE


def _walk(at: Desk, page: book.Page, found: list[Row]) -> None:
    """Ask about each, then write once."""
    decided: list[tuple[Approval, str]] = []
    for row in found:
        one = row.approval
        say = (
            "keep (another date), withdraw, or skip"
            if not row.changes
            else (
                f"it drifted, so look with `ostiary approve {one.server}`; withdraw, keep or skip"
            )
        )
        answer = click.prompt(
            f"{one.server}: {say}", default="skip", err=True, type=_CHOICE, show_choices=False
        )
        if answer == "keep":
            text = click.prompt(
                "  to be looked at again by", default=at.moment.due or "never", err=True
            )
            decided.append((kept(one, day_of(text, at.moment.now.date())), "kept"))
        elif answer == "withdraw":
            decided.append((one, "withdrawn"))
    if decided:
        _write(at, page, decided)


_CHOICE = click.Choice(["keep", "withdraw", "skip"])


def _write(at: Desk, page: book.Page, decided: list[tuple[Approval, str]]) -> None:
    gone = [one.server for one, what in decided if what == "withdrawn"]
    stay = [one for one, what in decided if what == "kept"]
    left = without(merged(page.approvals, stay), gone)
    why = at.options["reason"]
    with recording(at.ledger) as record:
        lock = book.write_page(at.place.settings, page, left)
        record(
            event(what, replace(one, reason=why or one.reason), lock, at.moment)
            for one, what in decided
        )
    names = ", ".join(f"{one.server} {what}" for one, what in decided)
    if at.as_json:
        put(
            json.dumps(
                {"decided": {one.server: what for one, what in decided}, "serial": lock.serial}
            ),
            None,
        )
    else:
        at.say([f"{names}; signed {at.place.settings.lock}, serial {lock.serial}"])


def _day(at: Desk, text: str | None) -> str:
    return at.moment.due if text is None else day_of(text, at.moment.now.date())
