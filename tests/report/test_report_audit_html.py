"""The page of audits: inert, self-contained, and usable in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from ostiary.model.audit import AuditResult
from ostiary.report.audit import present
from ostiary.report.audit.sheet import Sheet
from ostiary.report.html import policy
from ostiary.report.view import View
from report.audited import ACCEPTED, BAD, EVERY, FLAWED, UNREAD
from report.test_html_browser import CONTRAST


def page_of(*results: AuditResult) -> str:
    return present("html", Sheet(results, View(), ACCEPTED))


class Seen(HTMLParser):
    """Every tag and attribute, and all ids."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names += [name for name, _ in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]


def seen(text: str) -> Seen:
    found = Seen()
    found.feed(text)
    return found


def test_the_page_has_no_script_and_loads_nothing() -> None:
    found = seen(page_of(*EVERY))
    assert not {"script", "img", "iframe", "object", "base", "form"} & set(found.tags)
    assert not [name for name in found.names if name.startswith("on") or name == "style"]
    assert all(link.startswith(("#", "data:,")) for link in found.links)
    assert policy().replace("'", "&#39;") in page_of(FLAWED)


def test_every_link_inside_leads_somewhere_and_ids_are_unique() -> None:
    found = seen(page_of(*EVERY))
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)


def test_the_verdict_comes_before_everything() -> None:
    text = page_of(FLAWED)
    assert text.index("Use with these limits.") < text.index("Findings (")
    assert "--without=git_log" in text
    assert "changes if" in text
    assert "Unknown is not clean" in page_of(UNREAD)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser_it_is_quiet_inert_legible_and_fits(
    browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    file = tmp_path / "audit.html"
    file.write_text(page_of(*EVERY), encoding="utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    heard: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert heard == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert page.title().startswith("Ostiary audit: 4 targets")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CONTRAST) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the verdict"
    context.close()


def test_hostile_words_stay_words() -> None:
    text = page_of(BAD)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
