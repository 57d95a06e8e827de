"""A package that cannot be had says what would help."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.model.outcome import NotChecked
from ostiary.model.server import Package, Pin
from ostiary.supply import withhold
from ostiary.supply.fetch import fetch
from supply.shelf import Registry, registry


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    with registry(tmp_path / "index") as one:
        monkeypatch.setenv("npm_config_registry", one.address + "/")
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm-cache"))
        monkeypatch.setenv("npm_config_fetch_retries", "0")
        yield one


def remedy(name: str, tmp_path: Path) -> str:
    answer = fetch(Package("npm", name, None, Pin.FLOATING), tmp_path / "cache")
    assert isinstance(answer, NotChecked)
    return answer.remedy


def test_a_missing_version_of_a_dependency_is_no_matter_of_the_network(
    shelf: Registry, tmp_path: Path
) -> None:
    shelf.add({"name": "part", "version": "1.0.0"}, {})
    needs = {"part": "^2.0.0"}
    shelf.add({"name": "whole", "version": "1.0.0", "bin": "c.js", "dependencies": needs}, {})
    assert "dependencies" in remedy("whole", tmp_path)


@pytest.mark.usefixtures("shelf")
def test_a_name_that_nobody_published_is_to_be_checked(tmp_path: Path) -> None:
    assert "check the name" in remedy("nobody-published-this", tmp_path)


@pytest.mark.parametrize(
    ("value", "given"),
    [
        ("mongodb+srv://u:pw@host/db", "mongodb+srv://not-given.invalid"),
        ("redis://:pw@host:6379/0", "redis://not-given.invalid"),
        ("https://u:pw@host/x?key=1", "https://not-given.invalid"),
        ("sk-abc", withhold.PLACEHOLDER),
    ],
)
def test_a_withheld_address_leaves_an_address_of_its_kind(value: str, given: str) -> None:
    assert withhold.stand_in(value) == given
