"""Where a gateway's settings and its own things are: options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ostiary.cli.options import FILE, TARGET, folders

if TYPE_CHECKING:
    from ostiary.gateway.settings import Settings

SETTINGS_FILE = "ostiary.toml"
LARGEST = 8 * 1024 * 1024

WHERE = (
    click.option(
        "--settings",
        type=FILE,
        metavar="FILE",
        help="The settings; default: ostiary.toml in this folder, if there is one.",
    ),
    click.option(
        "--state",
        type=TARGET,
        metavar="DIR",
        help="Keys, tokens and the record; default: your state folder.",
    ),
)


def read(settings: Path | None, state: Path | None) -> Settings:
    """The settings that the options name. Raises :class:`click.ClickException`."""
    from ostiary.gateway.settings import read_settings  # noqa: PLC0415 - heavy
    from ostiary.model.setting import BadSetting  # noqa: PLC0415

    path = settings or Path.cwd() / SETTINGS_FILE
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise click.ClickException(f"{path} is larger than {LARGEST:,} bytes")
        text = data.decode("utf-8")
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path} cannot be read: {error}") from None
    own = state or folders().memory.parent
    try:
        return read_settings(text, path.absolute().parent, own.absolute())
    except BadSetting as error:
        raise click.ClickException(f"{path.name}: {error}") from None
