"""``ostiary token``: what clients come in with."""

from __future__ import annotations

import json
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from ostiary.cli.answer import put
from ostiary.cli.gateway_options import STATE, state_folder
from ostiary.cli.options import JSON, with_options
from ostiary.identity.issuing import CannotIssue, NoSuchToken, issue, revoke, seconds
from ostiary.identity.token_file import IssuedToken, TokenFile, UnusableTokens
from ostiary.model.json import JsonObject
from ostiary.model.visible import visible

WHERE = (STATE, JSON)


@click.group("token")
def command() -> None:
    """Issue, list and revoke the tokens that clients come in with.

    A token is shown once. Only its hash is kept, so a lost one is revoked and another one issued.
    """


@command.command("issue")
@click.option("--client", required=True, metavar="NAME", help="Whom it is for, by a name of yours.")
@click.option(
    "--only",
    multiple=True,
    metavar="WHAT",
    help="Open no more than SERVER, SERVER/NAME or SERVER/resource:URI, with * for any "
    "characters; may repeat. Default: all that policy allows.",
)
@click.option(
    "--expires",
    default="90d",
    show_default=True,
    metavar="SPAN",
    help="How long it lives: 30d, 12h, 8w or never.",
)
@click.option(
    "--group", "groups", multiple=True, metavar="GROUP", help="Put it in a group; may repeat."
)
@with_options(WHERE)
def _issue(
    *,
    client: str,
    only: tuple[str, ...],
    expires: str,
    groups: tuple[str, ...],
    state: Path | None,
    as_json: bool,
) -> None:
    """Issue a token and show it, this once."""
    try:
        token, issued = issue(
            _file(state),
            client,
            now=time.time(),
            random=secrets.token_bytes,
            seconds=seconds(expires),
            only=only,
            groups=groups,
        )
    except CannotIssue as error:
        raise click.UsageError(str(error)) from None
    except UnusableTokens as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        put(json.dumps({"token": token, **_entry(issued, time.time())}, indent=2), None)
        return
    put(token, None)
    click.echo(
        f"This is shown once. It is token {issued.id} for {client}: {_reach(issued)}, "
        f"{_life(issued)}.\nThe client sends it as `Authorization: Bearer TOKEN`.",
        err=True,
    )


@command.command("list")
@with_options(WHERE)
def _list(state: Path | None, as_json: bool) -> None:
    """List the tokens that are issued, never the tokens themselves."""
    try:
        tokens = _file(state).read()
    except UnusableTokens as error:
        raise click.ClickException(str(error)) from None
    now = time.time()
    if as_json:
        put(json.dumps([_entry(one, now) for one in tokens], indent=2), None)
        return
    if not tokens:
        put("No token is issued: nobody comes in. Issue one with `ostiary token issue`.", None)
        return
    rows = [("id", "client", "opens", "groups", "issued", "lives")]
    rows += [
        (
            one.id,
            one.client,
            _reach(one),
            ", ".join(one.groups) or "-",
            _day(one.issued),
            "expired" if _expired(one, now) else _life(one),
        )
        for one in tokens
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    put("\n".join(visible(line) for line in lines), None)


@command.command("revoke")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--client", default="", metavar="NAME", help="Every token of this client.")
@click.option("--all", "every", is_flag=True, help="Every token there is.")
@with_options(WHERE)
def _revoke(
    ids: tuple[str, ...], client: str, every: bool, state: Path | None, as_json: bool
) -> None:
    """Revoke tokens by their ids. A running gateway refuses them within a second."""
    if sum((bool(ids), bool(client), every)) != 1:
        raise click.UsageError(
            "say which: ids as `ostiary token list` shows them, --client or --all"
        )
    try:
        gone = revoke(_file(state), ids=ids, client=client, every=every)
    except (NoSuchToken, UnusableTokens) as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        put(json.dumps([_entry(one, time.time()) for one in gone], indent=2), None)
        return
    for one in gone:
        put(f"revoked {one.id}, issued for {one.client}", None)
    if not gone:
        put("no token was issued", None)


def _file(state: Path | None) -> TokenFile:
    return TokenFile(state_folder(state))


def _entry(one: IssuedToken, now: float) -> JsonObject:
    return {
        "id": one.id,
        "client": one.client,
        "only": None if one.only is None else list(one.only),
        "groups": list(one.groups),
        "issued": _moment(one.issued),
        "expires": None if one.expires is None else _moment(one.expires),
        "expired": _expired(one, now),
    }


def _expired(one: IssuedToken, now: float) -> bool:
    return one.expires is not None and now >= one.expires


def _reach(one: IssuedToken) -> str:
    return "all that policy allows" if one.only is None else "only " + ", ".join(one.only)


def _life(one: IssuedToken) -> str:
    return "without an end" if one.expires is None else f"until {_day(one.expires)}"


def _day(at: float) -> str:
    return _moment(at)[:10]


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
