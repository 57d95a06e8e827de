"""A run over many targets that was interrupted goes on where it was."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cli.command import OSTIARY, ostiary, write
from ostiary.audit.order import Order
from ostiary.audit.perform import unread
from ostiary.audit.unfinished import Unfinished
from ostiary.model.audit import Target, TargetKind
from ostiary.model.outcome import NotChecked
from ostiary.supply.artifact.options import AcquireOptions

ONE, OTHER = "npm:one@1.0.0", "npm:other@1.0.0"
READING = unread(
    ONE,
    NotChecked(ONE, "of a test"),
    target=Target(TargetKind.NPM, ONE, "one", "1.0.0", "sha256:00"),
)


def order(tmp_path: Path) -> Order:
    return Order(datetime.now(UTC), AcquireOptions(tmp_path / "cache"))


def test_what_was_read_is_taken_up_by_the_same_run_only(tmp_path: Path) -> None:
    asked, targets = order(tmp_path), (ONE, OTHER)
    Unfinished(tmp_path, targets, asked).note(ONE, READING)
    later = replace(asked, now=asked.now + timedelta(hours=3))
    again = Unfinished(tmp_path, targets, later)
    assert again.reading(ONE) == READING
    assert again.reading(OTHER) is None
    assert Unfinished(tmp_path, (ONE,), asked).reading(ONE) is None
    compared = replace(asked, compare_source=True)
    assert Unfinished(tmp_path, targets, compared).reading(ONE) is None
    tomorrow = replace(asked, now=asked.now + timedelta(days=2))
    assert Unfinished(tmp_path, targets, tomorrow).reading(ONE) is None
    again.finished()
    assert Unfinished(tmp_path, targets, asked).reading(ONE) is None
    assert not list(tmp_path.iterdir())


def test_folders_and_what_could_not_be_had_are_read_again(tmp_path: Path) -> None:
    run = Unfinished(tmp_path, ("./here", ONE), order(tmp_path))
    run.note("./here", READING)
    run.note(ONE, unread(ONE, NotChecked(ONE, "no network")))
    assert run.reading("./here") is None
    assert run.reading(ONE) is None


def test_runs_that_nobody_took_up_are_forgotten(tmp_path: Path) -> None:
    asked = order(tmp_path)
    Unfinished(tmp_path, (ONE, OTHER), asked).note(ONE, READING)
    left = {one.name for one in tmp_path.iterdir()}
    Unfinished(tmp_path, (ONE,), replace(asked, now=asked.now + timedelta(hours=3)))
    assert {one.name for one in tmp_path.iterdir()} == left
    Unfinished(tmp_path, (ONE,), replace(asked, now=asked.now + timedelta(days=2)))
    assert not list(tmp_path.iterdir())


def test_an_interrupted_command_fetches_nothing_twice(tmp_path: Path) -> None:
    """A ``git`` of our own tells what it was asked for, and hangs on one repository."""
    git = shutil.which("git")
    log, pipe, hang = tmp_path / "log", tmp_path / "pipe", tmp_path / "hang"
    os.mkfifo(pipe)
    hang.touch()
    script = (
        f'#!/bin/sh\ncase "$*" in *clone*) echo "$*" >> {log};; esac\n'
        f'case "$*" in *clone*slow*) if [ -e {hang} ]; then echo > {pipe}; exec sleep 600; fi;; '
        f'esac\nexec {git} "$@"\n'
    )
    program = write(tmp_path / "bin" / "git", script)
    program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    targets = []
    for name in ("quick", "slow"):
        folder = tmp_path / name
        write(folder / "server.py", f"NAME = {name!r}\n")
        named = ["-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false"]
        for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "one"]):
            subprocess.run([str(git), *named, *words], cwd=folder, check=True, capture_output=True)
        targets.append(f"git+{folder.as_uri()}")
    home = tmp_path / "home"
    home.mkdir()
    words = ["audit", *targets, "--jobs", "1", "--json"]
    with subprocess.Popen(
        [OSTIARY, *words],
        env={"HOME": str(home), "PATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        pipe.read_text()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
    hang.unlink()
    log.unlink()
    ran = ostiary(*words, home=home, environment={"PATH": path})
    assert [one["target"]["name"] for one in ran.json["audits"]] == ["quick", "slow"]
    assert "1 of 2 targets were read before" in ran.err
    assert "slow" in log.read_text()
    assert "quick" not in log.read_text()
    again = ostiary(*words, home=home, environment={"PATH": path})
    assert "were read before" not in again.err
    assert again.out == ran.out
