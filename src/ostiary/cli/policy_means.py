"""What the commands of ``ostiary policy`` share: the policy, what is approved, the record."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ostiary.model.visible import visible

if TYPE_CHECKING:
    from ostiary.gateway.settings import Settings
    from ostiary.ledger.reading import Record
    from ostiary.model.asked import Asked, Target
    from ostiary.policy.program import Program
    from ostiary.policy.replay import Change


class BadFile(click.ClickException):
    """A file or an option cannot be used. The message says which and why."""

    exit_code = 2


def program_of(place: Settings, preset: str | None, files: tuple[Path, ...]) -> Program:
    """The policy that options and settings name. Raises ``BadPolicy`` and :class:`BadFile`."""
    from dataclasses import replace  # noqa: PLC0415 - heavy

    from ostiary.gateway.policy_files import policy_sources, policy_text  # noqa: PLC0415
    from ostiary.model.setting import BadSetting  # noqa: PLC0415
    from ostiary.policy.settings import PolicySettings, compiled  # noqa: PLC0415
    from ostiary.policy.statements import Source  # noqa: PLC0415

    chosen = place.policy
    try:
        if preset is not None:
            named = PolicySettings.from_table({"preset": preset})
            chosen = replace(chosen, preset=named.preset)
        sources = (
            [Source(str(path), policy_text(path)) for path in files]
            if files
            else policy_sources(chosen, place.folder)
        )
    except BadSetting as error:
        raise BadFile(str(error)) from None
    return compiled(chosen, sources)


def usable(place: Settings, preset: str | None, files: tuple[Path, ...]) -> Program:
    """As :func:`program_of`, where a policy that cannot be used ends the command."""
    from ostiary.policy.rules import BadPolicy  # noqa: PLC0415 - heavy

    try:
        return program_of(place, preset, files)
    except BadPolicy as bad:
        raise BadFile(f"the policy cannot be used: {bad}") from None


def approved(
    place: Settings,
) -> tuple[dict[tuple[str, str, str], Target], frozenset[str] | None]:
    """Approved things by server, kind and name, and approved servers if the lock can be read."""
    from dataclasses import replace  # noqa: PLC0415 - heavy

    from ostiary.catalogue.book import load_lock  # noqa: PLC0415
    from ostiary.catalogue.failure import LockMissing, LockProblem  # noqa: PLC0415
    from ostiary.model.asked import Target  # noqa: PLC0415

    try:
        lock = load_lock(place.approvals)
    except LockMissing:
        return {}, None
    except LockProblem as problem:
        click.echo(f"approvals are not taken into account: {problem}", err=True)
        return {}, None
    found = {}
    for one in lock.approvals:
        whole = Target(one.server, "server", one.server, owner=one.owner, review_by=one.review_by)
        found[one.server, "server", one.server] = whole
        for item in one.items:
            found[one.server, item.kind, item.name] = replace(
                whole,
                kind=item.kind,
                name=item.name,
                digest=item.digest,
                levels=item.levels,
                labels=item.labels,
            )
    return found, frozenset(one.server for one in lock.approvals)


def asked_of(asking: dict[str, Any], approved: dict[tuple[str, str, str], Target]) -> Asked:
    """The request that the options of ``explain`` describe."""
    from ostiary.policy.cases import BadCase, read_cases  # noqa: PLC0415 - heavy

    row = {
        "who": asking["who"],
        "groups": list(asking["groups"]),
        "scopes": list(asking["scopes"]),
        "agent": asking["agent"],
        "client": asking["client"],
        "expect": "allow",
    }
    texts = {"does": "verb", "owner": "owner", "review_by": "review_by", "at": "at"}
    things = {one: one for one in ("server", "tool", "prompt", "resource")}
    row |= {name: asking[option] for name, option in (texts | things).items() if asking[option]}
    for name in ("levels", "labels"):
        if asking[name] is not None:
            row[name] = [one.strip() for one in asking[name].split(",") if one.strip()]
    try:
        row["arguments"] = json.loads(asking["arguments"])
    except ValueError as error:
        raise click.UsageError(f"--arguments is no JSON: {error}") from None
    try:
        return read_cases({"case": [row]}, approved, time.time())[0].asked
    except (BadCase, ValueError) as error:
        raise click.UsageError(str(error).removeprefix("case 1: ")) from None


def requests(ledger: Path, since: str | None) -> Iterable[Record]:
    """Requests and refusals of the record, oldest first."""
    from ostiary.ledger.reading import records  # noqa: PLC0415 - heavy
    from ostiary.ledger.wanted import UnclearTime, when  # noqa: PLC0415

    if not ledger.is_dir():
        raise BadFile(f"there is no record at {ledger}; name it with --ledger")
    try:
        begin = when(since, time.time()) if since else None
        for record in records(ledger):
            if record.kind in ("request", "refused") and (begin is None or record.at >= begin):
                yield record
    except UnclearTime as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise BadFile(f"the record at {ledger} cannot be read: {error}") from None


def change_json(change: Change) -> dict[str, object]:
    """One replayed request, for ``--json``."""
    from ostiary.policy.replay import NotChecked  # noqa: PLC0415 - heavy

    event = change.event
    told: dict[str, object] = {
        name: event.get(name, "")
        for name in ("at", "call", "principal", "agent", "server", "method", "thing")
    }
    if isinstance(change.now, NotChecked):
        return {**told, "was": change.was, "not_checked": change.now.why}
    return {
        **told,
        "was": change.was,
        "now": change.now.effect.value,
        "rules": [one.rule for one in change.now.reasons],
        "why": change.now.reasons[0].text,
    }


def change_line(change: Change) -> str:
    """One replayed request, for people."""
    told = change_json(change)
    at = told["at"] if isinstance(told["at"], int | float) else 0
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at))
    what = f"{when}  {told['principal']}  {told['server']}  {told['thing']}"
    if "not_checked" in told:
        return visible(f"not checked  {what}: {told['not_checked']}", 500)
    return visible(f"{told['was']} -> {told['now']}  {what}: {told['why']}", 500)
