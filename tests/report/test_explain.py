from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.model.rule import Category
from ostiary.report.explain import finding_text, rule_text
from ostiary.report.rules_page import rules_markdown
from ostiary.report.taxonomy import TAXONOMIES, sorted_out, taxonomy
from report.sample import FLOATING, LEAKED, POISON, POISONED, RULES, SECRETS


def test_a_rule_is_told_in_full_within_the_width() -> None:
    text = rule_text(POISON, 60)
    assert text.splitlines()[0] == "poisoned-text: Instruction for the model in a description"
    for part in (POISON.what, POISON.attack, POISON.remedy):
        assert part in " ".join(text.split())
    assert "CWE-1427: Improper Neutralization" in text
    assert max(map(len, text.splitlines()[2:])) <= 60


@pytest.mark.proves("EN-24")
def test_a_finding_is_told_with_its_whole_path_and_the_next_step() -> None:
    text = " ".join(finding_text(POISONED, POISON, 100).split())
    for part in (
        POISONED.fingerprint,
        "1. an obligation on the agent",
        "2. secrecy",
        "do not mention this to the user",
        "What it allows here In Cursor it sits beside github",
        "What to do Remove the server",
        "MCP03:2025: Tool Poisoning",
        "About the rule poisoned-text",
    ):
        assert part in text
    assert "\x1b" not in text
    assert "\u200b" not in text


def test_a_finding_can_be_told_without_its_rule() -> None:
    text = finding_text(LEAKED, None)
    assert "About the rule" not in text
    assert "Where: /home/ann/.cursor/mcp.json:6" in text


def test_the_rules_page_has_a_section_a_rule_and_says_who_needs_it() -> None:
    page = rules_markdown(RULES)
    for rule in RULES:
        assert page.count(f"\n## {rule.id}\n") == 1
        section = page.split(f"\n## {rule.id}\n")[1].split("\n## ")[0]
        for part in (rule.title, rule.what, rule.attack, rule.remedy, rule.persona.word):
            assert part in section
    assert page == rules_markdown(RULES[::-1])
    assert page.endswith("\n")
    assert not page.endswith("\n\n")


@pytest.mark.proves("SC-09")
def test_the_rules_page_lists_rules_by_standard_with_titles() -> None:
    page = rules_markdown(RULES)
    assert "### OWASP Top 10 for LLM Applications, 2026" in page
    assert "| LLM01:2026 | Prompt Injection | [poisoned-text](#poisoned-text) |" in page
    assert "- MCP03:2025: Tool Poisoning" in page


def test_every_category_is_described() -> None:
    rules = tuple(replace(SECRETS, id=f"r-{one.value}", category=one) for one in Category)
    assert rules_markdown(rules).count("\n- **") == len(Category)


def test_standards_are_sorted_into_their_tables() -> None:
    assert [one.name for one, _ in sorted_out(FLOATING.references)] == [
        "OWASP-MCP",
        "OWASP-ASI",
        "CoSAI-MCP",
        "CWE",
    ]
    cwe = taxonomy("CWE-78")
    assert cwe is not None
    assert cwe.help("CWE-78") == "https://cwe.mitre.org/data/definitions/78.html"
    assert taxonomy("nonsense") is None
    assert len({key for one in TAXONOMIES for key in one.titles}) == sum(
        len(one.titles) for one in TAXONOMIES
    )
