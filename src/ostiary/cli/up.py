"""``ostiary up``: the gateway."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ostiary.cli.exit_codes import INCOMPLETE
from ostiary.cli.gateway_options import WHERE, read
from ostiary.cli.options import account, folders, with_options
from ostiary.model.event import RecordUnwritable
from ostiary.model.visible import visible

if TYPE_CHECKING:
    from ostiary.gateway.downstream.settings import GatewaySettings
    from ostiary.gateway.settings import Settings


class CannotStart(click.ClickException):
    """The gateway cannot start. The message says why and what to do."""

    exit_code = 2


class EndUnsigned(click.ClickException):
    """The gateway ran, and the end of its record could not be written."""

    exit_code = INCOMPLETE


@click.command("up")
@with_options(WHERE)
@click.option("--listen", metavar="HOST:PORT", help="Listen here, whatever the settings say.")
@click.option(
    "--stdio", is_flag=True, help="Serve the one client that started this, on standard streams."
)
@click.option(
    "--server", default="", metavar="NAME", help="With --stdio: this server alone, not all joined."
)
@click.option(
    "--client", default="", metavar="NAME", help="With --stdio: what to call this client."
)
@click.option("--json", "as_json", is_flag=True, help="Say what happens in JSON lines.")
def command(
    settings: Path | None, state: Path | None, listen: str | None, as_json: bool, **asked: Any
) -> None:
    """Stand between clients and the approved servers: decide, pin and record every call.

    Serves until it is told to stop. The lock of approved servers and the policy are taken up again
    whenever their files change.
    """
    if (asked["server"] or asked["client"]) and not asked["stdio"]:
        raise click.UsageError("--server and --client go with --stdio")
    found = read(settings, state)
    if listen is not None:
        found = replace(found, gateway=_listening(found, listen))
    cache = folders().cache

    def say(line: str) -> None:
        text = visible(line, 2_000)
        click.echo(json.dumps({"note": text}) if as_json else text, err=True)

    def ready(address: str) -> None:
        endpoint = f"{address}/mcp"
        if as_json:
            click.echo(json.dumps({"listening": address, "endpoint": endpoint}))
        elif address.startswith("unix:"):
            click.echo(f"listening: {address}, at /mcp (all servers) and /mcp/NAME (one of them)")
        else:
            click.echo(f"listening: {endpoint} (all servers), {endpoint}/NAME (one of them)")
        sys.stdout.flush()

    from ostiary.gateway import serve  # noqa: PLC0415 - heavy

    with _told():
        if asked["stdio"]:
            who = (account(), asked["client"])
            serve.run(serve.serve_stdio(found, cache, say, who, asked["server"]))
        else:
            serve.run(serve.serve_http(found, cache, say, ready))


@contextmanager
def _told() -> Iterator[None]:
    from ostiary.gateway.serve import PROBLEMS  # noqa: PLC0415 - heavy

    try:
        yield
    except PROBLEMS as error:
        raise CannotStart(str(error)) from None
    except RecordUnwritable as error:
        raise EndUnsigned(f"the end of the record is not signed: {error}") from None
    except asyncio.CancelledError:
        return


def _listening(found: Settings, listen: str) -> GatewaySettings:
    from ostiary.gateway.downstream.settings import GatewaySettings  # noqa: PLC0415
    from ostiary.model.setting import BadSetting  # noqa: PLC0415

    try:
        told = GatewaySettings.from_table({"listen": listen})
    except BadSetting as error:
        raise click.UsageError(f"--listen: {error}") from None
    return replace(found.gateway, host=told.host, port=told.port, unix=told.unix)
