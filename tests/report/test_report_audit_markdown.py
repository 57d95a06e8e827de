"""Audits as Markdown: whole, and inert where a forge renders it."""

from __future__ import annotations

import pytest

from ostiary.model.audit import AuditResult
from ostiary.report.audit import present
from ostiary.report.audit.sheet import Sheet
from ostiary.report.view import View
from report.audited import ACCEPTED, BAD, CLEAN, EVERY, FLAWED, UNREAD


def shown(*results: AuditResult) -> str:
    return present("markdown", Sheet(results, View(), ACCEPTED))


def test_the_verdict_comes_first_and_the_path_is_a_numbered_list() -> None:
    lines = shown(FLAWED).splitlines()
    assert lines[0] == "# Ostiary audit of `notes-server@1.2.0`: COMPLETE"
    assert lines[2] == "**Use with these limits.**"
    assert "  3. reaches the program (`src/server.ts:40`): `exec(command)`" in lines
    assert "- **approve:** `ostiary approve NAME --without=git_log --allow-network`" in lines


def test_tools_gaps_and_origin_are_told() -> None:
    text = shown(FLAWED, UNREAD)
    assert "| `ask` | send | api.example.org (fixed) | `API_KEY` | - |" in text
    assert "- `source`: Go is not followed **To check it:** watch it in the box" in text
    assert "- **verified:** index digest" in text
    assert "| `gopher@1.2.0` | not enough information | low | none |" in text


def test_no_finding_has_no_section() -> None:
    assert "## Findings" not in shown(CLEAN)


@pytest.mark.parametrize("results", [(BAD,), EVERY])
def test_hostile_words_become_no_markup(results: tuple[AuditResult, ...]) -> None:
    """Outside code spans no tag, link, mention or heading of a stranger is left."""
    import re

    text = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", shown(*results))
    assert not re.search(r"(?<!\\)<(?!!-- -->|br>)", text)
    assert "](http" not in text.replace("\\]", "")
    assert not re.search(r"@(?!<!-- -->|\d)\w", text)
    assert "\n# heading" not in text
