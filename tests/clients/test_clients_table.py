"""The table of clients is checked when it is loaded, and users can add to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.machine import client, entry, look, write
from ostiary.clients.discover import discover
from ostiary.clients.places import Places
from ostiary.clients.table import CLIENTS, BadRecord, load_table
from ostiary.clients.where import Where

MINE = """
id = "mine"
name = "My client"
grade = "S"
source = "its own manual"
verified = "2026-11-20"

[shape]
keys = [["tools", "remote"]]
urls = { endpoint = "sse" }

[[file]]
scope = "user"
format = "yaml"
paths = ["~/.mine/config.yaml"]
"""


def test_every_record_loads_and_is_registered() -> None:
    records = load_table()
    assert len(records) >= 40
    assert [one.id for one in records] == sorted(CLIENTS)
    folder = Path(__file__).parents[2] / "src/ostiary/clients/table"
    assert sorted(path.stem for path in folder.glob("*.toml")) == sorted(CLIENTS)
    ids = {one.id for one in records}
    for record in records:
        assert record.source
        assert record.decides, record.id
        assert record.tool_change, record.id
        assert set(record.also_reads) <= ids


@pytest.mark.proves("CR-35")
def test_the_three_families_are_there_on_every_platform() -> None:
    """Where files lie on Linux, macOS and Windows, for the families asked for first."""
    expected = {
        (
            "claude-desktop",
            "mac",
        ): "/h/Library/Application Support/Claude/claude_desktop_config.json",
        ("claude-desktop", "windows"): "/h/AppData/Roaming/Claude/claude_desktop_config.json",
        ("claude-code", "linux"): "/h/.claude.json",
        ("codex", "windows"): "/h/.codex/config.toml",
        ("gemini-cli", "mac"): "/h/.gemini/settings.json",
        ("zed", "mac"): "/h/.config/zed/settings.json",
        ("zed", "windows"): "/h/AppData/Roaming/Zed/settings.json",
        ("goose", "windows"): "/h/AppData/Roaming/Block/goose/config/config.yaml",
        ("vscode", "mac"): "/h/Library/Application Support/Code - Insiders/User/mcp.json",
        ("vscode", "linux"): "/h/.config/VSCodium/User/mcp.json",
        ("opencode", "mac"): "/h/.config/opencode/opencode.json",
    }
    for (name, platform), path in expected.items():
        assert path in _homes(name, platform), (name, platform)
    assert "/etc/claude-code/managed-mcp.json" in _system("claude-code", "linux")
    assert "/ProgramData/OpenAI/Codex/config.toml" in _system("codex", "windows")
    assert "/Library/Application Support/GeminiCli/settings.json" in _system("gemini-cli", "mac")


def _homes(name: str, platform: str) -> list[str]:
    record = next(one for one in load_table() if one.id == name)
    places = Places(platform, {}, "/h", "")
    return [p for spec in record.files for t in spec.paths for p in places.of_home(t)]


def _system(name: str, platform: str) -> list[str]:
    record = next(one for one in load_table() if one.id == name)
    places = Places(platform, {}, "/h", "")
    return [p for spec in record.files for t in spec.paths for p in places.of_system(t)]


def test_environment_overrides_hold_in_the_own_home_only() -> None:
    record = next(one for one in load_table() if one.id == "codex")
    template = record.files[0].paths[0]
    assert Places("linux", {"CODEX_HOME": "/x"}, "/h", "").of_home(template) == ("/x/config.toml",)
    assert Places("linux", {}, "/h", "").of_home(template) == ()
    assert Places("linux", {"CODEX_HOME": "relative"}, "/h", "").of_home(template) == ()


def test_a_record_of_the_user_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "mine.toml": MINE,
            "home/.mine/config.yaml": "tools:\n  remote:\n    a:\n      endpoint: https://e\n",
        },
    )
    where = Where(
        root=None,
        homes=(tmp_path / "home",),
        projects=(),
        platform="linux",
        tables=(tmp_path / "mine.toml",),
    )
    found = entry(discover(where), "mine", "a")
    assert (found.transport, found.url, found.line) == ("sse", "https://e", 3)


def test_a_record_of_the_user_replaces_ours(tmp_path: Path) -> None:
    path = tmp_path / "cursor.toml"
    path.write_text(MINE.replace('"mine"', '"cursor"'))
    replaced = next(one for one in load_table((path,)) if one.id == "cursor")
    assert replaced.name == "My client"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('id = "mine"', 'id = "Not An Id"'), "id: lower-case words"),
        (('grade = "S"', 'grade = "Z"'), "grade: one of S, D"),
        (('verified = "2026-11-20"', 'verified = "soon"'), "verified: a date"),
        (('source = "its own manual"', ""), "source: a text is expected"),
        (('scope = "user"', 'scope = "galaxy"'), "file.*scope: one of user"),
        (('format = "yaml"', 'format = "ini"'), "format: one of json"),
        (('"~/.mine/config.yaml"', '"config.yaml"'), "must start at"),
        (('"~/.mine/config.yaml"', '"{nowhere}/c"'), "not a variable"),
        (('endpoint = "sse"', 'endpoint = "pigeon"'), "urls: one of stdio"),
        (('keys = [["tools"', 'kyes = [["tools"'), "kyes: this key means nothing"),
        (('keys = [["tools", "remote"]]', 'keys = "tools"'), "keys: a list of key paths"),
        (('id = "mine"', 'id = "mine'), "not valid TOML"),
        (('id = "mine"', 'id = "mine"\nruns = ["$[x]"]'), "runs: syntaxes"),
    ],
)
def test_a_bad_record_says_where_and_what(
    change: tuple[str, str], says: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(MINE.replace(*change))
    with pytest.raises(BadRecord, match=says):
        load_table((path,))
    where = Where(root=None, homes=(tmp_path,), projects=(), platform="linux", tables=(path,))
    assert any(one.file == str(path) for one in discover(where).not_checked)


def test_an_unknown_client_is_not_silently_nothing(tmp_path: Path) -> None:
    where = Where(root=None, homes=(tmp_path,), projects=(), platform="linux", only=("nope",))
    assert [one.subject for one in discover(where).not_checked] == ["client nope"]


def test_only_the_clients_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {".cursor/mcp.json": {}, ".codex/config.toml": ""})
    where = Where(root=None, homes=(tmp_path,), projects=(), platform="linux", only=("codex",))
    assert [one.id for one in discover(where).clients] == ["codex"]
    assert {one.id for one in look(tmp_path).clients} == {"codex", "cursor"}


def test_a_client_without_servers_is_still_found(tmp_path: Path) -> None:
    (tmp_path / ".lmstudio").mkdir()
    found = client(look(tmp_path), "lm-studio")
    assert found.homes == (str(tmp_path),)
    assert (found.files, found.entries) == ((), ())
