"""The options that several commands share: where to look, and how to answer."""

from __future__ import annotations

import math
import os
import pwd
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from ostiary.model.grade import Persona, Severity
from ostiary.scan.request import Grant, ScanRequest, UnclearGrant

Command = TypeVar("Command", bound=Callable[..., Any])

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(path_type=Path)
PASTE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)

JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")

FORM = (
    click.option("--json", "form", flag_value="json", help="Answer in JSON (docs/json-schema.md)."),
    click.option("--sarif", "form", flag_value="sarif", help="Answer in SARIF 2.1.0."),
    click.option("--markdown", "form", flag_value="markdown", help="Answer in Markdown."),
)
"""The forms of an answer that scans and audits share."""

JUDGED = (
    click.option("--strict", is_flag=True, help="Also what a security reviewer wants to see."),
    click.option("--pedantic", is_flag=True, help="Also hygiene."),
    click.option(
        "--fail-on",
        type=click.Choice([*Severity.words(), "never"]),
        default="medium",
        show_default=True,
        help="Exit with 1 from this severity on.",
    ),
    click.option("--ignore", type=FILE, metavar="FILE", help="Accepted findings (docs/scan.md)."),
    click.option(
        "--write-ignore",
        type=TARGET,
        metavar="FILE",
        help="Write an ignore file that accepts what was found.",
    ),
    click.option("--quiet", "-q", is_flag=True, help="No progress."),
)
"""What counts as a finding, and what was accepted earlier."""

WHERE = (
    click.option("--root", type=FOLDER, metavar="DIR", help="Take DIR as the / of another system."),
    click.option("--home", type=FOLDER, metavar="DIR", help="Look at this home, not at yours."),
    click.option(
        "--project",
        "projects",
        type=FOLDER,
        multiple=True,
        metavar="DIR",
        help="A project folder; default: the current one and those that clients know.",
    ),
    click.option(
        "--client", "clients", multiple=True, metavar="ID", help="Only this client; may repeat."
    ),
    click.option(
        "--clients-file",
        "tables",
        type=FILE,
        multiple=True,
        metavar="FILE",
        help="A client record of your own (see docs/clients.md).",
    ),
    click.option(
        "--surface",
        "surfaces",
        type=FILE,
        multiple=True,
        metavar="FILE",
        help="Judge a captured surface instead of this machine; may repeat.",
    ),
    click.option(
        "--config",
        "configs",
        type=PASTE,
        multiple=True,
        metavar="FILE",
        help="Judge a configuration before it is added to a client: a file, a saved page or - for "
        "standard input; may repeat. With --client ID, beside what that client already has.",
    ),
    click.option(
        "--memory",
        type=TARGET,
        metavar="FILE",
        help="Keep surfaces here; default: your state folder.",
    ),
    click.option("--no-memory", is_flag=True, help="Neither read nor keep surfaces."),
)


def with_options(*groups: tuple[Callable[[Command], Command], ...]) -> Callable[[Command], Command]:
    """Decorate a command with groups of options, in reading order."""

    def decorate(command: Command) -> Command:
        for group in reversed(groups):
            for option in reversed(group):
                command = option(command)
        return command

    return decorate


@dataclass(frozen=True, slots=True)
class Folders:
    """Where Ostiary keeps its own things, by the XDG base directory rules."""

    state: Path
    cache: Path

    @property
    def memory(self) -> Path:
        """The file of surfaces seen."""
        return self.state / "memory.sqlite"

    @property
    def evidence(self) -> Path:
        """The folder of what audits told of tools."""
        return self.state / "evidence"


def folders() -> Folders:
    """The caller's folders. Nothing is created here."""
    home = Path.home()
    state = Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return Folders(state / "ostiary", cache / "ostiary")


def request(
    *,
    root: Path | None,
    home: Path | None,
    memory: Path | None,
    no_memory: bool,
    grants: tuple[str, ...] = (),
    persona: Persona = Persona.DEFAULT,
    **rest: Any,
) -> ScanRequest:
    """The scan request that a set of options means. Raises ``click.UsageError``."""
    if root is not None and home is not None:
        raise click.UsageError("--root and --home exclude each other; --root looks at all homes")
    _exclusive(rest)
    if math.isnan(rest.get("seconds", 1.0)):
        raise click.UsageError("--seconds must be a number of seconds")
    own = folders()
    elsewhere = root is not None or home is not None
    if no_memory:
        kept = None
    elif memory is not None:
        kept = memory
    else:
        kept = None if elsewhere or rest.get("surfaces") else own.memory
    try:
        granted = tuple(Grant.parse(text) for text in grants)
    except UnclearGrant as error:
        raise click.UsageError(str(error)) from None
    return ScanRequest(
        root=root,
        home=home,
        memory=kept,
        memory_named=memory is not None,
        audits=None if elsewhere else own.evidence,
        cache=own.cache,
        grants=granted,
        persona=persona,
        today=date.today(),
        **rest,
    )


def _exclusive(rest: dict[str, Any]) -> None:
    configs: tuple[Path, ...] = rest.get("configs", ())
    if configs and rest.get("surfaces"):
        raise click.UsageError("--config and --surface are judged apart; scan once for each")
    if configs and len(rest.get("clients", ())) > 1:
        raise click.UsageError("--config is judged beside one client; name one with --client")
    if len(set(configs)) < len(configs):
        raise click.UsageError("--config names one place twice")


def interactive() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def account() -> str:
    """Who runs this, by the system's word for it and never by the environment's. In a container a
    user may have no name."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid{os.geteuid()}"
