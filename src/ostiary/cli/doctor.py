"""``ostiary doctor``: how well servers can be boxed here, measured and not assumed."""

from __future__ import annotations

import json

import click

from ostiary.cli.answer import put
from ostiary.cli.exit_codes import FINE, INCOMPLETE
from ostiary.cli.options import JSON
from ostiary.host.doctor import measure


@click.command("doctor")
@JSON
def command(as_json: bool) -> None:
    """Measure each layer of isolation on this machine. A missing layer is named, never assumed."""
    layers = measure()
    if as_json:
        rows = [{"layer": one.name, "works": one.works, "says": one.says} for one in layers]
        put(json.dumps({"layers": rows}, indent=2), None)
    else:
        put("\n".join(_line(one.name, one.works, one.says) for one in layers), None)
    raise SystemExit(FINE if all(one.works for one in layers) else INCOMPLETE)


def _line(name: str, works: bool, says: str) -> str:
    return f"{'works  ' if works else 'MISSING'}  {name}: {says}"
