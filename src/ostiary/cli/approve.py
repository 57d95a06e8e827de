"""``ostiary approve``: look at a server, see what it would be allowed, and sign that."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ostiary.approval.start import CannotApprove
from ostiary.approval.wish import (
    UnclearWish,
    Wish,
    bounds_of,
    day_of,
    despite_of,
    labels_of,
    levels_of,
)
from ostiary.catalogue.failure import LockProblem
from ostiary.cli.approving import (
    Desk,
    approve,
    co_sign,
    desk,
    list_waiting,
    show_key,
    take_older,
    withdraw,
)
from ostiary.cli.gateway_options import WHERE
from ostiary.cli.options import FILE, FOLDER, JSON, PASTE, with_options
from ostiary.cli.recording import Unrecorded
from ostiary.model.setting import BadSetting

WHAT = (
    click.option(
        "--from-config",
        "config",
        type=PASTE,
        metavar="FILE",
        help="Take the servers from this configuration: a file, a saved page or - for standard "
        "input.",
    ),
    click.option("--command", "line", metavar="LINE", help="Start SERVER with this command line."),
    click.option("--url", metavar="URL", help="Call SERVER at this address."),
    click.option("--as", "called", metavar="NAME", help="Approve the server under this name."),
    click.option(
        "--from-clients",
        is_flag=True,
        help="Take an approved server as clients have it configured now, not as it was approved.",
    ),
)
TERMS = (
    click.option("--owner", default="", metavar="WHO", help="Who answers for it; default: you."),
    click.option("--reason", default="", metavar="TEXT", help="Why it is needed."),
    click.option("--review-by", metavar="DAY", help="YYYY-MM-DD, +90d or never."),
    click.option(
        "--level", "levels", multiple=True, metavar="TOOL=LEVELS",
        help="What a tool can do, for example delete_file=destroy; may repeat, TOOL may be a "
        "pattern.",
    ),
    click.option(
        "--label", "labels", multiple=True, metavar="TOOL=LABELS",
        help="private, untrusted, outward, or a label of your own; may repeat.",
    ),
    click.option("--only", multiple=True, metavar="TOOL", help="Approve just these; may repeat."),
    click.option("--without", multiple=True, metavar="TOOL", help="Leave these out; may repeat."),
    click.option(
        "--despite", multiple=True, metavar="RULE=REASON",
        help="Approve although this rule found something; may repeat.",
    ),
    click.option(
        "--allow-network/--no-network", "network", default=None,
        help="Whether its box has the network; default: as before, else none.",
    ),
    click.option(
        "--read", "readable", multiple=True, metavar="PATH",
        help="Its box may read PATH; may repeat.",
    ),
    click.option(
        "--write", "writable", multiple=True, metavar="PATH",
        help="Its box may write PATH; may repeat.",
    ),
    click.option(
        "--limit", "limits", multiple=True, metavar="WHAT=N",
        help="calls=N a minute, concurrent=N, bytes=N or seconds=N of an answer; may repeat.",
    ),
    click.option(
        "--limits", "terms", type=FILE, metavar="FILE",
        help="Take over the limits of an audit of exactly this server: its JSON report.",
    ),
    click.option("--group", "groups", multiple=True, metavar="NAME", help="Only for this group."),
    click.option(
        "--artifact-only", is_flag=True,
        help="Approve changed code of a server that shows exactly what it showed.",
    ),
)  # fmt: skip
OTHERWISE = (
    click.option("--withdraw", is_flag=True, help="Take the approval of SERVER back."),
    click.option("--sign", "cosign", is_flag=True, help="Add your signature to the lock as it is."),
    click.option("--show-key", is_flag=True, help="Print the key that signs what you approve."),
    click.option(
        "--take-older", is_flag=True, help="Accept a lock older than the one that was in force."
    ),
)
FOUND_IN = (
    click.option("--home", type=FOLDER, metavar="DIR", help="Look at this home, not at yours."),
    click.option(
        "--project",
        "projects",
        type=FOLDER,
        multiple=True,
        metavar="DIR",
        help="A project folder; default: the current one.",
    ),
)
MEANS = (
    click.option("--allow-private", is_flag=True, help="Call remotes at private addresses too."),
    click.option("--no-fetch", is_flag=True, help="Do not fetch packages that are not installed."),
    click.option(
        "--seconds", type=click.FloatRange(1, 3600), default=60, help="Time for each server."
    ),
)  # fmt: skip
ANSWER = (
    click.option("--dry-run", is_flag=True, help="Show what would be approved and sign nothing."),
    click.option("--yes", is_flag=True, help="Start, and approve, without asking."),
    JSON,
)


class Refused(click.ClickException):
    """Something cannot be approved. The message says what to do."""

    exit_code = 2


@click.command("approve")
@click.argument("servers", nargs=-1, metavar="[SERVER]...")
@with_options(WHAT, TERMS, OTHERWISE, WHERE, FOUND_IN, MEANS, ANSWER)
def command(servers: tuple[str, ...], **options: Any) -> None:
    """Approve servers: pin what they are and show, how far they go, for whom and till when.

    Starts each in a box, once you say yes. Without SERVER, list what waits for approval.
    """
    try:
        at = desk(options, datetime.now(UTC))
        raise SystemExit(_chosen(servers, options, at))
    except (CannotApprove, LockProblem, BadSetting, UnclearWish, Unrecorded) as problem:
        raise Refused(str(problem)) from None


def _chosen(servers: tuple[str, ...], options: dict[str, Any], at: Desk) -> int:
    """The one thing that was asked for."""
    others = [name for name in ("cosign", "show_key", "take_older") if options[name]]
    if len(others) + options["withdraw"] > 1:
        raise click.UsageError("--withdraw, --sign, --show-key and --take-older exclude each other")
    if others and servers:
        raise click.UsageError("this is about the lock as a whole; name no SERVER")
    if options["show_key"]:
        return show_key(at)
    if options["cosign"]:
        return co_sign(at)
    if options["take_older"]:
        return take_older(at)
    if options["withdraw"]:
        if not servers:
            raise click.UsageError("name the SERVER whose approval you take back")
        return withdraw(at, servers)
    _refuse_unnamed(servers, options)
    if not servers and not options["config"]:
        return list_waiting(at)
    return approve(at, servers, wish(options, at.moment.now))


def _refuse_unnamed(servers: tuple[str, ...], options: dict[str, Any]) -> None:
    """Options that are about one server need its name. Raises ``click.UsageError``."""
    handed = bool(options["line"] or options["url"])
    if (handed or options["called"]) and len(servers) != 1 and not options["config"]:
        raise click.UsageError("--command, --url and --as need exactly one SERVER, its name")
    if options["terms"] and len(servers) != 1:
        raise click.UsageError("--limits are those of one SERVER; name it")


def wish(options: dict[str, Any], now: datetime) -> Wish:
    """What the options mean. Raises :class:`UnclearWish`."""
    review_by = options["review_by"]
    return Wish(
        owner=options["owner"],
        reason=options["reason"],
        review_by=None if review_by is None else day_of(review_by, now.date()),
        levels=levels_of(options["levels"]),
        labels=labels_of(options["labels"]),
        only=options["only"],
        without=options["without"],
        despite=despite_of(options["despite"]),
        network=options["network"],
        readable=_paths(options["readable"]),
        writable=_paths(options["writable"]),
        bounds=bounds_of(options["limits"]),
        groups=options["groups"] or None,
        artifact_only=options["artifact_only"],
    )


def _paths(given: tuple[str, ...]) -> tuple[str, ...] | None:
    found = tuple(sorted({os.path.normpath(Path(one).expanduser().absolute()) for one in given}))
    return found or None
