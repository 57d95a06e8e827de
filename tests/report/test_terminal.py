from __future__ import annotations

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from ostiary.model.finding import Location
from ostiary.model.grade import Severity
from ostiary.report.terminal import render
from report.sample import EMPTY, FLOATING, POISONED, SAMPLE, crowd

STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("access_only", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, access_only: bool) -> None:
    for result in (SAMPLE, EMPTY, crowd(50, 5, 30)):
        for line in render(result, width, False, access_only).splitlines():
            assert cell_len(line) <= width, line


def test_sections_come_worst_first_and_the_map_before_credentials() -> None:
    text = render(SAMPLE, 100, False)
    heads = [
        "INCOMPLETE",
        "Findings: 8",
        " CRITICAL ",
        " HIGH ",
        " MEDIUM ",
        "For a security reviewer (--strict): 1",
        "NOT CHECKED: 2",
        "What changed since last time: 2",
        "Access map",
        "Dangerous together: 1",
        "Credentials in configuration: 2",
        "Policies and approvals",
        "Accepted earlier: 1",
        "Next steps",
    ]
    places = [text.index(head) for head in heads]
    assert places == sorted(places)


@pytest.mark.proves("CR-20")
def test_access_only_leaves_the_map_and_says_unknown() -> None:
    text = render(SAMPLE, 100, False, access_only=True)
    assert "Findings" not in text
    assert "Access map: who can reach what, at what level" in text
    assert re.search(r"^  ghost.*unknown +not looked at", text, re.MULTILINE)
    assert re.search(r"^  shell +· w · x · \$\?a  · · o", text, re.MULTILINE)
    assert "github·get_file (reads what strangers wrote) →" in text


@pytest.mark.proves("DF-10")
def test_each_finding_says_where_what_why_and_what_to_do() -> None:
    text = render(replace(SAMPLE, findings=SAMPLE.findings[1:2]), 100, False)
    block = text[text.index(" HIGH ") : text.index("NOT CHECKED")]
    assert block.splitlines()[:5] == [
        " HIGH  Credential written in a configuration file  secret-in-config",
        "  where /home/ann/.cursor/mcp.json:6  8555a787b8262157",
        "  what  GITHUB_TOKEN holds a GitHub token in clear text",
        "  why   Every program of the user can read it and use it as the user.",
        "  do    Move it to the client's secret storage and revoke the old one.",
    ]


def test_repeats_of_a_rule_at_one_server_are_one_block() -> None:
    text = render(SAMPLE, 120, False)
    assert text.count("Package without a version") == 1
    assert "the same at 5 more places" in text


def test_plain_text_has_no_escape_and_colour_only_has_styles() -> None:
    plain, coloured = render(SAMPLE, 100, False), render(SAMPLE, 100, True)
    assert "\x1b" not in plain
    assert STYLE.search(coloured)
    assert "\x1b" not in STYLE.sub("", coloured)
    stripped = [line.rstrip() for line in STYLE.sub("", coloured).splitlines()]
    assert stripped == plain.splitlines()


def test_colour_does_not_depend_on_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = render(SAMPLE, 90, True)
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb"), ("COLUMNS", "20")):
        monkeypatch.setenv(name, value)
    assert render(SAMPLE, 90, True) == before


def test_a_rule_found_all_over_is_one_block_that_counts_its_places() -> None:
    text = render(crowd(10_000), 100, False)
    assert len(text.splitlines()) < 500
    assert "Instruction for the model in a description ×2,500" in text
    assert "the same at 2,496 more places" in text


def test_many_rules_are_counted_instead_of_told() -> None:
    rules = [replace(FLOATING, id=f"rule-{number:02}") for number in range(90)]
    place = Location(server="s")
    many = tuple(rule.finding(str(n), place) for rule in rules for n in range(3))
    text = render(replace(SAMPLE, findings=many), 100, False)
    assert text.count("  do    Name one version.") == 12
    assert "And 144 more findings, all of them with --json or --html:" in text
    assert re.search(r"^MEDIUM +3  Package without a version  rule-89$", text, re.MULTILINE)


def test_the_scan_tells_one_path_of_a_kind_and_the_map_tells_all() -> None:
    first = SAMPLE.access[0]
    flow = first.flows[0]
    other = replace(flow, client="zed", says="another way")
    both = replace(SAMPLE, access=(replace(first, flows=(flow, other)), SAMPLE.access[1]))
    assert "and 1 more path of this kind, in zed" in render(both, 100, False)
    assert "another way" not in render(both, 100, False)
    assert "another way" in render(both, 100, False, access_only=True)


def test_next_steps_are_commands() -> None:
    text = render(SAMPLE, 100, False)
    assert f"ostiary explain {POISONED.fingerprint}" in text
    assert "ostiary scan --connect" in text
    connected = replace(SAMPLE, scope=replace(SAMPLE.scope, connected=True))
    assert "ostiary scan --connect" not in render(connected, 100, False)


def test_the_worst_comes_first_even_if_the_result_is_not_sorted() -> None:
    text = render(replace(SAMPLE, findings=SAMPLE.findings[::-1]), 100, False)
    assert text.index(" CRITICAL ") < text.index(" HIGH ")
    assert SAMPLE.findings[-1].severity is Severity.LOW
