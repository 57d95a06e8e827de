"""``ostiary login``: tokens for remote servers that ask for a login."""

from __future__ import annotations

import json
import os
import time
import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ostiary.catalogue.failure import LockMissing, LockProblem, UnusableReference
from ostiary.catalogue.naming import SERVER_NAME
from ostiary.cli.answer import put
from ostiary.cli.exit_codes import FINE
from ostiary.cli.gateway_options import SETTINGS_FILE, WHERE, read
from ostiary.cli.options import account, with_options
from ostiary.cli.recording import Unrecorded, recording
from ostiary.model.event import Event, EventKind
from ostiary.model.json import JsonObject
from ostiary.model.login import Login
from ostiary.model.setting import BadSetting
from ostiary.model.visible import visible

if TYPE_CHECKING:
    from ostiary.catalogue.login_form import LoginBook
    from ostiary.gateway.login.wanted import Shown, Wanted
    from ostiary.gateway.settings import Settings

WHAT = (
    click.option(
        "--url", metavar="URL", help="Log in at this address; SERVER is your name for it."
    ),
    click.option("--list", "listed", is_flag=True, help="List the logins, never their tokens."),
    click.option("--forget", is_flag=True, help="Drop the login at SERVER."),
    click.option(
        "--no-browser", is_flag=True, help="Print where to go instead of opening a browser there."
    ),
    click.option("--allow-private", is_flag=True, help="Call private addresses too."),
    click.option(
        "--seconds",
        type=click.FloatRange(1, 3600),
        default=300,
        show_default=True,
        help="How long to wait for the browser to come back.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Answer in JSON."),
)
MISSING = (
    "logging in needs the optional part `login`, which is not installed; install "
    "`ostiary[login]` in place of `ostiary`"
)


class Refused(click.ClickException):
    """There is no login. The message says why and what to do."""

    exit_code = 2


@click.command("login")
@click.argument("server", required=False, metavar="[SERVER]")
@with_options(WHAT, WHERE)
def command(server: str | None, **options: Any) -> None:
    """Log in at a remote server that asks for it, so that the gateway can call it.

    Shows which authorization server gives what, and sends your browser there. The tokens are kept
    encrypted in the state folder; a running gateway uses and renews them.
    """
    found = read(options["settings"], options["state"])
    try:
        raise SystemExit(_chosen(server, found, options))
    except (LockProblem, BadSetting, Unrecorded) as problem:
        raise Refused(str(problem)) from None


def _chosen(server: str | None, found: Settings, options: dict[str, Any]) -> int:
    from ostiary.catalogue.logins import LoginFile  # noqa: PLC0415 - heavy

    file = LoginFile(found.state)
    if options["listed"]:
        if server or options["forget"]:
            raise click.UsageError("--list goes alone")
        return _list(file.read(), as_json=options["as_json"])
    if not server:
        raise click.UsageError("name the SERVER to log in at")
    if not SERVER_NAME.fullmatch(server):
        raise click.UsageError(
            f"{visible(server, 80)!r} cannot be the name of a server: use lower-case letters, "
            "digits, - and single _"
        )
    if not options["forget"]:
        return _log_in(_wanted(server, found, options), found, options)
    with recording(found.ledger) as record:
        with file.changing() as book:
            gone = book.forget(server)
        record(_event("login forgotten", one) for one in gone)
    return _told(f"{server}: {'forgotten' if gone else 'there was no login'}", gone, options)


def _log_in(wanted: Wanted, found: Settings, options: dict[str, Any]) -> int:
    from ostiary.catalogue.logins import LoginFile  # noqa: PLC0415 - heavy
    from ostiary.gateway.login.wanted import CannotLogIn, Desk, NoLoginNeeded  # noqa: PLC0415

    try:
        from ostiary.gateway.login.flow import log_in  # noqa: PLC0415 - heavy, and optional
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] in ("mcp", "mcp_types"):
            raise Refused(MISSING) from None
        raise
    desk = Desk(lambda shown: _show(shown, options), options["seconds"])
    try:
        with recording(found.ledger) as record:
            login = log_in(wanted, LoginFile(found.state), desk)
            record([_event("logged in", login)])
    except NoLoginNeeded as needless:
        return _told(str(needless), [], options)
    except CannotLogIn as why:
        raise Refused(str(why)) from None
    return _told(f"{wanted.server}: logged in, {_life(login)}", [login], options)


