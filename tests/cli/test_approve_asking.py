"""What a person at a terminal is asked before anything starts, is signed or is kept."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cli.command import OSTIARY

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "servers"
HERE = ("--despite", "launch-from-temporary-folder=it is a test")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLES, tmp_path / "servers")
    (tmp_path / "servers" / "odd.py").write_text(
        "from tiny_mcp import serve, tool\n"
        "tools = [tool('frobnicate', '', None), tool('get_user', 'Gets a user.', None)]\n"
        "serve('odd', '1', tools)\n",
        encoding="utf-8",
    )
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def at_a_terminal(home: Path, answers: str, *arguments: str) -> tuple[int, str]:
    """Run with a terminal for questions; the answers wait in it. What was shown, in order."""
    person, machine = pty.openpty()
    env = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "dumb"}
    with os.fdopen(person, "r+b", buffering=0) as keyboard:
        keyboard.write(answers.encode())
        try:
            done = subprocess.run(
                [OSTIARY, *arguments],
                cwd=home, env=env, stdin=machine, stdout=subprocess.PIPE, stderr=machine,
                timeout=120, check=False,
            )  # fmt: skip
        finally:
            os.close(machine)
        shown = b""
        while True:
            try:
                more = keyboard.read(65536)
            except OSError:  # the terminal is gone: everything was read
                break
            if not more:
                break
            shown += more
    return done.returncode, done.stdout.decode() + shown.decode()


def approve(home: Path, answers: str) -> tuple[int, str]:
    line = f"python3 {home.parent / 'servers' / 'odd.py'}"
    return at_a_terminal(home, answers, "approve", "odd", "--command", line, *HERE)


def lock(home: Path) -> Any:
    return json.loads((home / "ostiary.lock").read_text(encoding="utf-8"))


@pytest.mark.proves("GW-15")
def test_a_person_sees_the_command_sets_the_unknown_level_and_agrees(home: Path) -> None:
    code, shown = approve(home, "y\nwrite, send\ny\n")
    assert code == 0, shown
    assert "odd: start in a box: python3" in shown
    assert "frobnicate: UNKNOWN" in shown
    tools = lock(home)["servers"]["odd"]["tools"]
    assert tools["frobnicate"]["levels"] == ["send", "write"]
    assert tools["get_user"]["levels"] == ["read"]


@pytest.mark.parametrize("answers", ["n\n", "y\n\nn\n", "y\nharmless\n\nn\n"])
def test_no_is_no_at_every_question(home: Path, answers: str) -> None:
    code, shown = approve(home, answers)
    assert code in (1, 130), shown
    assert not (home / "ostiary.lock").exists()


@pytest.mark.proves("EN-26")
def test_a_review_walks_what_is_due(home: Path) -> None:
    assert approve(home, "y\n\ny\n")[0] == 0
    code, shown = at_a_terminal(home, "y\nskip\n", "review", "--within", "365")
    assert (code, lock(home)["serial"]) == (1, 1), shown
    code, shown = at_a_terminal(home, "y\nkeep\n+300d\n", "review", "--within", "365")
    assert lock(home)["serial"] == 2, shown
    assert "odd kept" in shown
    at_a_terminal(home, "y\nwithdraw\n", "review", "--within", "365")
    assert lock(home)["servers"] == {}
