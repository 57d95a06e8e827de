"""Every command, option, rule and setting is documented, and generated text is fresh."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from house.repository import ROOT
from ostiary.cli.main import COMMANDS
from ostiary.cli.main import main as ostiary
from ostiary.clients.table import load_table
from ostiary.model.standards import TITLES
from ostiary.scan.every_rule import every_rule
from regen import BLOCK, PAGES, with_blocks

DOCS = ROOT / "docs"
GUIDES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md")))


def commands(*, every: bool = False) -> list[tuple[str, click.Command]]:
    """The commands, and if ``every`` is asked for, what groups of them hold too."""
    context = click.Context(ostiary)
    names = ostiary.list_commands(context)
    found = [(name, one) for name in names if (one := ostiary.get_command(context, name))]
    inner = [
        (f"{name} {under}", one)
        for name, group in found
        if every and isinstance(group, click.Group)
        for under, one in group.commands.items()
    ]
    return found + inner


@pytest.mark.parametrize("name", sorted(PAGES))
def test_generated_pages_are_fresh(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make regen`"


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda p: p.name
)
def test_generated_blocks_are_fresh(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == with_blocks(text), "run `make regen`"
    assert text.count("<!-- generated: ") == len(BLOCK.findall(text)), "a block has no end"


def test_every_command_and_option_is_documented() -> None:
    missing = [
        f"{name} {option}"
        for name, command in commands(every=True)
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--") and not re.search(re.escape(option) + r"\b", GUIDES)
    ]
    assert not missing
    assert not [name for name, _ in commands() if f"## `ostiary {name}`" not in GUIDES]


def test_the_main_help_says_what_each_command_says() -> None:
    for entry in COMMANDS:
        assert entry.summary.endswith(".")
        assert len(entry.summary) <= 72


def test_every_rule_is_complete_and_names_known_standards() -> None:
    rules = every_rule()
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.id), rule.id
        assert len(rule.title.split()) <= 9, rule.id
        assert rule.references, rule.id
        assert not [one for one in rule.references if one not in TITLES], rule.id
        assert min(map(len, (rule.what, rule.attack, rule.remedy))) > 20, rule.id


def test_every_rule_has_a_test_that_names_it() -> None:
    tests = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("*.py"))
    )
    constants = tests.lower()
    assert not [
        rule.id
        for rule in every_rule()
        if rule.id not in tests and rule.id.replace("-", "_") not in constants
    ]


def test_forty_clients_are_known() -> None:
    records = load_table()
    assert len(records) >= 40
    assert not [record.id for record in records if not (record.source and record.grade)]


@pytest.mark.parametrize("path", sorted((DOCS / "decisions").glob("*.md")), ids=lambda p: p.stem)
def test_decisions_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 40


def test_links_inside_the_documentation_lead_somewhere() -> None:
    broken = []
    for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert not broken
