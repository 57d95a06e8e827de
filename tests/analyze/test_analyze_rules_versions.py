"""Rules on what depends on the version of a library, and on patterns that methods are given."""

from __future__ import annotations

import json

import pytest

from analyze.levels import TYPESCRIPT, facts_of
from ostiary.analyze.rules import CHECKS
from ostiary.model.check import run
from ostiary.model.grade import Severity

TOOL = (
    TYPESCRIPT
    + """
import yaml from "js-yaml";
server.tool("t", { p: z.string() }, async ({ p }) => { BODY });
"""
)
READ = TOOL.replace("BODY", "return yaml.load(p);")


def severities(files: dict[str, str], rule: str) -> list[Severity]:
    findings, _ = run(CHECKS, facts_of(files), "it")
    return [one.severity for one in findings if one.rule == rule]


def package(wanted: str, locked: str = "") -> dict[str, str]:
    asked = {"js-yaml": wanted} if wanted else {}
    files = {"package.json": json.dumps({"name": "x", "version": "1.0.0", "dependencies": asked})}
    if locked:
        packages = {"": {"dependencies": asked}, "node_modules/js-yaml": {"version": locked}}
        lock = {"name": "x", "version": "1.0.0", "lockfileVersion": 3, "packages": packages}
        files["package-lock.json"] = json.dumps(lock)
    return files


@pytest.mark.parametrize(
    ("wanted", "locked", "count"),
    [
        ("^3.14.0", "", 1),
        ("~3.13.1", "", 1),
        ("*", "3.13.1", 1),
        ("^4.1.0", "", 0),
        ("*", "4.1.0", 0),
        ("latest", "", 0),
        ("", "", 0),
    ],
)
def test_a_loader_that_was_made_safe_later_counts_by_its_version(
    wanted: str, locked: str, count: int
) -> None:
    found = severities({"a.ts": READ, **package(wanted, locked)}, "unsafe-deserialization")
    assert found == [Severity.MEDIUM] * count


def test_an_old_loader_with_a_schema_of_its_own_is_left_alone() -> None:
    text = READ.replace("load(p)", "load(p, { schema: yaml.JSON_SCHEMA })")
    assert not severities({"a.ts": text, **package("^3.14.0")}, "unsafe-deserialization")


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("return p.match(/^(a+)+$/);", 1),
        ("return p.replace(/^(a+)+$/, '');", 1),
        ("return p.replaceAll(/(a+)+$/g, '');", 1),
        ("return p.split(/^(a+)+$/);", 1),
        ("return p.match(/^a+$/);", 0),
        ("return p.replace('(a+)+$', '');", 0),
        ("if (p.length > 50) throw new Error('long'); return p.match(/^(a+)+$/);", 0),
        ("return 'aaa'.match(/^(a+)+$/);", 0),
    ],
)
def test_slow_patterns_that_methods_of_a_text_are_given(body: str, count: int) -> None:
    assert len(severities({"a.ts": TOOL.replace("BODY", body)}, "slow-pattern")) == count
