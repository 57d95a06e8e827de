"""Requirements and tests name each other, both ways."""

from __future__ import annotations

import ast
import csv
from pathlib import Path

from house.proofs import marked, proofs
from house.repository import ROOT
from regen import requirements_page

STATES = {"done", "planned"}


def rows() -> dict[str, str]:
    with (ROOT / "docs" / "requirements.csv").open(encoding="utf-8", newline="") as handle:
        return {row["id"]: row["state"] for row in csv.DictReader(handle)}


def test_the_table_is_whole() -> None:
    table = rows()
    assert len(table) == 419
    assert set(table.values()) <= STATES


def test_every_done_row_has_a_test_and_every_test_a_row() -> None:
    table, proven = rows(), proofs()
    unproven = sorted(key for key, state in table.items() if state == "done" and key not in proven)
    unknown = {key: tests for key, tests in proven.items() if key not in table}
    assert not unproven, f"done without a test: {unproven}"
    assert not unknown, f"tests that name no row: {unknown}"


def test_a_row_that_nobody_carries_is_noticed(tmp_path: Path) -> None:
    source = tmp_path / "test_x.py"
    source.write_text('@pytest.mark.proves("ZZ-99")\ndef test_x(): ...\n', encoding="utf-8")
    tree = ast.parse(source.read_text(encoding="utf-8"))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert marked(function) == ["ZZ-99"]
    assert "ZZ-99" not in rows()


def test_the_page_is_regenerated() -> None:
    page = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    assert page == requirements_page(), "run `make regen`"
