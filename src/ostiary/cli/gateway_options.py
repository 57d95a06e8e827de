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
"""Bytes of settings."""

STATE = click.option(
    "--state",
    type=TARGET,
    metavar="DIR",
    help="Keys, tokens and the record; default: your state folder.",
)

WHERE = (
    click.option(
        "--settings",
        type=FILE,
        metavar="FILE",
        help="The settings; default: ostiary.toml in this folder, if there is one.",
    ),
    STATE,
)


def read(settings: Path | None, state: Path | None) -> Settings:
    """The settings that the options name. Raises :class:`click.ClickException`."""
    from ostiary.gateway.settings import read_settings  # noqa: PLC0415 - heavy
    from ostiary.model.setting import BadSetting  # noqa: PLC0415

    path = settings_file(settings)
    try:
        return read_settings(text_of(path), path.absolute().parent, state_folder(state))
    except BadSetting as error:
        raise click.ClickException(f"{path.name}: {error}") from None


def settings_file(named: Path | None) -> Path:
    """The settings that are named, or else those in this folder. They need not be there."""
    return named or Path.cwd() / SETTINGS_FILE


def state_folder(named: Path | None) -> Path:
    """The folder of Ostiary's own things that is named, or else the caller's."""
    return (named or folders().state).absolute()


def text_of(settings: Path) -> str:
    """What the settings say; nothing where there is no such file. Raises
    :class:`click.ClickException`."""
    try:
        with settings.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise click.ClickException(f"{settings} is larger than {LARGEST:,} bytes")
        return data.decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{settings} cannot be read: {error}") from None
