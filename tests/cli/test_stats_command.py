"""``ostiary stats`` over results and over what was kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.command import ostiary, write
from cli.test_audit_command import flawed, sound


@pytest.mark.proves("SA-05")
def test_flaws_are_counted_over_files_folders_and_what_was_kept(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    both = [flawed(tmp_path), sound(tmp_path)]
    ostiary("audit", *both, "--json", "--output", folder / "one.json", home=tmp_path)
    for words in ([folder / "one.json"], [folder], ["--cache"], [folder, "--cache"]):
        ran = ostiary("stats", *words, "--json", home=tmp_path)
        assert ran.code == 0
        assert ran.json["targets"] == 2
        rules = {one["name"]: one["targets"] for one in ran.json["rules"]}
        assert rules["command-injection"] == 1
    assert "Flaws by rule" in ostiary("stats", folder, home=tmp_path).out
    assert "## Flaws by rule" in ostiary("stats", folder, "--markdown", home=tmp_path).out


def test_what_is_no_result_is_told_and_counted(tmp_path: Path) -> None:
    broken = write(tmp_path / "broken.json", '{"a": 1, "a": 2}')
    other = write(tmp_path / "other.json", {"schema": "something/1"})
    ran = ostiary("stats", broken, other, "--json", home=tmp_path)
    assert (ran.json["targets"], ran.json["unread"], ran.code) == (0, 2, 3)
    assert "broken.json" in ran.err


def test_nothing_to_count_is_wrong_use(tmp_path: Path) -> None:
    assert ostiary("stats", home=tmp_path).code == 2
    assert ostiary("stats", tmp_path / "absent.json", home=tmp_path).code == 2
