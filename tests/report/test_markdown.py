from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ostiary.report.markdown import render
from ostiary.report.markdown_text import cell, code, prose
from report.sample import EMPTY, SAMPLE, crowd

READER = MarkdownIt("commonmark").enable("table")
SPLITTERS = {"<!-- -->", "<br>"}
NASTY = st.text(st.sampled_from("`|\\<>![]()*_~#@&;:/ -\n\r\u200bab1"), max_size=40)


def tokens(text: str) -> Iterator[Token]:
    for token in READER.parse(text):
        yield token
        yield from token.children or ()


def test_only_our_own_markup_is_markup() -> None:
    found = list(tokens(render(SAMPLE)))
    assert {t.content for t in found if t.type.startswith("html")} <= SPLITTERS
    assert not [t for t in found if t.type in ("link_open", "image", "fence", "code_block")]
    heads = [found[n + 1].content for n, t in enumerate(found) if t.type == "heading_open"]
    assert "heading" not in " ".join(heads)
    assert heads[:2] == ["Ostiary scan: INCOMPLETE", "Findings"]


def test_nobody_is_mentioned_and_nothing_is_linked() -> None:
    found = tokens(render(SAMPLE))
    plain = "".join(t.content if t.type.startswith("text") else "\n.\n" for t in found)
    assert "@" in plain
    assert not re.search(r"@\w|#\d|https?://", plain)


@pytest.mark.parametrize("result", [SAMPLE, EMPTY, crowd(60, 3, 9)], ids=["all", "none", "many"])
def test_every_table_row_has_as_many_cells_as_its_head(result: object) -> None:
    widths: list[list[int]] = []
    for token in READER.parse(render(result)):  # type: ignore[arg-type]
        if token.type == "table_open":
            widths.append([])
        elif token.type == "tr_open":
            widths[-1].append(0)
        elif token.type in ("td_open", "th_open"):
            widths[-1][-1] += 1
    assert all(len(set(rows)) == 1 for rows in widths)


def test_rows_are_not_cut_by_bars_in_names() -> None:
    row = f"| a | b |\n| --- | --- |\n| {cell('x|y' + chr(92) + '|z')} | {prose('p|q')} |\n"
    cells = [t.content for t in READER.parse(row) if t.type == "inline"]
    assert len(cells) == 4
    assert cells[3] == "p\\|q" or cells[3] == "p|q"


def test_sections_and_their_content() -> None:
    text = render(SAMPLE)
    for heading in (
        "## Findings",
        "## Not checked",
        "## What changed since last time",
        "## Access map",
        "### Dangerous together",
        "## Credentials in configuration",
        "## Policies and approvals",
        "## Accepted earlier",
    ):
        assert f"\n{heading}\n" in text
    assert "The same at 5 more places:" in text
    assert "CWE-1427 Improper Neutralization of Input Used for LLM Prompting" in text


@given(NASTY)
def test_a_code_span_holds_whatever_it_is_given(text: str) -> None:
    found = READER.parse(f"x {code(text)} y")
    assert [t.type for t in found] == ["paragraph_open", "inline", "paragraph_close"]
    kinds = {t.type for t in found[1].children or ()}
    assert kinds <= {"text", "code_inline"}


@given(NASTY)
def test_prose_never_becomes_markup(text: str) -> None:
    found = READER.parse(f"x {prose(text)} y")
    assert [t.type for t in found] == ["paragraph_open", "inline", "paragraph_close"]
    inner = [t for t in found[1].children or () if t.content not in SPLITTERS]
    assert {t.type for t in inner} <= {"text", "text_special", "entity"}


@given(NASTY, NASTY)
def test_cells_stay_cells(left: str, right: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| x{cell(left)} | y{prose(right)} |\n\nafter"
    found = READER.parse(table)
    assert len([t for t in found if t.type == "td_open"]) == 2
