"""``ostiary policy``: check, test and explain the policy, and try a changed one on the record."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path
from typing import Any

import click

from ostiary.cli.answer import put
from ostiary.cli.exit_codes import FINE, FOUND, INCOMPLETE
from ostiary.cli.gateway_options import WHERE, read
from ostiary.cli.options import FILE, JSON, TARGET, with_options
from ostiary.cli.policy_means import (
    BadFile,
    approved,
    asked_of,
    change_json,
    change_line,
    program_of,
    requests,
    usable,
)
from ostiary.model.visible import visible

FILES = click.argument("files", nargs=-1, type=FILE, metavar="[FILE]...")

POLICY = (
    click.option(
        "--preset", metavar="NAME", help="This preset (open, read-only, team, regulated or none)."
    ),
    *WHERE,
)


@click.group("policy", context_settings={"max_content_width": 100})
def command() -> None:
    """Check, test and explain the policy; try a changed one on what happened.

    Policies are the preset and the files that [policy] of the settings names. FILEs given to a
    command stand in for the files of the settings.
    """


@command.command("show")
@click.argument("name", metavar="NAME")
@JSON
def show(name: str, as_json: bool) -> None:
    """Print a preset, or `schema`: everything that a policy can speak of."""
    from ostiary.policy.presets import PRESETS  # noqa: PLC0415 - heavy
    from ostiary.policy.schema import SCHEMA  # noqa: PLC0415

    texts = {one.name: one.text for one in PRESETS} | {"schema": SCHEMA}
    if name not in texts:
        raise BadFile(f"there is no {name!r}; there are {', '.join(texts)}")
    put(json.dumps({"name": name, "text": texts[name]}) if as_json else texts[name], None)


@command.command("check")
@FILES
@with_options(POLICY)
@JSON
def check(
    *,
    files: tuple[Path, ...],
    preset: str | None,
    settings: Path | None,
    state: Path | None,
    as_json: bool,
) -> None:
    """Parse and validate policies, and tell which rules do not do what they seem to.

    Exit codes: 0 fine, 1 a rule is wrong or probably not meant so.
    """
    from ostiary.policy.lint import Known, lint  # noqa: PLC0415 - heavy
    from ostiary.policy.rules import BadPolicy  # noqa: PLC0415

    place = read(settings, state)
    try:
        program = program_of(place, preset, files)
    except BadPolicy as bad:
        row = {"rule": "", "place": bad.place, "text": bad.why, "serious": True}
        put(json.dumps({"valid": False, "notes": [row]}) if as_json else f"wrong  {bad}", None)
        raise SystemExit(FOUND) from None
    things, servers = approved(place)
    kinds = {"tool": "Tool", "prompt": "Prompt"}
    known = Known(
        servers=servers,
        things=None
        if servers is None
        else frozenset((kinds[k], f"{s}/{n}") for s, k, n in things if k in kinds),
    )
    notes = lint(program, known)
    if as_json:
        rows = [
            {"rule": one.rule, "place": one.place, "text": one.text, "serious": one.serious}
            for one in notes
        ]
        put(json.dumps({"valid": True, "version": program.version, "notes": rows}, indent=2), None)
    else:
        lines = [
            f"{'wrong ' if one.serious else 'note  '} {one.place} ({one.rule}): {one.text}"
            for one in notes
        ]
        lines.append(f"{len(program.rules)} rules fit the schema; version {program.version[:12]}")
        put("\n".join(lines), None)
    raise SystemExit(FOUND if any(one.serious for one in notes) else FINE)


@command.command("test")
@click.argument("table", type=FILE, metavar="CASES")
@FILES
@with_options(POLICY)
@JSON
def test(
    *,
    table: Path,
    files: tuple[Path, ...],
    preset: str | None,
    settings: Path | None,
    state: Path | None,
    as_json: bool,
) -> None:
    """Hold the policy to a table of requests (TOML or JSON) and what should become of each.

    Exit codes: 0 all as expected, 1 not.
    """
    from ostiary.policy.cases import BadCase, read_cases, run  # noqa: PLC0415 - heavy
    from ostiary.policy.judge import PolicyJudge  # noqa: PLC0415

    place = read(settings, state)
    judge = PolicyJudge(usable(place, preset, files))
    try:
        text = table.read_text(encoding="utf-8")
        document = json.loads(text) if table.suffix == ".json" else tomllib.loads(text)
        if not isinstance(document, dict):
            raise BadCase("a table is needed")
        outcomes = run(read_cases(document, approved(place)[0], time.time()), judge)
    except (OSError, ValueError) as error:
        raise BadFile(f"{table}: {error}") from None
    failed = [one for one in outcomes if one.faults]
    if as_json:
        rows = [
            {
                "says": one.case.says,
                "effect": one.decision.effect.value,
                "rules": [reason.rule for reason in one.decision.reasons],
                "faults": list(one.faults),
            }
            for one in outcomes
        ]
        put(json.dumps({"cases": rows, "failed": len(failed)}, indent=2), None)
    else:
        lines = [
            f"wrong  {visible(one.case.says, 200)}: {'; '.join(one.faults)}\n"
            f"       {visible(one.decision.reasons[0].text, 300)}"
            for one in failed
        ]
        lines.append(f"{len(outcomes) - len(failed)} of {len(outcomes)} as expected")
        put("\n".join(lines), None)
    raise SystemExit(FOUND if failed else FINE)


@command.command("explain")
@FILES
@click.option("--as", "who", default="local:somebody", metavar="ID", help="The principal.")
@click.option("--group", "groups", multiple=True, metavar="NAME", help="It is in; may repeat.")
@click.option("--scope", "scopes", multiple=True, metavar="NAME", help="It has; may repeat.")
@click.option("--agent", default="", metavar="ID", help="The agent that acts for it.")
@click.option("--client", default="", metavar="ID", help="The application it uses.")
@click.option("--server", metavar="NAME", help="About this server.")
@click.option("--tool", metavar="SERVER/NAME", help="About this tool.")
@click.option("--prompt", metavar="SERVER/NAME", help="About this prompt.")
@click.option("--resource", metavar="SERVER/URI", help="About this resource.")
@click.option("--verb", metavar="VERB", help="see, call, get, read …; default: its usual use.")
@click.option("--arguments", default="{}", metavar="JSON", help="What is sent.")
@click.option("--levels", metavar="LEVEL,...", help="Levels, whatever the lock says.")
@click.option("--labels", metavar="LABEL,...", help="Labels, whatever the lock says.")
@click.option("--owner", metavar="NAME", help="Its owner, whatever the lock says.")
@click.option("--review-by", metavar="DATE", help="Review date, whatever the lock says.")
@click.option("--at", metavar="TIME", help="At this time (UTC); default: now.")
@click.option("--all", "every", is_flag=True, help="Also rules about other things.")
@with_options(POLICY)
@JSON
def explain(
    *,
    files: tuple[Path, ...],
    preset: str | None,
    settings: Path | None,
    state: Path | None,
    every: bool,
    as_json: bool,
    **asking: Any,
) -> None:
    """Tell what would become of one request, and which rules say so.

    Levels, labels, owner and review date come from the lock, if it holds the thing.
    """
    from ostiary.policy.explained import explain as explained  # noqa: PLC0415 - heavy

    place = read(settings, state)
    program = usable(place, preset, files)
    asked = asked_of(asking, approved(place)[0])
    found = explained(program, asked)
    if not as_json:
        put("\n".join(visible(line, 500) for line in found.lines(every=every)), None)
        return
    decision = found.decision
    answer = {
        "asked": found.asked,
        "effect": decision.effect.value,
        "hidden": decision.hidden,
        "reasons": [
            {"rule": one.rule, "text": one.text, "remedy": one.remedy} for one in decision.reasons
        ],
        "obligations": {one.name: one.value for one in decision.obligations},
        "rules": [
            {"rule": rule.id, "place": rule.place, "kind": rule.kind.value, "match": match.value}
            for rule, match in found.matches
        ],
    }
    put(json.dumps(answer, indent=2), None)


@command.command("simulate")
@FILES
@click.option("--ledger", type=TARGET, metavar="DIR", help="The record; default: the settings'.")
@click.option("--since", metavar="TIME", help="From here on: 2026-11-21T10:00, 90m, 7d.")
@with_options(POLICY)
@JSON
def simulate(
    *,
    files: tuple[Path, ...],
    ledger: Path | None,
    since: str | None,
    preset: str | None,
    settings: Path | None,
    state: Path | None,
    as_json: bool,
) -> None:
    """Replay the record against this policy and show which requests would fare otherwise.

    Exit codes: 0 none, 1 some, 3 none among those that could be judged, but some could not.
    """
    from ostiary.policy.judge import PolicyJudge  # noqa: PLC0415 - heavy
    from ostiary.policy.replay import NotChecked, replay  # noqa: PLC0415

    place = read(settings, state)
    judge = PolicyJudge(usable(place, preset, files))
    changes = [
        change
        for record in requests(ledger or place.ledger.path, since)
        if (change := replay(record.fields, judge)) is not None
    ]
    differing = [one for one in changes if one.differs]
    unknown = [one for one in changes if isinstance(one.now, NotChecked)]
    if as_json:
        answer = {
            "requests": len(changes),
            "differ": [change_json(one) for one in differing],
            "not_checked": [change_json(one) for one in unknown],
        }
        put(json.dumps(answer, indent=2), None)
    else:
        lines = [change_line(one) for one in (*differing, *unknown)]
        judged = len(changes) - len(unknown)
        lines.append(
            f"{len(differing)} of {judged} requests would fare otherwise"
            + (f"; {len(unknown)} were not checked" if unknown else "")
        )
        put("\n".join(lines), None)
    raise SystemExit(FOUND if differing else INCOMPLETE if unknown else FINE)