def _wanted(server: str, found: Settings, options: dict[str, Any]) -> Wanted:
    """What is to be logged in at: the address that is given, set or approved, in this order."""
    from ostiary.gateway.login.wanted import Wanted  # noqa: PLC0415
    from ostiary.gateway.server_settings import ServerSettings  # noqa: PLC0415
    from ostiary.gateway.upstream.http_pool import trust  # noqa: PLC0415 - heavy

    url, sse = _address(server, found, options)
    settings = found.servers.get(server, ServerSettings())
    if any(name.lower() == "authorization" for name in settings.headers):
        raise Refused(
            f"[servers.{server}] sets the header Authorization, which goes before a login; take it "
            "out of the settings first"
        )
    secret = settings.login.client_secret
    try:
        tls = trust(settings.limits.ca_file) if settings.limits.ca_file else None
        known = secret.resolve(os.environ).reveal() if secret is not None else ""
    except OSError:
        raise BadSetting(f"servers.{server}.ca_file", "cannot be read as certificates") from None
    except UnusableReference as problem:
        raise Refused(str(problem)) from None
    return Wanted(
        server,
        url,
        sse=sse,
        settings=settings.login,
        secret=known,
        private=settings.limits.allow_private or options["allow_private"],
        tls=tls,
    )


def _address(server: str, found: Settings, options: dict[str, Any]) -> tuple[str, bool]:
    from ostiary.approval.place import Place, server_tables  # noqa: PLC0415 - heavy
    from ostiary.approval.start import start_of  # noqa: PLC0415
    from ostiary.catalogue.book import load_lock  # noqa: PLC0415

    if options["url"]:
        return options["url"], False
    tables = server_tables(options["settings"] or Path.cwd() / SETTINGS_FILE)
    told = Place(found.approvals, found.folder, tables).server(server)
    start = start_of(told) if told is not None else None
    if start is None:
        try:
            approved = load_lock(found.approvals).approvals
        except LockMissing:
            approved = ()
        start = next((one.start for one in approved if one.server == server), None)
    if start is None:
        raise Refused(
            f"{server} is neither approved nor set; say where it is with --url URL, or set url in "
            f"[servers.{server}]"
        )
    if not start.url:
        raise Refused(f"{server} is started here, not called; it takes its credentials from env")
    return start.url, start.transport == "sse"


def _show(shown: Shown, options: dict[str, Any]) -> None:
    """Everything a person should know before the browser opens."""
    if options["as_json"]:
        rows: JsonObject = {
            "server": shown.server,
            "url": shown.url,
            "authorization_server": shown.issuer,
            "resource": shown.resource,
            "scopes": list(shown.scopes),
            "client": shown.client,
            "address": shown.address,
        }
        click.echo(json.dumps(rows), err=True)
    else:
        scopes = " ".join(shown.scopes) or "as the authorization server decides"
        lines = [
            f"server:                {shown.server}, {shown.url}",
            f"authorization server:  {shown.issuer}",
            f"the token is for:      {shown.resource}",
            f"scopes:                {scopes}",
            "",
            "Log in at this address, if all of this is what you want:",
        ]
        click.echo("\n".join(visible(line, 2_000) for line in lines), err=True)
        # Whole, or it leads nowhere. It holds nothing but what a URL may hold.
        click.echo(shown.address, err=True)
    if not options["no_browser"]:
        webbrowser.open(shown.address)


def _list(book: LoginBook, *, as_json: bool) -> int:
    if as_json:
        put(json.dumps([_entry(one) for one in book.logins], indent=2), None)
        return FINE
    if not book.logins:
        put("There is no login. Log in with `ostiary login SERVER`.", None)
        return FINE
    for one in book.logins:
        put(visible(f"{one.server}  {one.url}", 400), None)
        put(visible(f"    by {one.issuer}, {_life(one)}", 400), None)
        put(visible(f"    scopes: {' '.join(one.scopes) or 'not told'}", 800), None)
        needs = [need for need in book.needs if need.server == one.server]
        for need in needs:
            more = " ".join(need.scopes) or "a login"
            put(visible(f"    asks for {more}: run `ostiary login {one.server}`", 800), None)
    return FINE


def _told(words: str, logins: list[Login], options: dict[str, Any]) -> int:
    if options["as_json"]:
        rows: JsonObject = {"said": words, "logins": [_entry(one) for one in logins]}
        put(json.dumps(rows, indent=2), None)
    else:
        put(visible(words, 2_000), None)
    return FINE


def _entry(one: Login) -> JsonObject:
    return {
        "server": one.server,
        "url": one.url,
        "authorization_server": one.issuer,
        "resource": one.resource,
        "scopes": list(one.scopes),
        "client": one.registration.origin,
        "since": _moment(one.at),
        "expires": None if one.expires is None else _moment(one.expires),
        "renews": bool(one.refresh),
        "owner": one.owner or None,
    }


def _life(one: Login) -> str:
    if one.refresh:
        return "renewed by the gateway"
    if one.expires is None:
        return "till the server refuses it"
    ended = "ended" if one.expires < time.time() else "ends"
    return f"{ended} at {_moment(one.expires)}"


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _event(what: str, one: Login) -> Event:
    detail: JsonObject = {
        "authorization_server": one.issuer,
        "resource": one.resource,
        "scopes": list(one.scopes),
    }
    return Event(
        kind=EventKind.IDENTITY,
        at=time.time(),
        principal=f"local:{account()}",
        server=one.server,
        why=what,
        detail=detail,
    )
