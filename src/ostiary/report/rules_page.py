"""The rules as a page of documentation."""

from __future__ import annotations

from ostiary.model.rule import Category, Rule
from ostiary.report.taxonomy import sorted_out, title

_KINDS = {
    Category.POISON: "Instructions planted for the model.",
    Category.INFLUENCE: "Text or names that court the model's choice; softer than poison.",
    Category.CONCEALMENT: "Content that a person does not see and a model does.",
    Category.COLLISION: "Names that overlap across or inside servers.",
    Category.CLAIM: "What a server says of itself against the evidence.",
    Category.REACH: "More power than needed, or powers that are dangerous together.",
    Category.SECRET: "Credentials where others can read them.",
    Category.SUPPLY: "Where the code comes from.",
    Category.TRANSPORT: "How a server is reached.",
    Category.CONSENT: "Who is asked before something runs.",
    Category.CONFIGURATION: "Configurations that cannot mean what their authors think.",
    Category.DRIFT: "Changes since a surface was last seen.",
    Category.QUALITY: "Sloppiness that a model or a person will trip over.",
}

_HEAD = """\
# Rules

What `ostiary scan` and `ostiary audit` can report. Generated from the rules themselves.

Severity is what it costs if a finding is true, confidence how far the evidence carries it; a check
may raise or lower both for one finding and says so there. Persona is the quietest reader who sees
the rule: `default`, `strict` (`--strict`) or `pedantic` (`--pedantic`). `ostiary explain RULE`
prints one section.
"""


def rules_markdown(rules: tuple[Rule, ...]) -> str:
    """The whole page: an index by category, then one section a rule, sorted by id."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    lines = [_HEAD, "## By category", ""]
    for category in Category:
        mine = [rule for rule in ordered if rule.category is category]
        if mine:
            links = ", ".join(f"[{rule.id}](#{rule.id})" for rule in mine)
            lines += [f"- **{category.value}**: {_KINDS[category]} {links}"]
    lines += ["", "## By standard", ""]
    lines += _by_standard(ordered)
    for rule in ordered:
        lines += ["", rule_markdown(rule).rstrip("\n")]
    return "\n".join(lines) + "\n"


def rule_markdown(rule: Rule, heading: bool = True) -> str:
    """One rule as a section; its id is the heading, so links stay good when titles improve."""
    lines = [f"## {rule.id}", ""] if heading else []
    lines += [
        f"**{rule.title}.**",
        "",
        "| severity | confidence | persona | category |",
        "| --- | --- | --- | --- |",
        (
            f"| {rule.severity.word} | {rule.confidence.word} | {rule.persona.word} "
            f"| {rule.category.value} |"
        ),
        "",
        f"**What it looks for.** {rule.what}",
        "",
        f"**What it lets an attacker do.** {rule.attack}",
        "",
        f"**What to do.** {rule.remedy}",
    ]
    if rule.references:
        lines += ["", "**Standards.**", ""]
        lines += [f"- {key}: {title(key)}" for key in rule.references]
    return "\n".join(lines) + "\n"


def _by_standard(rules: list[Rule]) -> list[str]:
    named = sorted_out(key for rule in rules for key in rule.references)
    lines: list[str] = []
    for standard, keys in named:
        lines += [f"### {standard.title}, {standard.edition}", "", "| id | title | rules |"]
        lines += ["| --- | --- | --- |"]
        for key in keys:
            users = ", ".join(f"[{one.id}](#{one.id})" for one in rules if key in one.references)
            lines.append(f"| {key} | {standard.titles[key]} | {users} |")
        lines.append("")
    return lines[:-1]
