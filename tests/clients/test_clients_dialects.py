"""Every client's own way to write a server, read from files as that client keeps them."""

# ruff: noqa: E501 - tables of files read better unbroken

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest

from clients.machine import Files, client, entry, layout, look, write
from ostiary.clients.discover import discover
from ostiary.clients.where import other_system
from ostiary.model.client import Scope, Transport

STDIO = {"command": "npx", "args": ["-y", "pkg"], "env": {"KEY": "value-1"}}
REMOTE = {"url": "https://e.example/mcp", "headers": {"Authorization": "Bearer value-2"}}

PLAIN: dict[str, str] = {
    "claude-desktop": ".config/Claude/claude_desktop_config.json",
    "claude-code": ".claude.json",
    "gemini-cli": ".gemini/settings.json",
    "antigravity": ".gemini/config/mcp_config.json",
    "cursor": ".cursor/mcp.json",
    "windsurf": ".codeium/windsurf/mcp_config.json",
    "copilot-cli": ".copilot/mcp-config.json",
    "jetbrains-ai": ".ai/mcp/mcp.json",
    "junie": ".junie/mcp/mcp.json",
    "cline": ".cline/data/settings/cline_mcp_settings.json",
    "roo-code": ".config/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
    "lm-studio": ".lmstudio/mcp.json",
    "amazon-q": ".aws/amazonq/mcp.json",
    "kiro": ".kiro/settings/mcp.json",
    "warp": ".warp/.mcp.json",
    "qwen-code": ".qwen/settings.json",
    "factory-droid": ".factory/mcp.json",
    "augment": ".augment/settings.json",
    "boltai": ".boltai/mcp.json",
    "witsy": ".config/Witsy/settings.json",
    "5ire": ".config/5ire/mcp.json",
    "trae": ".config/Trae/User/mcp.json",
    "kimi": ".kimi/mcp.json",
    "qoder": ".qoder/mcp.json",
    "rovo-dev": ".rovodev/mcp.json",
    "devin": ".config/devin/mcp_config.json",
    "deep-agents": ".deepagents/.mcp.json",
    "mcphub": ".config/mcphub/servers.json",
    "mcporter": ".mcporter/mcporter.json",
    "enconvo": ".config/enconvo/mcp_config.json",
    "tome": ".tome/mcp_config.json",
    "aider-desk": ".config/aider-desk/settings.json",
    "bedrock-client": "Amazon Bedrock Client/mcp_config.json",
}


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_the_common_shape(name: str, tmp_path: Path) -> None:
    write(tmp_path, {PLAIN[name]: {"mcpServers": {"a": STDIO, "b": REMOTE}}})
    found = look(tmp_path)
    local, remote = entry(found, name, "a"), entry(found, name, "b")
    assert local.transport is Transport.STDIO
    assert local.argv == ("npx", "-y", "pkg")
    assert [(one.name, one.value.reveal()) for one in local.env if one.value] == [
        ("KEY", "value-1")
    ]
    assert local.env[0].line == 10
    assert (local.line, local.pointer, local.problems) == (3, "/mcpServers/a", ())
    expected = Transport.SSE if name in ("cline", "gemini-cli", "qwen-code") else Transport.HTTP
    assert (remote.transport, remote.url) == (expected, "https://e.example/mcp")
    assert remote.argv == ()
    assert [one.name for one in remote.headers] == ["Authorization"]
    assert not found.not_checked


