from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from ostiary.report.html import render
from report.sample import EMPTY, POISONED, SAMPLE, crowd

VOID = {"meta", "link", "br"}
PAGE = render(SAMPLE)


class Reader(HTMLParser):
    """Collects tags and their attributes, and checks that they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag


def read(page: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader.tags


TAGS = read(PAGE)


def test_tags_nest_in_every_page() -> None:
    for result in (SAMPLE, EMPTY, crowd(30, 8, 30)):
        assert read(render(result))


def test_strangers_bring_no_tag_and_no_attribute() -> None:
    names = {tag for tag, _ in TAGS}
    assert not names & {"script", "img", "iframe", "object", "form", "b64", "td>"}
    for _, attributes in TAGS:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("href", "src"):
            value = attributes.get(name)
            assert value is None or value.startswith("#") or value == "data:,"


def test_the_policy_lets_in_this_style_sheet_and_nothing_else() -> None:
    policy = next(a["content"] for t, a in TAGS if a.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_hidden_characters_are_made_visible_everywhere() -> None:
    hidden = [c for c in PAGE if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") and c != "\n"]
    assert not hidden
    assert "⟨U+202E⟩" in PAGE
    PAGE.encode("utf-8")


def test_the_page_can_be_found_through_by_ear() -> None:
    assert ("html", {"lang": "en"}) in TAGS
    ids = [a["id"] for _, a in TAGS if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in TAGS:
        named = (attributes.get("aria-labelledby") or "").split()
        assert set(named) <= set(ids)
    targets = [a["href"][1:] for t, a in TAGS if t == "a" and a.get("href")]  # type: ignore[index]
    assert targets[0] == "main"
    assert set(targets) <= set(ids)
    levels = [int(tag[1]) for tag, _ in TAGS if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    tables = [tag for tag, _ in TAGS if tag == "table"]
    captions = [tag for tag, _ in TAGS if tag == "caption"]
    assert len(tables) == len(captions) == 5
    assert all("scope" in a for t, a in TAGS if t == "th")
    svg = next(a for t, a in TAGS if t == "svg")
    assert svg["role"] == "img"


@pytest.mark.proves("CR-20", "DF-10")
def test_the_map_is_a_picture_and_the_same_in_words() -> None:
    assert "Who can reach what, and at what level" in PAGE
    assert PAGE.count('class="arc"') == 2
    assert "not looked at: it may be able to do anything" in PAGE
    assert "<caption>What <bdi>Cursor</bdi> can reach through its servers" in PAGE
    assert 'class="lv lv-danger lv-weak">destroy (weak)</span>' in PAGE
    assert "unknown — not looked at" in PAGE


def test_grave_findings_are_open_and_all_can_be_linked_to() -> None:
    details = {str(a["id"]): "open" in a for t, a in TAGS if t == "details" and "id" in a}
    assert details[f"f-{POISONED.fingerprint}"] is True
    assert list(details.values()) == [True, True, False, False]


def test_a_time_is_shown_only_if_it_is_given() -> None:
    assert "<time" not in PAGE
    assert '<time datetime="2026-11-20T12:00:00Z">' in render(SAMPLE, "2026-11-20T12:00:00Z")
