"""The set of hostile servers is what it says: inert, labelled, each with an honest twin."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import cast

import pytest

SET = Path(__file__).parents[1] / "fixtures" / "hostile"
SERVERS = cast(
    "list[dict[str, str | int]]",
    tomllib.loads((SET / "expected.toml").read_text("utf-8"))["server"],
)
NAMES = [str(one["name"]) for one in SERVERS]
SOURCES = sorted(path for path in SET.rglob("*") if path.suffix in {".py", ".ts", ".js", ".mjs"})
RESERVED = re.compile(r"\.(example|invalid|test)$")


def test_the_set_is_large_and_of_many_kinds() -> None:
    assert len(SERVERS) >= 34
    assert len({one["class"] for one in SERVERS}) >= 25
    assert sorted(NAMES) == sorted(path.name for path in SET.iterdir() if path.is_dir())


@pytest.mark.parametrize("one", SERVERS, ids=NAMES)
def test_every_server_has_a_twin_that_differs_at_the_line(one: dict[str, str | int]) -> None:
    file, line = str(one["file"]), int(one["line"])
    hostile = (SET / str(one["name"]) / "hostile" / file).read_text("utf-8")
    clean = (SET / str(one["name"]) / "clean" / file).read_text("utf-8")
    assert hostile != clean
    assert hostile.splitlines()[line - 1].strip()


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(SET)))
def test_every_source_says_that_it_is_never_run(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "never installed and never run" in text.splitlines()[0]
    if path.suffix == ".py":
        ast.parse(text)


def test_every_address_is_of_a_reserved_domain() -> None:
    texts = ((path, path.read_text("utf-8")) for path in SOURCES)
    hosts = [
        (path.name, host)
        for path, text in texts
        for host in re.findall(r"https?://([\w.-]+)", text)
        if not RESERVED.search(host)
    ]
    assert not hosts
