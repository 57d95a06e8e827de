"""One target's source from a folder to findings."""

from __future__ import annotations

from pathlib import Path

from ostiary.audit.source import audit_folder

SERVER = """
import os
from mcp.server.fastmcp import FastMCP
server = FastMCP("demo")

@server.tool()
def run(line: str) -> str:
    return os.popen(line).read()
"""
TRAP = "open({marker!r}, 'w').write('ran')\n"


def test_a_flaw_in_a_folder_is_found_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    (finding,) = [one for one in audit_folder(tmp_path).findings if one.rule == "command-injection"]
    assert (finding.location.file, finding.location.line) == ("server.py", 8)
    assert finding.location.part == "tool run"


def test_nothing_of_the_folder_runs(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    trap = TRAP.format(marker=str(marker))
    folder = tmp_path / "target"
    folder.mkdir()
    for name in ("server.py", "setup.py", "conftest.py", "sitecustomize.py", "__init__.py"):
        (folder / name).write_text(trap + SERVER)
    (folder / "loads.pth").write_text(f"import os; {trap}")
    (folder / "package.json").write_text('{"name": "x", "scripts": {"postinstall": "touch ran"}}')
    assert audit_folder(folder).findings
    assert not marker.exists()
    assert not (folder / "ran").exists()


def test_a_folder_that_is_not_there_is_not_checked(tmp_path: Path) -> None:
    found = audit_folder(tmp_path / "absent")
    assert not found.findings
    assert found.not_checked


def test_the_same_folder_gives_the_same_findings(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    assert audit_folder(tmp_path).findings == audit_folder(tmp_path).findings


def test_source_in_which_no_tool_is_found_is_not_clean(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text("from somewhere import server\nserver.go()\n")
    assert "the tools of the server" in [one.subject for one in audit_folder(tmp_path).not_checked]
