"""The drawing of docs/architecture.md holds in the code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from house.repository import PURE_ROOMS, ROOT, SOURCE, calls, sources

WORLD = (
    "open",
    "print",
    "input",
    "datetime.now",
    "datetime.today",
    "date.today",
    "datetime.utcnow",
)


def test_arrows_go_down_and_pure_rooms_import_no_world() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_pure_rooms_call_no_world(room: str) -> None:
    touched = [
        f"{path.relative_to(ROOT)}:{line} calls {name}"
        for path in sorted((SOURCE / room).rglob("*.py"))
        for name, line in calls(path)
        if name in WORLD
    ]
    assert not touched


def test_every_room_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.stat().st_size and not path.read_text(encoding="utf-8").lstrip().startswith('"""')
    ]
    assert not silent
