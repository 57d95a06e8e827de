"""Servers that stand beside the usual file: in agents' descriptions, completed by a second file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from clients.machine import client, entry, layout, look, write
from ostiary.inventory.credentials import credentials, holds
from ostiary.inventory.servers import merge

TOKEN = "ghp_" + "R7qX2mVb9KtLw4Zc8NsYd3HfJ6Pa1GuEo5Ti"
BASE = "Library/Application Support/Claude"
MANIFEST = {
    "name": "notes",
    "server": {
        "type": "node",
        "mcp_config": {
            "command": "node",
            "args": ["${__dirname}/server.js"],
            "env": {"KEY": "${user_config.api_key}"},
        },
    },
    "user_config": {"api_key": {"type": "string", "sensitive": True}},
}
AGENT = """---
name: reviewer
mcpServers:
  - github
  - playwright:
      command: npx
      args: ["-y", "@playwright/mcp@latest"]
---
Review code. mcpServers: are not read here.
"""


def desktop(home: Path, values: object, *, on: bool = True) -> Path:
    return write(
        home,
        {
            f"{BASE}/Claude Extensions/ant.dir.notes/manifest.json": MANIFEST,
            f"{BASE}/Claude Extensions Settings/ant.dir.notes.json": {
                "isEnabled": on,
                "userConfig": values,
            },
        },
    )


def test_a_secret_of_an_extension_is_seen_where_it_stands(tmp_path: Path) -> None:
    found = layout(desktop(tmp_path, {"api_key": TOKEN, "folder": "/srv/notes"}), "mac")
    notes = entry(found, "claude-desktop", "notes")
    assert notes.enabled
    held = credentials(merge(client(found, "claude-desktop").entries))
    assert [one.name for one in held] == ["api_key"]
    assert held[0].servers == ("notes",)
    settings = f"{tmp_path}/{BASE}/Claude Extensions Settings/ant.dir.notes.json"
    assert held[0].places == (f"{settings}:4",)


def test_a_secret_in_the_key_store_is_held_and_not_read(tmp_path: Path) -> None:
    found = layout(desktop(tmp_path, {"api_key": "__encrypted__:djEwAAAA"}), "mac")
    notes = entry(found, "claude-desktop", "notes")
    assert notes.secrets[0].value is None
    assert "api_key" in holds(notes)
    assert not credentials(merge([notes]))


def test_an_extension_that_is_switched_off_is_off(tmp_path: Path) -> None:
    found = layout(desktop(tmp_path, {}, on=False), "mac")
    assert not entry(found, "claude-desktop", "notes").enabled


def test_an_extension_without_settings_is_read_all_the_same(tmp_path: Path) -> None:
    name = f"{BASE}/Claude Extensions/x/manifest.json"
    found = layout(write(tmp_path, {name: MANIFEST}), "mac")
    assert entry(found, "claude-desktop", "notes").enabled
    assert not found.not_checked


@pytest.mark.parametrize(
    ("path", "name", "text"),
    [
        (".claude/agents/reviewer.md", "claude-code", AGENT),
        (".factory/droids/reviewer.md", "factory-droid", AGENT),
        (
            ".github/agents/reviewer.md",
            "copilot-cli",
            AGENT.replace("mcpServers:\n", "mcp-servers:\n"),
        ),
    ],
)
def test_servers_of_an_agent_are_read(path: str, name: str, text: str, tmp_path: Path) -> None:
    project = write(tmp_path / "project", {path: text})
    home = write(tmp_path / "home", {".keep": ""})
    found = look(home, project)
    one = entry(found, name, "playwright")
    assert one.argv == ("npx", "-y", "@playwright/mcp@latest")
    assert (one.line, one.project) == (5, str(project))
    assert len(client(found, name).entries) == 1


def test_a_map_of_servers_of_an_agent_is_read(tmp_path: Path) -> None:
    text = "---\nname: a\nmcp-servers:\n  s:\n    type: local\n    command: x\n---\n"
    found = look(write(tmp_path / "home", {".copilot/agents/a.md": text}))
    assert entry(found, "copilot-cli", "s").argv == ("x",)


def test_agents_without_servers_leave_no_trace(tmp_path: Path) -> None:
    text = "---\nname: a\ndescription: mcpServers\n---\nmcpServers:\n  s: {command: x}\n"
    files = {".claude/agents/a.md": text, ".claude/agents/b.md": "no block", ".claude.json": {}}
    found = look(write(tmp_path, files))
    assert not client(found, "claude-code").entries
    assert all("/agents/" not in one.path for one in client(found, "claude-code").files)


def test_a_broken_agent_is_named(tmp_path: Path) -> None:
    found = look(write(tmp_path, {".claude/agents/a.md": "---\nmcpServers: [\n---\n"}))
    assert found.not_checked[0].subject.endswith("agents/a.md")


def test_yaml_is_loaded_for_yaml_only(tmp_path: Path) -> None:
    """The reader of YAML takes longer to load than everything else."""
    write(tmp_path, {".claude/agents/a.md": "---\nname: a\n---\nx", ".cursor/mcp.json": {}})
    script = (
        "import sys\n"
        "from ostiary.clients.discover import discover\n"
        "from ostiary.clients.where import this_machine\n"
        f"found = discover(this_machine({{'HOME': {str(tmp_path)!r}}}))\n"
        "assert found.clients\n"
        "assert not [one for one in sys.modules if one.startswith('ruamel')]\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path, timeout=60)
