"""An audit's limits and evidence, taken over by the approval of what was audited."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.command import Ran, example_servers, ostiary, write

HERE = ("--despite", "launch-from-temporary-folder=it is a test")
"""The servers of these tests lie where everybody can write, which alone would stop them."""


@pytest.fixture
def servers(tmp_path: Path) -> Path:
    folder = example_servers(tmp_path / "servers")
    (tmp_path / "home").mkdir()
    return folder


def approve(servers: Path, *arguments: str) -> Ran:
    line = ("--command", f"python3 {servers / 'quotes.py'}")
    home = servers.parent / "home"
    return ostiary("approve", "quotes", *line, "--yes", *HERE, *arguments, home=home)


def report(servers: Path, **limits: Any) -> Path:
    """The JSON report of an audit, with limits of the test's."""
    home = servers.parent / "home"
    file = home / "audit.json"
    ran = ostiary("audit", servers, "--json", "--quiet", "--output", file, home=home)
    assert ran.code in (0, 1, 3, 4), ran.err
    whole = json.loads(file.read_text(encoding="utf-8"))
    verdict = whole["audits"][0]["verdict"]
    verdict["answer"] = "use with these limits"
    verdict["limits"] = {**verdict["limits"], **limits}
    return write(file, whole)


def test_an_approval_keeps_to_the_limits_of_the_audit(servers: Path, tmp_path: Path) -> None:
    approve(servers)
    lock = tmp_path / "home" / "ostiary.lock"
    names = sorted(json.loads(lock.read_text(encoding="utf-8"))["servers"]["quotes"]["tools"])
    limits = {"tools_off": [names[0], "not there"], "hosts": [], "hosts_known": True}
    notes = write(tmp_path / "home" / "notes" / "a.txt", "a").parent
    file = report(servers, **limits, paths=[str(notes)], read_only=True)
    ran = approve(servers, "--limits", str(file))
    assert ran.code == 0, ran.out + ran.err
    assert "quotes: approved, 0 items, 1 left out" in ran.out
    assert "no network: it needs no host" in ran.out
    one = json.loads(lock.read_text(encoding="utf-8"))["servers"]["quotes"]
    assert "tools" not in one
    assert one["left_out"][0]["why"] == "left out by the limits of its audit"
    assert one["start"]["read"] == [str(notes)]
    assert not {"write", "network"} & one["start"].keys()


def test_changed_code_is_refused(servers: Path) -> None:
    file = report(servers)
    write(servers / "quotes.py", (servers / "quotes.py").read_text(encoding="utf-8") + "\n# more\n")
    ran = approve(servers, "--limits", str(file))
    assert ran.code == 2
    assert "changed since; audit it again" in ran.err


def test_limits_are_those_of_one_server(servers: Path) -> None:
    home = servers.parent / "home"
    file = write(home / "audit.json", "{}")
    ran = ostiary("approve", "--limits", file, home=home)
    assert ran.code == 2
    assert "name it" in ran.err
