"""What the subcommands of ``ostiary log`` are asked: which record, which part of it, which keys."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from ostiary.cli.gateway_options import WHERE, settings_file, state_folder, text_of
from ostiary.cli.options import TARGET
from ostiary.ledger.chain import CHECKPOINT, SEGMENT, TOMBSTONE
from ostiary.ledger.failure import LedgerUnusable
from ostiary.ledger.head import NoHead, read_head
from ostiary.ledger.keys import trusted
from ostiary.ledger.reading import Record, records, revealed
from ostiary.ledger.sealing import auditor_key
from ostiary.ledger.search import Search, open_search
from ostiary.ledger.settings import LedgerSettings
from ostiary.ledger.verify import Anchor
from ostiary.ledger.wanted import UnclearTime, Wanted, when
from ostiary.model.event import EventKind
from ostiary.model.json import JsonObject
from ostiary.model.setting import BadSetting

LEDGER = (
    click.option(
        "--ledger",
        type=TARGET,
        metavar="DIR",
        help="The record; default: where the settings say, in your state folder.",
    ),
    *WHERE,
)

MATCHING = (
    click.option("--who", metavar="ID", default="", help="The principal, for example local:NAME."),
    click.option("--agent", metavar="ID", default="", help="The agent."),
    click.option("--client", metavar="ID", default="", help="The client application."),
    click.option("--server", metavar="NAME", default="", help="The server, by our name."),
    click.option("--tool", metavar="NAME", default="", help="A tool, prompt or resource."),
    click.option(
        "--effect", metavar="WORD", default="", help="allow, deny, ask, ok, error, failed …"
    ),
    click.option(
        "--kind", metavar="WORD", default="", help="request, refused, outcome, session, drift …"
    ),
    click.option("--session", metavar="ID", default="", help="One conversation."),
    click.option("--call", metavar="ID", default="", help="One call: its request and its outcome."),
    click.option("--text", metavar="TEXT", default="", help="Somewhere in the record."),
    click.option("--since", metavar="TIME", help="From here on: 2026-11-21T10:00, 90m, 7d."),
    click.option("--until", metavar="TIME", help="Up to here."),
)


KINDS = (*EventKind, SEGMENT, CHECKPOINT, TOMBSTONE)
"""All kinds of records."""


class NoLedger(click.ClickException):
    """The record, or a key, cannot be used. The message says which and what to do."""

    exit_code = 2


def place_of(ledger: Path | None, settings: Path | None, state: Path | None) -> LedgerSettings:
    """The settings of the record that was named. Raises :class:`NoLedger`."""
    if ledger is not None:
        if settings is not None or state is not None:
            raise click.UsageError("--ledger excludes --settings and --state")
        whole = ledger.absolute()
        return LedgerSettings(path=whole, key=whole.with_name(whole.name + ".key"))
    path = settings_file(settings)
    try:
        return LedgerSettings.from_table(_section(path), state_folder(state))
    except BadSetting as error:
        raise NoLedger(f"{path.name}: {error}") from None


def _section(path: Path) -> JsonObject:
    """``[ledger]`` alone: the record can be read though another section is wrong."""
    try:
        document = tomllib.loads(text_of(path))
    except tomllib.TOMLDecodeError as error:
        raise NoLedger(f"{path} is not TOML: {error}") from None
    found = document.get("ledger", {})
    return found if isinstance(found, dict) else {}


def wanted_of(asked: dict[str, Any], *, events_only: bool = False) -> Wanted:
    """Which records the filters ask for."""
    kind = asked["kind"].lower()
    if kind and "*" not in kind and kind not in KINDS:
        raise click.UsageError(f"--kind {kind!r}: there are {', '.join(KINDS)}")
    now = time.time()
    since, until = asked.pop("since"), asked.pop("until")
    try:
        return Wanted(
            **asked,
            since=when(since, now) if since else None,
            until=when(until, now) if until else None,
            events_only=events_only,
        )
    except UnclearTime as error:
        raise click.UsageError(str(error)) from None


def search_in(ledger: Path) -> Search:
    """The search tables of a record. Raises :class:`NoLedger`."""
    if not ledger.is_dir():
        raise NoLedger(f"there is no record at {ledger}; name it with --ledger")
    try:
        return open_search(ledger)
    except LedgerUnusable as error:
        raise NoLedger(str(error)) from None


def all_in(ledger: Path) -> Iterator[Record]:
    """Every record, oldest first. Raises :class:`NoLedger`."""
    if not ledger.is_dir():
        raise NoLedger(f"there is no record at {ledger}; name it with --ledger")
    try:
        yield from records(ledger)
    except OSError as error:
        raise NoLedger(f"the record at {ledger} cannot be read: {error}") from None


def revealing(path: Path | None) -> Callable[[Record], Record]:
    """What opens full content, or leaves it. Raises :class:`NoLedger`."""
    if path is None:
        return lambda record: record
    try:
        key = auditor_key(path)
    except LedgerUnusable as error:
        raise NoLedger(str(error)) from None
    return lambda record: revealed(record, key)


def believed(place: LedgerSettings, named: Path | None) -> frozenset[str] | None:
    """The public keys to believe; ``None`` if there are none. Raises :class:`NoLedger`."""
    path = named or place.key.with_name(place.key.name + ".pub")
    if named is None and not path.exists():
        return None
    try:
        return trusted(path)
    except LedgerUnusable as error:
        raise NoLedger(str(error)) from None


def anchor_of_head(path: Path, keys: frozenset[str] | None) -> Anchor:
    """What a head file that somebody kept says. Raises :class:`NoLedger`."""
    try:
        head = read_head(path)
    except NoHead as none:
        raise NoLedger(f"{path}: {none}") from None
    if keys is not None and head.key not in keys:
        raise NoLedger(f"{path} is signed by a key that is not among the public keys believed")
    return Anchor(head.number, head.hash, head.writer, str(path))


def anchor_of_text(text: str) -> Anchor:
    """What ``NUMBER:HASH`` says."""
    place, _, mark = text.rpartition(":")
    writer, _, number = place.rpartition("/")
    if not number.isdecimal() or len(number) > 18 or len(mark) != 64:
        raise click.UsageError(f"--expect {text!r}: write NUMBER:HASH or WRITER/NUMBER:HASH")
    return Anchor(int(number), mark.lower(), writer, "--expect")
