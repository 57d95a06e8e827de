"""The page in a real browser: quiet, inert, usable by keyboard, never too wide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from ostiary.report.html import render
from report.sample import SAMPLE

CONTRAST = """() => {
  const rgb = c => c.match(/[0-9.]+/g).map(Number);
  const lum = c => { const [r,g,b] = rgb(c).map(v => v / 255).map(
    v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor; if (!(rgb(c)[3] === 0)) return c; }
    return getComputedStyle(document.body).backgroundColor; };
  const low = [];
  for (const e of document.querySelectorAll('body *')) {
    const words = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!words || e.closest('svg')) continue;
    const [a, b] = [lum(getComputedStyle(e).color), lum(ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) low.push(e.className + ': ' + e.textContent.slice(0, 40));
  }
  return low;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
        try:
            found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except PlaywrightError as error:
            pytest.fail(f"no browser here; install Debian's chromium or run `make test`: {error}")
        yield found
        found.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_quiet_inert_and_fits(
    browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    file = tmp_path / "report.html"
    file.write_text(render(SAMPLE), encoding="utf-8")
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
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert page.title().startswith("Ostiary scan: INCOMPLETE, 9 findings")
    assert page.locator("script, img, iframe, form").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("getComputedStyle(document.body).maxWidth") == "none"
    styled = page.evaluate("getComputedStyle(document.querySelector('.sev')).borderTopStyle")
    assert styled == "solid"
    assert page.evaluate(CONTRAST) == []
    context.close()


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.tagName")
    return found


def test_everything_can_be_reached_and_opened_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(render(SAMPLE), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("e => e === document.activeElement")
    assert skip.evaluate("e => e.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "SUMMARY"
    first = page.locator("details").first
    assert first.evaluate("e => e.open")
    page.keyboard.press("Enter")
    assert not first.evaluate("e => e.open")
    reached = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        reached += focused(page) == "SUMMARY"
    assert reached >= page.locator("summary").count() - 1
    page.close()