OTHERS: dict[str, tuple[Files, dict[str, object]]] = {
    "vscode": (
        {".config/Code/User/mcp.json": '{// mine\n"servers": {"a": {"type": "stdio", "command": "x"},},}'},
        {"argv": ("x",), "line": 2},
    ),
    "codex": (
        {".codex/config.toml": '[mcp_servers.a]\ncommand = "x"\nenv_vars = ["K"]\nenabled = false\n'},
        {"argv": ("x",), "enabled": False},
    ),
    "zed": (
        {".config/zed/settings.json": {"context_servers": {"a": {"command": {"command": "x", "args": ["y"]}}}}},
        {"argv": ("x", "y")},
    ),
    "kilo": (
        {".config/kilo/kilo.jsonc": {"mcp": {"a": {"type": "local", "command": ["x", "y"], "enabled": False}}}},
        {"argv": ("x", "y"), "enabled": False},
    ),
    "continue": (
        {".continue/config.yaml": "name: c\nmcpServers:\n  - name: a\n    command: x\n    type: stdio\n"},
        {"argv": ("x",), "line": 3, "pointer": "/mcpServers/0"},
    ),
    "goose": (
        {".config/goose/config.yaml": "extensions:\n  a:\n    type: streamable_http\n    uri: https://e\n    enabled: false\n"},
        {"transport": Transport.HTTP, "url": "https://e", "enabled": False},
    ),
    "opencode": (
        {".config/opencode/opencode.json": {"mcp": {"servers": {"a": {"type": "remote", "url": "https://e", "disabled": True}}}}},
        {"transport": Transport.HTTP, "enabled": False, "pointer": "/mcp/servers/a"},
    ),
    "crush": (
        {".config/crush/crush.json": {"mcp": {"a": {"type": "sse", "url": "https://e", "disabled": True}}}},
        {"transport": Transport.SSE, "enabled": False},
    ),
    "amp": (
        {".config/amp/settings.json": {"amp.mcpServers": {"a": {"command": "x"}}, "amp": {"mcpServers": {"no": {}}}}},
        {"argv": ("x",), "pointer": "/amp.mcpServers/a"},
    ),
    "openclaw": (
        {".openclaw/openclaw.json": "{mcp: {servers: {a: {command: 'x'}}}}"},
        {"argv": ("x",)},
    ),
    "hermes": (
        {".hermes/config.yaml": "mcp_servers:\n  a:\n    command: x\n    trust: full\n"},
        {"argv": ("x",)},
    ),
    "vibe": (
        {".vibe/config.toml": '[[mcp_servers]]\nname = "z"\n[[mcp_servers]]\nname = "a"\ntransport = "http"\nurl = "https://e"\napi_key_env = "K"\n'},
        {"transport": Transport.HTTP, "line": 3},
    ),
    "grok-build": (
        {".grok/config.toml": '[mcp_servers.a]\nurl = "https://e"\n'},
        {"transport": Transport.HTTP},
    ),
    "muse-code": (
        {".config/muse/settings.json": {"mcp_servers": {"a": {"transport": "sse", "url": "https://e"}}}},
        {"transport": Transport.SSE},
    ),
    "nanobot": (
        {".nanobot/config.json": {"tools": {"mcpServers": {"a": {"command": "x"}}}}},
        {"argv": ("x",)},
    ),
    "sema4": (
        {".sema4ai/sema4ai-studio/mcp_servers.json": {"a": {"command": "x"}}},
        {"argv": ("x",)},
    ),
    "copilot-jetbrains": (
        {".config/github-copilot/intellij/mcp.json": {"servers": {"a": {"command": "x"}}}},
        {"argv": ("x",)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_a_shape_of_its_own(name: str, tmp_path: Path) -> None:
    files, expected = OTHERS[name]
    write(tmp_path, files)
    found = look(tmp_path)
    one = entry(found, name, "a")
    assert {key: getattr(one, key) for key in expected} == expected
    assert [each.name for each in client(found, name).entries if each.name == "no"] == []
    assert one.problems == ()


PROJECTS: dict[str, Files] = {
    "claude-code": {".mcp.json": {"mcpServers": {"a": STDIO}}},
    "codex": {".codex/config.toml": '[mcp_servers.a]\ncommand = "x"\n'},
    "gemini-cli": {".gemini/settings.json": {"mcpServers": {"a": STDIO}}},
    "cursor": {".cursor/mcp.json": {"mcpServers": {"a": STDIO}}},
    "vscode": {".vscode/mcp.json": {"servers": {"a": STDIO}}},
    "copilot-cli": {".github/mcp.json": {"mcpServers": {"a": STDIO}}},
    "zed": {".zed/settings.json": {"context_servers": {"a": STDIO}}},
    "continue": {".continue/mcpServers/x.json": {"a": STDIO}},
    "librechat": {"librechat.yaml": "mcpServers:\n  a:\n    type: websocket\n    url: ws://e\n"},
    "opencode": {"opencode.jsonc": '{"mcp": {"a": {"type": "local", "command": ["x"]}}}'},
    "crush": {".crush.json": {"mcp": {"a": STDIO}}},
    "amp": {".amp/settings.json": {"amp.mcpServers": {"a": STDIO}}},
    "firebase-studio": {".idx/mcp.json": {"mcpServers": {"a": STDIO}}},
    "mcporter": {"config/mcporter.json": {"mcpServers": {"a": STDIO}}},
}


@pytest.mark.parametrize("name", sorted(PROJECTS))
def test_project_files(name: str, tmp_path: Path) -> None:
    project = write(tmp_path / "work", PROJECTS[name])
    one = entry(look(tmp_path / "home", project), name, "a")
    assert (one.scope, one.project) == (Scope.PROJECT, str(project))


def test_vs_code_has_many_places(tmp_path: Path) -> None:
    def server(name: str) -> dict[str, object]:
        return {"servers": {name: {"type": "http", "url": "https://e"}}}

    project = write(
        tmp_path / "work",
        {
            ".vscode/settings.json": {"mcp": server("project settings")},
            "x.code-workspace": {"settings": {"mcp": server("workspace")}},
            ".devcontainer/devcontainer.json": {
                "image": "x",
                "customizations": {"vscode": {"mcp": server("container")}},
            },
        },
    )
    home = write(
        tmp_path / "home",
        {
            ".config/Code/User/mcp.json": server("user"),
            ".config/Code/User/profiles/p1/mcp.json": server("profile"),
            ".config/Code - Insiders/User/mcp.json": server("insiders"),
            ".config/VSCodium/User/mcp.json": server("codium"),
            ".vscode-server/data/User/mcp.json": server("server"),
            ".config/Code/User/settings.json": {"mcp.servers": server("dotted")["servers"]},
            "portable/user-data/User/mcp.json": server("portable"),
        },
    )
    environment = {"VSCODE_PORTABLE": str(home / "portable")}
    found = client(look(home, project, environment=environment), "vscode")
    assert {one.name: str(one.scope) for one in found.entries} == {
        "codium": "user",
        "container": "project",
        "dotted": "user",
        "insiders": "user",
        "portable": "user",
        "profile": "profile",
        "project settings": "project",
        "server": "user",
        "user": "user",
        "workspace": "project",
    }


def test_a_devcontainer_without_servers_is_nobodys_file(tmp_path: Path) -> None:
    project = write(tmp_path / "w", {".devcontainer/devcontainer.json": {"image": "x"}})
    assert look(tmp_path / "home", project).clients == ()


def test_claude_code_scopes(tmp_path: Path) -> None:
    project = write(tmp_path / "home/projects/deep", {".keep": ""})
    home = write(
        tmp_path / "home",
        {
            ".claude.json": {
                "mcpServers": {"user": STDIO},
                "projects": {
                    str(project): {
                        "mcpServers": {"local": STDIO, "off": STDIO},
                        "disabledMcpServers": ["off", "user"],
                    }
                },
            },
            "projects/.mcp.json": {"mcpServers": {"above": STDIO}},
            ".mcp.json": {"mcpServers": {"top": STDIO}},
            ".claude/plugins/cache/m/p/1.0/.mcp.json": {"flat": STDIO},
            ".claude/plugins/cache/m/q/.claude-plugin/plugin.json": {
                "name": "q",
                "mcpServers": {"inline": STDIO},
            },
            ".claude/plugins/cache/m/r/.mcp.json": {"unrelated": {"a": 1}},
            ".claude/plugins/marketplaces/x/.mcp.json": {"mcpServers": {"catalogue": STDIO}},
            "projects/deep/.claude/settings.json": {"disabledMcpjsonServers": ["above"]},
        },
    )
    found = client(look(home), "claude-code")
    assert {one.name: (str(one.scope), one.enabled) for one in found.entries} == {
        "user": ("user", True),
        "local": ("local", True),
        "off": ("local", False),
        "above": ("project", True),
        "top": ("project", True),
        "flat": ("plugin", True),
        "inline": ("plugin", True),
    }
    local = next(one for one in found.entries if one.name == "local")
    assert local.project == str(project)


def test_desktop_extensions_and_managed_servers(tmp_path: Path) -> None:
    support = "Library/Application Support/Claude"
    home = write(
        tmp_path,
        {
            f"{support}/Claude Extensions/x/manifest.json": {
                "manifest_version": "0.2",
                "name": "files",
                "server": {"type": "node", "mcp_config": STDIO},
            },
            f"{support}/Claude Extensions Settings/x.json": {"isEnabled": True},
            "Library/Application Support/Claude-3p/configLibrary/1.json": {
                "managedMcpServers": [
                    {"name": "m", "transport": "http", "url": "https://e", "headersHelper": "/x",
                     "toolPolicy": {"get_*": "allow", "del_*": "blocked", "put": "ask"}}
                ]
            },
        },
    )  # fmt: skip
    found = layout(home, "mac")
    extension = entry(found, "claude-desktop", "files")
    assert (extension.scope, extension.argv) == (Scope.PLUGIN, ("npx", "-y", "pkg"))
    managed = entry(found, "claude-desktop", "m")
    assert managed.tools.auto_approve == ("get_*",)
    assert managed.tools.hidden == ("del_*",)
    assert [one.what for one in managed.executes] == ["headersHelper"]


def test_managed_preferences_of_macos(tmp_path: Path) -> None:
    value = {"managedMcpServers": '[{"name": "m", "transport": "stdio", "command": "/x"}]'}
    write(
        tmp_path,
        {
            "Users/ann/.keep": "",
            "System/Library/.keep": "",
            "Library/Managed Preferences/ann/com.anthropic.claudefordesktop.plist": plistlib.dumps(
                value, fmt=plistlib.FMT_BINARY
            ),
        },
    )
    one = entry(discover(other_system(tmp_path, ())), "claude-desktop", "m")
    assert one.scope is Scope.MANAGED
    assert one.file == "/Library/Managed Preferences/ann/com.anthropic.claudefordesktop.plist"


def test_windows_layout(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "Windows/.keep": "",
            "Users/bob/AppData/Roaming/Claude/claude_desktop_config.json": {
                "mcpServers": {"a": STDIO}
            },
            "Users/bob/.mcp.json": {"servers": {"v": {"type": "http", "url": "https://e"}}},
        },
    )
    found = discover(other_system(tmp_path, ()))
    assert entry(found, "claude-desktop", "a").file == (
        r"C:\Users\bob\AppData\Roaming\Claude\claude_desktop_config.json"
    )
    assert entry(found, "visual-studio", "v").transport is Transport.HTTP
    said = [one for one in found.not_checked if "registry" in one.subject]
    assert len(said) == 1
    assert "Claude Desktop: HKLM" in said[0].reason
    assert said[0].file is None


def test_one_file_of_many_readers(tmp_path: Path) -> None:
    """Two dialects share a name; who is not installed does not count."""
    project = write(tmp_path / "w", {".mcp.json": {"mcpServers": {"a": STDIO}}})
    alone = look(tmp_path / "home", project)
    assert [one.id for one in alone.clients] == ["claude-code"]
    assert client(alone, "claude-code").files[0].also_read_by == (
        "copilot-cli", "cursor", "mcporter", "vscode", "warp", "windsurf",
    )  # fmt: skip
    (tmp_path / "home/.copilot").mkdir(parents=True)
    both = look(tmp_path / "home", project)
    assert entry(both, "copilot-cli", "a").argv == entry(both, "claude-code", "a").argv


def test_known_projects_of_other_clients(tmp_path: Path) -> None:
    folders = {name: tmp_path / "p" / name for name in ("codex one", "code", "gravity")}
    for folder in folders.values():
        write(folder, {".cursor/mcp.json": {"mcpServers": {folder.name: STDIO}}})
    home = write(
        tmp_path / "home",
        {
            ".codex/config.toml": f'[projects."{folders["codex one"]}"]\ntrust_level = "trusted"\n',
            ".config/Code/User/workspaceStorage/1/workspace.json": {
                "folder": folders["code"].as_uri()
            },
            ".config/Code/User/workspaceStorage/2/workspace.json": {
                "folder": "vscode-remote://x/y"
            },
            ".config/Code/User/workspaceStorage/3/workspace.json": {"folder": "file://host/share"},
            ".config/Code/User/workspaceStorage/4/workspace.json": {"folder": ""},
            ".gemini/config/projects/1.json": {
                "projectResources": {"resources": [{"folderUri": folders["gravity"].as_uri()}]}
            },
        },
    )
    found = client(look(home), "cursor")
    assert sorted(one.name for one in found.entries) == ["code", "codex one", "gravity"]


@pytest.mark.proves("CR-36")
def test_servers_in_daily_use_are_listed_per_client(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        {
            ".cursor/mcp.json": {"mcpServers": {
                "airtable": {"command": "npx", "args": ["-y", "airtable-mcp-server"]},
                "google-drive": {"url": "https://drive.example/mcp"},
            }},
            ".codex/config.toml": '[mcp_servers.sharepoint]\nurl = "https://sp.example/mcp"\n',
        },
    )  # fmt: skip
    found = look(home)
    assert {one.id: [e.name for e in one.entries] for one in found.clients} == {
        "codex": ["sharepoint"],
        "cursor": ["airtable", "google-drive"],
    }


@pytest.mark.proves("CR-13")
def test_built_in_servers_are_a_class_of_their_own(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        {
            ".config/goose/config.yaml": (
                "extensions:\n  developer:\n    type: builtin\n    enabled: true\n    bundled: true\n"
                "  mine:\n    type: stdio\n    cmd: x\n"
            ),
            ".copilot/mcp-config.json": {"mcpServers": {}},
        },
    )
    found = look(home)
    kinds = {one.name: one.transport for one in client(found, "goose").entries}
    assert kinds == {"developer": Transport.BUILTIN, "mine": Transport.STDIO}
    assert entry(found, "goose", "developer").problems == ()
    assert client(found, "copilot-cli").builtin == ("github",)
