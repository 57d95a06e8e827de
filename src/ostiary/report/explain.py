"""One rule or one finding told in full, for ``ostiary explain``."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from ostiary.model.finding import Evidence, Finding
from ostiary.model.rule import Rule
from ostiary.model.visible import visible
from ostiary.report.taxonomy import title

_LONG = 4000


def rule_text(rule: Rule, width: int = 80) -> str:
    """What a rule looks for, why, and what to do, wrapped to ``width`` columns."""
    lines = [
        f"{rule.id}: {rule.title}",
        (
            f"{rule.severity.word} severity, {rule.confidence.word} confidence, "
            f"persona {rule.persona.word}, category {rule.category.value}"
        ),
    ]
    lines += _section("What it looks for", rule.what, width)
    lines += _section("What it lets an attacker do", rule.attack, width)
    lines += _section("What to do", rule.remedy, width)
    lines += _standards(rule.references, width)
    return "\n".join(lines) + "\n"


def finding_text(finding: Finding, rule: Rule | None, width: int = 80) -> str:
    """One finding with its whole path of evidence; the rule's own words follow if it is given."""
    lines = [
        f"{finding.fingerprint}: {visible(finding.title, 200)}",
        (
            f"{finding.severity.word} severity, {finding.confidence.word} confidence, "
            f"rule {finding.rule}, category {finding.category}"
        ),
        "",
        *_wrapped(f"Where: {visible(finding.location.words(), _LONG)}", width),
    ]
    if finding.location.pointer:
        lines += _wrapped(f"Pointer: {visible(finding.location.pointer, _LONG)}", width)
    lines += _section("What is wrong", finding.message, width)
    lines += _evidence(finding.evidence, width)
    lines += _section("What it allows here", finding.consequence, width)
    lines += _section("What to do", finding.remedy, width)
    lines += _standards(finding.references, width)
    if rule is not None:
        lines += _section(f"About the rule {rule.id}", rule.what, width)
    return "\n".join(lines) + "\n"


def _evidence(steps: tuple[Evidence, ...], width: int) -> list[str]:
    if not steps:
        return []
    lines = ["", "Evidence"]
    for number, step in enumerate(steps, 1):
        place = visible(step.location.words(), _LONG)
        lead = f"  {number}. "
        lines += _wrapped(f"{visible(step.says, _LONG)} [{place}]", width, lead)
        if step.excerpt:
            lines += _wrapped(visible(step.excerpt, _LONG), width, "     | ", "     | ")
    return lines


def _section(heading: str, text: str, width: int) -> list[str]:
    return ["", heading, *_wrapped(visible(text, _LONG), width, "  ")] if text else []


def _standards(references: Iterable[str], width: int) -> list[str]:
    lines: list[str] = []
    for key in references:
        lines += _wrapped(f"{visible(key, 100)}: {title(key)}", width, "  ")
    return ["", "Standards", *lines] if lines else []


def _wrapped(text: str, width: int, lead: str = "", after: str | None = None) -> list[str]:
    indent = " " * len(lead) if after is None else after
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=lead,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
