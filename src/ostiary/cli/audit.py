"""``ostiary audit``: a verdict on servers before anybody trusts them, with the evidence."""

from __future__ import annotations

from typing import Any

import click

from ostiary.cli.audit_begun import Begun
from ostiary.cli.audit_choice import AUDIT_DB, choice
from ostiary.cli.options import FILE, FOLDER, FORM, JUDGED, TARGET, with_options
from ostiary.model.audit import Deployment, Profile
from ostiary.report.audit import AUDIT_FORMATS

FOR_OTHERS = ("osv", "receipt", AUDIT_DB)
"""Formats that are published, and speak for no one reader."""
FORMS = (*(one.name for one in AUDIT_FORMATS), AUDIT_DB)

WHAT = (
    click.option(
        "--from", "listed", type=FILE, metavar="FILE", help="Also every target in FILE, one a line."
    ),
    click.option(
        "--against",
        metavar="TARGET",
        help="Compare with an earlier version, in words: a target, or @VERSION of the same one.",
    ),
    click.option(
        "--concern",
        "concerns",
        multiple=True,
        metavar="TEXT",
        help="A worry that --against answers; may repeat.",
    ),
    click.option(
        "--earlier",
        multiple=True,
        metavar="REVISION",
        help="Also tell what this revision of it declared; may repeat, oldest first.",
    ),
    click.option(
        "--surface",
        type=FILE,
        metavar="FILE",
        help="What the running server showed (a tools/list answer, or a file of `scan --record`), "
        "held against the code.",
    ),
    click.option(
        "--advisories", type=FOLDER, metavar="DIR", help="Known advisories: OSV records, or zips."
    ),
    click.option(
        "--attestation", type=FILE, metavar="FILE", help="A Sigstore bundle of yours to verify."
    ),
    click.option(
        "--compare-source",
        is_flag=True,
        help="Fetch the repository that a package names, and compare.",
    ),
    click.option(
        "--ask",
        "asked",
        metavar="COMMAND",
        help="Hand the findings to a program, usually a model; it may question and explain, never "
        "clear (docs/audit.md).",
    ),
    click.option("--offline", is_flag=True, help="Ask nothing of the network."),
)
READER = (
    click.option(
        "--context",
        "deployment",
        type=click.Choice([one.value for one in Deployment]),
        default=Deployment.LAPTOP.value,
        show_default=True,
        help="Where it would run.",
    ),
    click.option(
        "--profile",
        type=click.Choice([one.value for one in Profile]),
        default=Profile.OPEN.value,
        show_default=True,
        help="Who would use it.",
    ),
    click.option(
        "--country",
        "countries",
        multiple=True,
        metavar="CC",
        help="Data may go to this country only; may repeat.",
    ),
    click.option(
        "--goals",
        type=FILE,
        metavar="FILE",
        help="What you want of every server besides (docs/audit.md).",
    ),
)
MEANS = (
    click.option(
        "--jobs", type=click.IntRange(1, 64), metavar="N", help="Targets at once; default: cores."
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(1, 3600),
        default=45,
        show_default=True,
        metavar="S",
        help="Seconds of processor time for reading the code of each target.",
    ),
    click.option("--fresh", is_flag=True, help="Read everything again, whatever was kept."),
    click.option("--no-cache", is_flag=True, help="Neither use nor keep readings."),
)
ANSWER = (
    *FORM,
    click.option(
        "--format", "form", type=click.Choice(FORMS), help="Answer in this format (docs/audit.md)."
    ),
    click.option("--html", type=TARGET, metavar="FILE", help="Also write an HTML page."),
    click.option(
        "--output", type=TARGET, metavar="FILE", help="Write the answer to FILE, or into a folder."
    ),
    click.option(
        "--auditor", metavar="NAME", help="GitHub account that answers for --format audit-db."
    ),
    *JUDGED,
)


@click.command("audit")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@with_options(WHAT, READER, MEANS, ANSWER)
def command(targets: tuple[str, ...], **options: Any) -> None:
    """Read the code of servers and say whether to use them, with limits and evidence.

    TARGET is npm:NAME@VERSION, pypi:NAME==VERSION, a folder, git+https://HOST/REPOSITORY@REVISION,
    a file ending in .mcpb, .tgz, .whl, .zip or .tar, or an image on disk. Nothing of it runs.
    """
    if options["form"] == AUDIT_DB and not (options["output"] and options["auditor"]):
        raise click.UsageError(f"--format {AUDIT_DB} needs --auditor NAME and --output FOLDER")
    if options["goals"] and options["form"] in FOR_OTHERS:
        raise click.UsageError(
            f"--format {options['form']} is read by others, who do not have your --goals; leave "
            "one of them out"
        )
    wanted = choice(targets, options)
    with Begun(wanted) as begun:
        from ostiary.cli.audit_answer import answer  # noqa: PLC0415 - imported while workers read

        raise SystemExit(answer(begun, wanted, options))
