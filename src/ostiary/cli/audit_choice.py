"""What ``ostiary audit`` was asked for, from its arguments and options."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ostiary.audit.asked import Bounds
from ostiary.audit.cache import Cache
from ostiary.audit.order import Adviser, Order
from ostiary.cli.exit_codes import WRONG_USE
from ostiary.cli.options import folders
from ostiary.model.audit import Context, Deployment, Profile, TargetKind
from ostiary.model.grade import Persona
from ostiary.model.surface import Surface
from ostiary.store.given import UnusableFile, read_given
from ostiary.supply.artifact.name import NoTarget, parse_target
from ostiary.supply.artifact.options import AcquireOptions

if TYPE_CHECKING:
    from ostiary.model.finding import Finding
    from ostiary.model.goal import Goal
    from ostiary.model.scan import Suppressed
    from ostiary.scan.ignore import Acceptance

AUDIT_DB = "audit-db"
"""The format that is a folder."""
LARGEST_LIST = 16 * 1024 * 1024
LARGEST_GOALS = 1024 * 1024


class CannotUse(click.ClickException):
    """A file that was handed in cannot be used. The message says what to do."""

    exit_code = WRONG_USE


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything that was asked for."""

    targets: tuple[str, ...]
    order: Order
    context: Context
    bounds: Bounds
    jobs: int
    cache: Cache | None
    fresh: bool
    against: str
    earlier: tuple[str, ...]
    adviser: Adviser | None
    persona: Persona
    acceptances: tuple[Acceptance, ...]
    quiet: bool

    def accepting(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Suppressed]]:
        """Findings for this reader, parted from those that were accepted."""
        from ostiary.scan.ignore import accept  # noqa: PLC0415 - once something was found

        shown = [one for one in findings if one.persona <= self.persona]
        return accept(shown, self.acceptances, self.order.now.date())


def choice(targets: tuple[str, ...], given: dict[str, Any]) -> Choice:
    """What the options mean. Raises ``click.ClickException``."""
    every = tuple(dict.fromkeys((*targets, *_listed(given["listed"]))))
    if not every:
        raise click.UsageError("name a TARGET, or a list of them with --from FILE")
    if given["against"] and len(every) != 1:
        raise click.UsageError("--against compares one TARGET with its earlier version")
    if given["concerns"] and not given["against"]:
        raise click.UsageError("--concern is answered by a comparison; name --against TARGET")
    if given["against"] and given["earlier"]:
        raise click.UsageError(
            "--against compares two versions, --earlier tells them all: take one"
        )
    if given["earlier"] and len(every) != 1:
        raise click.UsageError("--earlier tells the history of one TARGET")
    if given["surface"] and len(every) != 1:
        raise click.UsageError("--surface is what one server showed; name one TARGET")
    own = folders()
    acquire = AcquireOptions(
        cache=own.cache / "artifacts",
        may_fetch=not given["offline"],
        attestation=given["attestation"],
    )
    return Choice(
        targets=every,
        order=Order(
            now=datetime.now(UTC).replace(microsecond=0),
            acquire=acquire,
            advisories=given["advisories"],
            recorded=_recorded(given["surface"]),
            compare_source=given["compare_source"],
        ),
        context=_context(given),
        bounds=Bounds(seconds=given["timeout"]),
        jobs=given["jobs"] or os.cpu_count() or 1,
        cache=None if given["no_cache"] else Cache(own.state / "audits"),
        fresh=given["fresh"],
        against=_earlier(given["against"] or "", every[0]),
        earlier=tuple(_earlier(f"@{one}", every[0]) for one in given["earlier"]),
        adviser=_adviser(given["asked"]),
        persona=_persona(given),
        acceptances=_accepted(given["ignore"]),
        quiet=given["quiet"],
    )


def _earlier(against: str, target: str) -> str:
    """The earlier version: a target, or ``@VERSION`` for another one of the same. A folder with a
    history is read at a revision of it."""
    if not against.startswith("@"):
        return against
    version = against[1:]
    try:
        asked = parse_target(target)
        if asked.kind is TargetKind.FOLDER and (Path(asked.name) / ".git").exists():
            named = f"git+{Path(asked.name).absolute().as_uri()}@{version}"
        elif asked.kind is TargetKind.GIT:
            below = f"#subdirectory={asked.subfolder}" if asked.subfolder else ""
            named = f"git+{asked.name}@{version}{below}"
        elif asked.kind in (TargetKind.NPM, TargetKind.PYPI) and not asked.archive:
            named = f"{asked.kind.value}:{asked.name}@{version}"
        else:
            raise click.UsageError(f"{target} has no other versions; name the earlier one itself")
        parse_target(named)
    except NoTarget as error:
        raise click.UsageError(str(error)) from None
    return named


def _listed(file: Path | None) -> Iterable[str]:
    """Targets in a file, one a line; a line that begins with ``#`` is a comment."""
    if file is None:
        return ()
    with file.open("rb") as opened:
        data = opened.read(LARGEST_LIST + 1)
    if len(data) > LARGEST_LIST:
        raise click.UsageError(f"{file} is larger than {LARGEST_LIST:,} bytes; split it")
    lines = (line.strip() for line in data.decode("utf-8", "replace").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _recorded(file: Path | None) -> Surface | None:
    if file is None:
        return None
    from ostiary.scan.inputs import captured  # noqa: PLC0415 - few audits have a surface

    try:
        found = captured(file)
    except UnusableFile as error:
        raise CannotUse(str(error)) from None
    if len(found) != 1:
        raise click.UsageError(f"{file} holds {len(found)} surfaces; give that of the target")
    return found[0]


def _accepted(file: Path | None) -> tuple[Acceptance, ...]:
    if file is None:
        return ()
    from ostiary.scan.inputs import accepted  # noqa: PLC0415 - few audits accept anything

    try:
        return accepted(file)
    except UnusableFile as error:
        raise CannotUse(str(error)) from None


def _adviser(command: str | None) -> Adviser | None:
    if command is None:
        return None
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise click.UsageError(f"--ask {command!r} is no command: {error}") from None
    if not words:
        raise click.UsageError("--ask needs a command")
    return Adviser(words)


def _context(given: dict[str, Any]) -> Context:
    countries = tuple(dict.fromkeys(one.strip().upper() for one in given["countries"]))
    for one in countries:
        if not (len(one) == 2 and one.isascii() and one.isalpha()):
            raise click.UsageError(f"--country {one!r} is no two-letter code of a country")
    return Context(
        deployment=Deployment(given["deployment"]),
        profile=Profile(given["profile"]),
        countries=countries,
        concern="\n".join(given["concerns"]),
        goals=_goals(given["goals"]),
    )


def _goals(file: Path | None) -> tuple[Goal, ...]:
    if file is None:
        return ()
    from ostiary.audit.goals import (  # noqa: PLC0415 - it knows every rule; few have goals
        UnreadableGoals,
        read_goals,
    )

    try:
        return read_goals(read_given(file, LARGEST_GOALS).decode("utf-8"), str(file))
    except UnicodeDecodeError as error:
        raise CannotUse(f"{file}: byte {error.start} is not valid UTF-8") from None
    except (UnreadableGoals, UnusableFile) as error:
        raise CannotUse(str(error)) from None


def _persona(given: dict[str, Any]) -> Persona:
    if given["pedantic"]:
        return Persona.PEDANTIC
    return Persona.STRICT if given["strict"] else Persona.DEFAULT
