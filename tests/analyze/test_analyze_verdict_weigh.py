"""The same flaw weighs differently elsewhere, and the report says why."""

from __future__ import annotations

import pytest

from ostiary.analyze.verdict.adjustments import ADJUSTMENTS
from ostiary.analyze.verdict.flaw import Flaw, flaw_of, is_threat
from ostiary.analyze.verdict.weigh import weigh
from ostiary.model.access import Level
from ostiary.model.audit import Context, Deployment, Profile, ToolReach
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Severity
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
    STOPS,
    at,
    can,
    flow,
    reach,
    rule,
)

LISTENS = OPEN.finding("listens on 0.0.0.0:3000", at("src/http.ts", 9))
SHUTDOWN = STOPS.finding("runs `shutdown now`", at("src/admin.ts", 4, "shutdown"))
LEAVES = flow(ESCAPE, "read_note", "path leaves the folder")


def severity(
    finding: Finding,
    deployment: str,
    profile: str = "open",
    tools: tuple[ToolReach, ...] = (READ, ASK),
) -> str:
    context = Context(Deployment(deployment), Profile(profile))
    return weigh((finding,), tools, context)[0].finding.severity.word


@pytest.mark.proves("SA-15")
def test_a_shutdown_is_nothing_on_ones_own_laptop_and_critical_elsewhere() -> None:
    assert severity(SHUTDOWN, "laptop") == "info"
    assert severity(SHUTDOWN, "single") == "info"
    assert severity(SHUTDOWN, "laptop", "company") == "low"
    assert severity(SHUTDOWN, "multi") == "high"
    assert severity(SHUTDOWN, "enterprise") == "critical"
    assert severity(SHUTDOWN, "laptop", "government") == "critical"


def test_an_open_port_is_worse_where_others_share_the_network_or_its_tools_run_commands() -> None:
    assert severity(LISTENS, "laptop") == "medium"
    assert severity(LISTENS, "laptop", tools=(READ, LOG)) == "high"
    assert severity(LISTENS, "multi") == "critical"
    assert severity(LISTENS, "enterprise") == "critical"


def test_unknown_tools_do_not_count_as_harmless() -> None:
    dark = reach("mystery", found=False)
    assert severity(LISTENS, "laptop", tools=(READ, dark)) == "high"
    assert severity(LISTENS, "laptop", tools=()) == "high"


def test_a_path_escape_is_high_on_a_laptop_and_critical_where_users_share() -> None:
    assert severity(LEAVES, "laptop") == "high"
    assert severity(LEAVES, "single") == "medium"
    assert severity(LEAVES, "single", "bank") == "high"
    assert severity(LEAVES, "multi") == "critical"


def test_what_differs_says_why_and_keeps_the_general_severity() -> None:
    context = Context(Deployment.ENTERPRISE, Profile.BANK)
    (one,) = weigh((SHUTDOWN,), (), context)
    assert one.general is Severity.LOW
    assert one.says.startswith("critical instead of low inside an organisation, under a bank's")
    (same,) = weigh((flow(HOSTILE_CODE, "ask", "copies mail"),), (), context)
    assert same.says == ""
    assert same.finding.severity is same.general is Severity.CRITICAL


def test_hygiene_never_becomes_an_emergency() -> None:
    for deployment in Deployment:
        for profile in Profile:
            assert severity(SLOPPY.finding("x", at("a.ts", 1)), deployment, profile) == "low"


def test_a_guess_is_not_made_critical_by_circumstances() -> None:
    guess = flow(ESCAPE, "read_note", "path may leave", confidence=Confidence.LOW)
    assert severity(guess, "multi") == "high"


def test_a_capability_is_no_threat_and_a_threat_needs_evidence() -> None:
    shell = rule("runs-shell", Severity.HIGH, "CWE-78", category=Category.REACH)
    assert not is_threat(shell.finding("runs a shell", at("a.ts", 1)))
    hostile = flow(HOSTILE_CODE, "ask", "copies mail")
    assert is_threat(hostile)
    weak = flow(HOSTILE_CODE, "ask", "copies mail", confidence=Confidence.LOW)
    assert not is_threat(weak)


@pytest.mark.parametrize(
    ("references", "flaw"),
    [
        (("CWE-22",), Flaw.ESCAPE),
        (("MCP05:2025", "CWE-88"), Flaw.EXECUTION),
        (("CWE-918", "CWE-200"), Flaw.REQUEST),
        (("CWE-200", "CWE-918"), Flaw.SECRET),
        (("CWE-89",), Flaw.QUERY),
        (("CWE-1333",), Flaw.EXHAUSTION),
        ((), Flaw.OTHER),
    ],
)
def test_the_first_id_with_a_kind_decides(references: tuple[str, ...], flaw: Flaw) -> None:
    one = rule("a-rule", Severity.HIGH, *references, category=Category.QUALITY)
    assert flaw_of(one.finding("x", at("a.ts", 1))) is flaw


def test_weighing_never_raises_in_a_safer_place_what_it_lowers_in_a_worse_one() -> None:
    places = [Deployment.SINGLE, Deployment.LAPTOP, Deployment.MULTI, Deployment.ENTERPRISE]
    exceptions = {Flaw.AUTHORITY}
    for one in (LISTENS, LEAVES, flow(INJECT, "git_log", "x"), SHUTDOWN):
        for profile in Profile:
            found = [
                weigh((one,), (READ, LOG), Context(place, profile))[0].finding.severity
                for place in places
            ]
            if flaw_of(one) not in exceptions:
                assert found == sorted(found), (one.rule, profile)


def test_every_row_can_apply_and_says_why() -> None:
    for row in ADJUSTMENTS:
        assert row.says
        assert row.deployments
        assert row.profiles
        assert row.at_least <= row.at_most
        assert not (row.levels and row.harmless)
    assert can(Level.READ, "file").level is Level.READ
