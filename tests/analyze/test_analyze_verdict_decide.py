"""The verdict, its reasons, and the limits that ``ostiary approve`` takes over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import click
import pytest

from ostiary.analyze.verdict.coverage import Coverage
from ostiary.analyze.verdict.decide import Case, decide
from ostiary.analyze.verdict.options import approve_options
from ostiary.analyze.verdict.weigh import weigh
from ostiary.approval.wish import Wish, matches
from ostiary.cli.approve import command, wish
from ostiary.model.access import Level
from ostiary.model.audit import (
    Context,
    Deployment,
    Limits,
    Profile,
    Proof,
    Standing,
    ToolReach,
    Verdict,
    VerdictKind,
)
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Severity
from ostiary.model.outcome import NotChecked
from ostiary.model.rule import Category
from report.audited import (
    ASK,
    ESCAPE,
    HOSTILE_CODE,
    INJECT,
    LOG,
    OPEN,
    READ,
    SLOPPY,
    WELL_READ,
    at,
    can,
    flow,
    reach,
    rule,
)

GAP = NotChecked("lib/core.node", "machine code")
ESCAPES = flow(ESCAPE, "read_note", "path leaves the folder")
INJECTS = flow(INJECT, "git_log", "path becomes an option")


def verdict(
    *findings: Finding,
    tools: tuple[ToolReach, ...] = (READ, ASK),
    context: Context | None = None,
    coverage: Coverage = WELL_READ,
    gaps: tuple[NotChecked, ...] = (),
    proofs: tuple[Proof, ...] = (),
    folders: tuple[str, ...] = (),
) -> Verdict:
    context = context or Context()
    weighed = weigh(findings, tools, context)
    return decide(Case(weighed, gaps, tools, context, coverage, proofs, folders))


def test_a_server_with_nothing_grave_is_to_use() -> None:
    found = verdict(SLOPPY.finding("reads any size", at("a.ts", 1)))
    assert found.kind is VerdictKind.USE
    assert found.confidence is Confidence.HIGH
    assert "1 lighter finding sets no" in found.reasons[0].says


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("severity", [Severity.MEDIUM, Severity.HIGH])
@pytest.mark.parametrize("reference", ["CWE-1327", "CWE-346"])
def test_what_strangers_can_call_sets_a_condition_whoever_reads(
    profile: Profile, severity: Severity, reference: str
) -> None:
    is_open = rule("open-to-strangers", severity, reference, category=Category.TRANSPORT)
    found = verdict(is_open.finding("listens", at("a.ts", 1)), context=Context(profile=profile))
    assert found.kind is VerdictKind.USE_WITH_LIMITS
    assert any("behind the gateway" in one for one in found.limits.notes)


def test_what_is_light_or_of_another_kind_sets_none_on_a_laptop() -> None:
    light = rule("open-to-strangers", Severity.LOW, "CWE-1327", category=Category.TRANSPORT)
    other = rule("tls-off", Severity.MEDIUM, "CWE-295", category=Category.TRANSPORT)
    for one in (light, other):
        assert verdict(one.finding("says", at("a.ts", 1))).kind is VerdictKind.USE


@pytest.mark.proves("MR-45")
@pytest.mark.parametrize(
    "coverage",
    [
        Coverage(),
        Coverage(files=2, unsupported=("Go",), mostly_unsupported=True),
    ],
)
def test_it_is_never_use_where_the_source_was_not_read(coverage: Coverage) -> None:
    for profile in Profile:
        found = verdict(coverage=coverage, context=Context(profile=profile))
        assert found.kind is VerdictKind.NOT_ENOUGH
        assert found.confidence is Confidence.LOW
        assert "was not read" in found.reasons[0].says
        assert found.reasons[0].changes_if
        assert not found.limits.any


def test_too_few_tools_with_code_are_not_enough() -> None:
    dark = tuple(reach(f"t{number}", found=False) for number in range(3))
    found = verdict(tools=(READ, *dark), gaps=(GAP,))
    assert found.kind is VerdictKind.NOT_ENOUGH
    assert "3 of 4 tools" in found.reasons[0].says
    assert verdict(tools=(READ, ASK, LOG, dark[0])).kind is not VerdictKind.NOT_ENOUGH


def test_no_tool_found_with_gaps_is_not_enough() -> None:
    assert verdict(tools=(), gaps=(GAP,)).kind is VerdictKind.NOT_ENOUGH


@pytest.mark.proves("SA-13")
def test_hostile_code_is_not_to_use_even_where_little_was_read() -> None:
    hostile = flow(HOSTILE_CODE, "ask", "every mail is copied")
    for coverage in (WELL_READ, Coverage()):
        found = verdict(hostile, coverage=coverage)
        assert found.kind is VerdictKind.DO_NOT_USE
        assert found.reasons[0].findings == (hostile.fingerprint,)
        assert approve_options(found.limits) == ()


def test_a_weak_sign_of_hostile_code_is_told_and_decides_nothing() -> None:
    weak = flow(HOSTILE_CODE, "ask", "may copy mail", confidence=Confidence.LOW)
    found = verdict(weak)
    assert found.kind is VerdictKind.NOT_ENOUGH
    assert "not sure" in found.reasons[0].says


def test_a_failed_proof_is_not_to_use() -> None:
    found = verdict(proofs=(Proof("index digest", Standing.FAILED, "sha512 differs"),))
    assert found.kind is VerdictKind.DO_NOT_USE
    assert "index digest failed: sha512 differs" in found.reasons[0].says


@pytest.mark.proves("SA-22")
def test_a_flaw_of_one_tool_switches_that_tool_off() -> None:
    found = verdict(INJECTS, tools=(READ, ASK, LOG))
    assert found.kind is VerdictKind.USE_WITH_LIMITS
    assert found.limits.tools_off == ("git_log",)
    assert INJECTS.fingerprint in found.reasons[0].findings


def test_a_server_whose_every_tool_is_off_is_not_to_use() -> None:
    found = verdict(INJECTS, tools=(LOG,))
    assert found.kind is VerdictKind.DO_NOT_USE


def test_a_grave_flaw_of_no_tool_that_nothing_holds_is_not_to_use() -> None:
    found = verdict(INJECT.finding("import runs a command", at("a.ts", 1)))
    assert found.kind is VerdictKind.DO_NOT_USE


FETCHES = rule("downloaded-code-runs", Severity.HIGH, "CWE-494", category=Category.SUPPLY)
INSTALLS = rule("install-script-fetch", Severity.HIGH, "CWE-494", category=Category.SUPPLY)


def test_one_grave_thing_at_two_places_is_one_reason() -> None:
    twice = [HOSTILE_CODE.finding("sends a copy", at("a.ts", line)) for line in (1, 9)]
    (reason,) = verdict(*twice).reasons
    assert reason.says == "a.ts:1: sends a copy (and at 1 more place)"


def test_code_that_is_fetched_while_it_runs_is_not_what_was_approved() -> None:
    found = verdict(FETCHES.finding("runs what it fetched", at("a.ts", 1)))
    assert found.kind is VerdictKind.DO_NOT_USE
    found = verdict(FETCHES.finding("runs what it fetched", at("a.ts", 1, "ask")))
    assert (found.kind, found.limits.tools_off) == (VerdictKind.USE_WITH_LIMITS, ("ask",))


def test_scripts_of_an_installation_are_left_out_by_approving() -> None:
    found = verdict(INSTALLS.finding("fetches by installing", at("package.json", 1)))
    assert found.kind is VerdictKind.USE_WITH_LIMITS
    assert any("without its scripts" in note for note in found.limits.notes)


def test_how_much_is_borne_depends_on_the_reader() -> None:
    open_, bank = Context(), Context(Deployment.LAPTOP, Profile.BANK)
    held = verdict(ESCAPES, context=open_)
    assert held.limits.tools_off == ()
    assert any("--read DIR" in note for note in held.limits.notes)
    assert verdict(ESCAPES, context=bank).limits.tools_off == ("read_note",)


def test_folders_of_the_configuration_become_its_only_ones() -> None:
    found = verdict(ESCAPES, folders=("/srv/notes",))
    assert found.limits.paths == ("/srv/notes",)
    assert not any("--read DIR" in note for note in found.limits.notes)
    assert "--read=/srv/notes" in approve_options(found.limits)


def test_destinations_become_hosts_and_unknown_ones_are_said_to_be() -> None:
    found = verdict(OPEN.finding("listens on ::", at("a.ts", 1)))
    assert found.limits.hosts == ("api.example.org",)
    assert found.limits.hosts_known
    dark = reach("mystery", found=False)
    assert not verdict(tools=(READ, ASK, LOG, dark)).limits.hosts_known


def test_a_server_that_reaches_out_is_never_refused_the_network() -> None:
    chosen = replace(ASK, destinations=(replace(ASK.destinations[0], host="", how="configured"),))
    for tools, outward in (((READ, chosen), 0), ((READ,), 2), ((READ, ASK), 2)):
        found = verdict(tools=tools, coverage=replace(WELL_READ, outward=outward)).limits
        assert "--allow-network" in approve_options(found)
        assert not found.hosts_known
    alone = verdict(tools=(READ,)).limits
    assert "--no-network" in approve_options(alone)
    unread = verdict(tools=(READ,), coverage=replace(WELL_READ, unread_declarations=1)).limits
    assert unread.network is None
    assert not [one for one in approve_options(unread) if "network" in one]


def test_what_packages_of_others_need_is_not_known() -> None:
    others = replace(WELL_READ, foreign=1)
    assert verdict(tools=(READ,), coverage=others).limits.network is None
    assert verdict(tools=(READ, ASK), coverage=others).limits.hosts_known


def test_tools_of_which_none_could_be_named_are_no_answer() -> None:
    whatever = reach("any tool", can(Level.READ, "file"))
    found = verdict(tools=(whatever,))
    assert found.kind is VerdictKind.NOT_ENOUGH
    assert "list of tools could not be read" in found.reasons[0].says
    assert verdict(tools=(whatever, READ)).kind is VerdictKind.USE


def test_what_cannot_be_named_is_not_left_out_by_a_name() -> None:
    whatever = reach("any tool", can(Level.READ, "file"))
    flawed = flow(INJECT, "any tool", "path becomes an option")
    assert verdict(flawed, tools=(whatever,)).kind is VerdictKind.NOT_ENOUGH
    beside = verdict(flawed, tools=(whatever, READ))
    assert beside.kind is VerdictKind.USE_WITH_LIMITS
    assert beside.limits.tools_off == ()
    assert "confirm the calls" in beside.reasons[0].says


@pytest.mark.proves("MS-12")
def test_what_runs_commands_is_shown_as_such_though_nothing_is_wrong_with_it() -> None:
    found = verdict(tools=(LOG,))
    assert found.kind is VerdictKind.USE_WITH_LIMITS
    assert "git_log (execute)" in found.reasons[0].says
    assert "have every call of git_log confirmed: it can execute" in found.limits.notes


def test_confidence_names_every_doubt() -> None:
    coverage = Coverage(
        files=9,
        partly=("a.js",),
        minified=("dist/b.js",),
        unsupported=("Rust",),
        unread_declarations=2,
    )
    found = verdict(tools=(READ, ASK, reach("dark", found=False)), coverage=coverage, gaps=(GAP,))
    assert found.confidence is Confidence.LOW
    said = found.confidence_says
    for doubt in ("1 of 3 tools", "2 declarations", "minified", "read whole", "Rust", "core.node"):
        assert doubt in said
    assert verdict(gaps=(GAP,)).confidence is Confidence.MEDIUM


def test_the_reader_with_most_to_lose_is_never_told_more_than_another() -> None:
    ladder = [
        VerdictKind.USE,
        VerdictKind.USE_WITH_LIMITS,
        VerdictKind.NOT_ENOUGH,
        VerdictKind.DO_NOT_USE,
    ]
    cases = [(), (ESCAPES,), (INJECTS,), (OPEN.finding("listens", at("a.ts", 1)),)]
    for findings in cases:
        for deployment in Deployment:
            found = [
                ladder.index(
                    verdict(
                        *findings, tools=(READ, ASK, LOG), context=Context(deployment, profile)
                    ).kind
                )
                for profile in Profile
            ]
            assert found == sorted(found), (findings, deployment)


def parsed(options: tuple[str, ...]) -> Wish:
    """What ``ostiary approve`` itself understands."""
    context = click.Context(command)
    command.parse_args(context, ["notes", *options])
    given = {name: value for name, value in context.params.items() if name != "servers"}
    assert context.params["servers"] == ("notes",)
    return wish(given, datetime(2026, 11, 20, tzinfo=UTC))


def test_approve_takes_the_options_as_they_are() -> None:
    limits = Limits(
        tools_off=("git_log", "-rf", "read*", "a[b]"),
        hosts=("api.example.org",),
        hosts_known=True,
        paths=("/srv/my notes",),
    )
    made = parsed(approve_options(limits))
    assert made.network is True
    assert made.readable == made.writable == ("/srv/my notes",)
    for name in limits.tools_off:
        assert matches(name, made.without), name
    for other in ("read_note", "ab", "rf"):
        assert not matches(other, made.without), other


def test_read_only_and_no_network_become_options_too() -> None:
    made = parsed(approve_options(Limits(read_only=True, hosts_known=True, paths=("/srv/notes",))))
    assert made.network is False
    assert made.readable == ("/srv/notes",)
    assert made.writable is None
    assert parsed(approve_options(Limits())).network is None


def test_only_readers_are_read_only() -> None:
    listens = OPEN.finding("listens", at("a.ts", 1))
    assert verdict(listens, tools=(READ,)).limits.read_only
    writes = reach("write_note", can(Level.WRITE, "file"))
    assert not verdict(listens, tools=(READ, writes)).limits.read_only
