"""The library of checks grows by a file and a line, and its taxonomy names current editions."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

import ostiary.analyze.rules
from audit.commanded import audited, command, found, write
from house.repository import ROOT
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules import CHECKS
from ostiary.analyze.rules.command_injection import CHECK as SHELL
from ostiary.analyze.rules.supply import SUPPLY_CHECKS
from ostiary.analyze.rules.surface import CHECKS as SURFACE
from ostiary.audit import prompts, source
from ostiary.audit.rules import audit_rules
from ostiary.model.check import Check
from ostiary.model.finding import Finding, Location
from ostiary.model.standards import TITLES
from ostiary.report.taxonomy import TAXONOMIES, taxonomy

DOCS = ROOT / "docs"
SERVER = """
from mcp.server.fastmcp import FastMCP
server = FastMCP("sums")

@server.tool()
def add(one: int, two: int) -> int:
    '''Add two numbers.'''
    return one + two
"""


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """Every module below a package."""
    for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(one.name)


# ── checks ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.proves("SA-02")
def test_every_file_of_rules_is_asked_and_documented() -> None:
    asked = {id(one) for one in (*CHECKS, *SUPPLY_CHECKS, *SURFACE)}
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    files = [one for one in modules(ostiary.analyze.rules) if hasattr(one, "CHECK")]
    assert len(files) > 60
    for one in files:
        assert id(one.CHECK) in asked, f"{one.__name__} is in no tuple"
        for rule in one.CHECK.rules:
            assert f"\n## {rule.id}\n" in page, rule.id
            assert f"**What it looks for.** {rule.what}\n" in page, rule.id


NEW = replace(SHELL.rules[0], id="sums-only", title="It adds", references=("CWE-1357",))


def adds(facts: Facts) -> Iterator[Finding]:
    for one in facts.tools:
        if one.entry.name == "add":
            place = Location(one.entry.place.file, one.entry.place.line, part="tool add")
            yield NEW.finding("add adds", place)


@pytest.mark.proves("SA-02")
def test_one_more_check_in_the_tuple_is_told_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "made" / "server.py", SERVER)
    assert not found(audited(tmp_path / "made", tmp_path), "sums-only")
    monkeypatch.setattr(source, "CHECKS", (*CHECKS, Check((NEW,), adds)))
    audit = audited(tmp_path / "made", tmp_path, "--fresh")
    (one,) = found(audit, "sums-only")
    assert (one["message"], one["location"]["line"]) == ("add adds", 5)
    assert audit["verdict"]["answer"] == "use with these limits"


@pytest.mark.proves("SA-02")
@pytest.mark.proves("SA-01")
def test_every_file_of_questions_is_asked() -> None:
    folder = Path(prompts.__file__).parent
    assert {one.stem for one in folder.glob("*.md")} == set(prompts.NAMES)
    for one in prompts.prompts():
        assert len(one.text.split()) > 20, one.name


# ── standards ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.proves("SA-14")
def test_every_reference_of_every_rule_stands_in_a_current_edition() -> None:
    for rule in audit_rules():
        assert rule.references, rule.id
        for key in rule.references:
            known = taxonomy(key)
            assert known is not None, f"{rule.id} names {key}, which no table holds"
            assert known.edition
    ids = [key for one in TAXONOMIES for key in one.titles]
    assert len(ids) == len(set(ids)) == len(TITLES)


@pytest.mark.proves("SA-14")
def test_numbers_that_move_between_editions_carry_theirs() -> None:
    """A bare ``LLM01`` would mean something else in another year."""
    for one in TAXONOMIES:
        year = one.edition.split("-", maxsplit=1)[0].split()[0]
        if one.name in ("OWASP-MCP", "OWASP-ASI", "OWASP-LLM"):
            assert all(key.endswith(f":{year}") for key in one.titles), one.name
        if one.name == "AISVS":
            assert all(key.startswith(f"AISVS-{one.edition}:") for key in one.titles)


@pytest.mark.proves("SA-14")
@pytest.mark.parametrize(
    "obsolete", ["LLM01:2025", "LLM07:2025", "LLM01", "MCP01", "ASI01:2025", "CWE-0", "AML.T0000"]
)
def test_an_obsolete_id_is_none_that_a_rule_may_name(obsolete: str) -> None:
    assert taxonomy(obsolete) is None
    assert obsolete not in {key for rule in audit_rules() for key in rule.references}


@pytest.mark.proves("SA-14")
def test_no_rule_rests_on_the_words_of_cwe_on_prompt_injection_alone() -> None:
    """CWE-1427 speaks of prompts to a model of one's own; standards of agents say what is meant."""
    naming = [rule for rule in audit_rules() if "CWE-1427" in rule.references]
    assert len(naming) > 5
    for rule in naming:
        assert [key for key in rule.references if not key.startswith("CWE-")], rule.id


@pytest.mark.proves("SA-14")
def test_editions_are_shown_where_rules_and_findings_are(tmp_path: Path) -> None:
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    named = {key for rule in audit_rules() for key in rule.references}
    for one in TAXONOMIES:
        if named & set(one.titles):
            assert f"### {one.title}, {one.edition}\n" in page
    text = SERVER.replace("return one + two", "import os; return os.system(one)")
    write(tmp_path / "made" / "server.py", text.replace("one: int", "one: str"))
    sarif = command("audit", tmp_path / "made", "--sarif", home=tmp_path).json
    told = {one["name"]: one["version"] for one in sarif["runs"][0]["taxonomies"]}
    assert told["OWASP-LLM"] == "2026"
    assert set(told.items()) <= {(one.name, one.edition) for one in TAXONOMIES}
    shown = command("explain", "command-injection", home=tmp_path).out
    assert re.search(r"MCP05:2025", shown)
