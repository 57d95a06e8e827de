"""Policies in force and asking modes, per client, with who decides."""

# ruff: noqa: E501 - tables of files read better unbroken

from __future__ import annotations

from pathlib import Path

import pytest

from clients.machine import Files, client, entry, look, write
from ostiary.clients.discover import discover
from ostiary.clients.where import other_system
from ostiary.model.client import PolicyKind

MATCHERS = {
    "allowedMcpServers": [
        {"serverCommand": ["npx", "-y", "ok"]},
        {"serverUrl": "https://*.example.com/*"},
        {"serverName": "fine"},
        "not an object",
    ],
    "deniedMcpServers": [{"serverName": "bad"}],
}
ADMIN: dict[str, tuple[Files, set[tuple[str, str, str]]]] = {
    "claude-code": (
        {"etc/claude-code/managed-settings.d/10.json": MATCHERS},
        {("allow", "argv", '["npx", "-y", "ok"]'), ("allow", "url", "https://*.example.com/*"),
         ("allow", "name", "fine"), ("deny", "name", "bad")},
    ),
    "copilot-cli": (
        {"etc/github-copilot/managed-settings.json": MATCHERS},
        {("allow", "argv", '["npx", "-y", "ok"]'), ("allow", "url", "https://*.example.com/*"),
         ("allow", "name", "fine"), ("deny", "name", "bad")},
    ),
    "codex": (
        {"etc/codex/requirements.toml":
         '[mcp_servers.docs.identity]\ncommand = "npx"\n[mcp_servers.web.identity]\nurl = "https://e"\n'},
        {("allow", "command", "docs: npx"), ("allow", "url", "web: https://e")},
    ),
    "gemini-cli": (
        {"etc/gemini-cli/settings.json": {"mcp": {"allowed": ["a"], "excluded": ["b"]},
                                          "security": {"disableYoloMode": True}}},
        {("allow", "name", "a"), ("deny", "name", "b"),
         ("switch", "all", "security.disableYoloMode: true (nobody can turn asking off)")},
    ),
    "factory-droid": (
        {"etc/factory/settings.json": {"mcpPolicy": {"enabled": True, "allowlist": [
            {"hostname": "mcp.example.com"}, {"command": "npx", "args": ["-y", "p"]}, {"command": "npx"}]}}},
        {("allow", "url", "mcp.example.com"), ("allow", "argv", '["npx", "-y", "p"]'),
         ("allow", "command", "npx")},
    ),
    "amp": (
        {"etc/ampcode/managed-settings.json": {"amp.mcpPermissions": [
            {"matches": {"command": "npx", "args": "*"}, "action": "allow"},
            {"matches": {"url": "https://e/*"}, "action": "allow"},
            {"matches": {"command": "*"}, "action": "reject"}]}},
        {("allow", "argv", "npx *"), ("allow", "url", "https://e/*"), ("deny", "command", "*")},
    ),
    "vscode": (
        {"etc/vscode/policy.json": {"ChatMCP": "registryOnly",
                                    "ChatToolsEligibleForAutoApproval": {"fetch": False}}},
        {("switch", "all", "ChatMCP: registryOnly (allowed, registryOnly or off)"),
         ("deny", "name", "ChatToolsEligibleForAutoApproval: fetch")},
    ),
}  # fmt: skip


@pytest.mark.proves("CR-07", "CR-17")
@pytest.mark.parametrize("name", sorted(ADMIN))
def test_policies_of_an_administrator(name: str, tmp_path: Path) -> None:
    files, expected = ADMIN[name]
    write(tmp_path, files)
    for path in files:
        (tmp_path / path).chmod(0o644)
    write(tmp_path, {"home/ann/.keep": ""})
    found = client(discover(other_system(tmp_path, ())), name)
    assert {(str(one.kind), one.matches, one.pattern) for one in found.policies} == expected
    assert all(one.managed for one in found.policies)
    assert all(one.file.startswith("/etc/") and one.line for one in found.policies)
    assert found.control in {"A", "B", "C"}
    assert found.control_note


def test_an_exclusive_file_turns_the_others_off(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "etc/claude-code/managed-mcp.json": {"mcpServers": {"only": {"command": "/usr/bin/x"}}},
            "home/ann/.claude.json": {"mcpServers": {"own": {"command": "x"}}},
        },
    )
    found = discover(other_system(tmp_path, ()))
    rule = client(found, "claude-code").policies[0]
    assert (rule.kind, rule.matches, rule.pattern) == (PolicyKind.EXCLUSIVE, "all", "only")
    own = entry(found, "claude-code", "own")
    assert not own.enabled
    assert own.problems == ("not started while /etc/claude-code/managed-mcp.json exists",)
    assert entry(found, "claude-code", "only").enabled


def test_a_policy_that_users_can_write_is_told_apart(tmp_path: Path) -> None:
    write(tmp_path, {"etc/github-copilot/managed-settings.json": MATCHERS, "home/a/.keep": ""})
    (tmp_path / "etc/github-copilot/managed-settings.json").chmod(0o666)
    found = client(discover(other_system(tmp_path, ())), "copilot-cli")
    assert found.policies
    assert not any(one.managed for one in found.policies)


def test_an_empty_allow_list_allows_nothing(tmp_path: Path) -> None:
    write(tmp_path, {".claude/settings.json": {"allowedMcpServers": []}})
    rule = client(look(tmp_path), "claude-code").policies[0]
    assert (rule.kind, rule.matches, rule.pattern) == ("allow", "all", "nothing is listed")
    assert not rule.managed


def test_excluded_servers_are_off_where_the_list_counts(tmp_path: Path) -> None:
    servers = {"mcpServers": {"a": {"command": "x"}, "b": {"command": "y"}}}
    project = write(
        tmp_path / "home/p",
        {
            ".gemini/settings.json": {
                "mcp": {"excluded": ["a"]},
                "mcpServers": {"c": {"command": "z"}},
            }
        },
    )
    home = write(
        tmp_path / "home", {".gemini/settings.json": {**servers, "mcp": {"excluded": ["b", "c"]}}}
    )
    found = {one.name: one.enabled for one in client(look(home, project), "gemini-cli").entries}
    assert found == {"a": True, "b": False, "c": False}, "a project cannot turn a user's server off"


def test_another_layer_can_turn_a_server_off(tmp_path: Path) -> None:
    project = write(
        tmp_path / "p", {"opencode.json": {"mcp": {"a": {"enabled": False}, "b": False}}}
    )
    home = write(
        tmp_path / "home",
        {".config/opencode/opencode.json": {"mcp": {"a": {"type": "local", "command": ["x"]}}}},
    )
    found = client(look(home, project), "opencode").entries
    assert [(one.name, one.enabled) for one in found] == [("a", True)]
    again = write(home, {".config/opencode/opencode.jsonc": {"mcp": {"a": {"enabled": False}}}})
    assert [one.enabled for one in client(look(again), "opencode").entries] == [False]


BYPASSES: dict[str, tuple[Files, set[str]]] = {
    "claude-code": (
        {".claude/settings.json": {
            "permissions": {"defaultMode": "bypassPermissions", "allow": ["mcp__srv__*", "Read"]},
            "enableAllProjectMcpServers": True, "skipDangerousModePermissionPrompt": True}},
        {"permissions.defaultMode", "permissions.allow", "enableAllProjectMcpServers",
         "skipDangerousModePermissionPrompt"},
    ),
    "vscode": (
        {".config/Code/User/settings.json": '{"chat.tools.autoApprove": true, // !\n"chat.tools.global.autoApprove": true}',
         ".config/Code/User/mcp.json": {"servers": {"s": {"command": "x", "sandboxEnabled": True}}}},
        {"chat.tools.autoApprove", "chat.tools.global.autoApprove", "servers.sandboxEnabled"},
    ),
    "gemini-cli": (
        {".gemini/settings.json": {"mcpServers": {"s": {"command": "x", "trust": True}},
                                   "general": {"defaultApprovalMode": "yolo"}}},
        {"mcpServers.trust", "general.defaultApprovalMode"},
    ),
    "codex": (
        {".codex/config.toml": 'approval_policy = "never"\nsandbox_mode = "danger-full-access"\n'
                               '[mcp_servers.s]\ncommand = "x"\ndefault_tools_approval_mode = "approve"\n'},
        {"approval_policy", "sandbox_mode", "mcp_servers.default_tools_approval_mode"},
    ),
    "cursor": ({".cursor/permissions.json": '{"mcpAllowlist": ["*:*"], /* all */}'}, {"mcpAllowlist"}),
    "goose": ({".config/goose/config.yaml": "GOOSE_MODE: auto\n"}, {"GOOSE_MODE"}),
    "zed": ({".config/zed/settings.json": {"agent": {"always_allow_tool_actions": True}}},
            {"agent.always_allow_tool_actions"}),
    "amp": ({".config/amp/settings.json": {"amp.dangerouslyAllowAll": True, "amp.mcpPermissions": []}},
            {"amp.dangerouslyAllowAll"}),
    "crush": ({".config/crush/crush.json": {"permissions": {"allowed_tools": ["view", "mcp_s_t"]}}},
              {"permissions.allowed_tools"}),
    "opencode": ({".config/opencode/opencode.json": {"permission": "allow"}}, {"permission"}),
}  # fmt: skip


@pytest.mark.proves("CR-25")
@pytest.mark.parametrize("name", sorted(BYPASSES))
def test_modes_in_which_nobody_is_asked(name: str, tmp_path: Path) -> None:
    files, expected = BYPASSES[name]
    found = client(look(write(tmp_path, files)), name)
    bypasses = [one for one in found.permissions if one.bypass]
    assert {one.key for one in bypasses} == expected
    assert all(one.line and one.effect and one.file for one in bypasses)


def test_asking_modes_are_no_bypass(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        {
            ".claude/settings.json": {"permissions": {"defaultMode": "default", "allow": ["Read"]}},
            ".codex/config.toml": 'approval_policy = "on-request"\n',
            ".config/goose/config.yaml": "GOOSE_MODE: approve\n",
            ".gemini/settings.json": {"mcpServers": {"s": {"command": "x", "trust": False}}},
            ".config/Code/User/settings.json": {"chat.tools.global.autoApprove": False},
        },
    )
    found = look(home)
    assert not [one for each in found.clients for one in each.permissions if one.bypass]
    assert [one.decided_by for one in client(found, "goose").permissions] == ["person"]


def test_silence_can_be_a_bypass(tmp_path: Path) -> None:
    found = client(look(write(tmp_path, {".config/goose/config.yaml": "x: 1\n"})), "goose")
    assert [(one.key, one.value, one.bypass) for one in found.permissions] == [
        ("GOOSE_MODE", "not set", True)
    ]


@pytest.mark.proves("CR-23")
def test_who_decides_is_told_per_client(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        {
            ".config/goose/config.yaml": "GOOSE_MODE: smart_approve\n",
            ".cursor/permissions.json": {"autoRun": {"allow_instructions": ["be nice"]}},
            ".codex/config.toml": 'approval_policy = "on-request"\n',
        },
    )
    found = look(home)
    deciders = {one.id: {p.decided_by for p in one.permissions} for one in found.clients}
    assert deciders == {"goose": {"model"}, "cursor": {"model"}, "codex": {"person"}}
    assert all(one.decides for one in found.clients)


@pytest.mark.proves("CR-32")
def test_which_tools_reach_the_model_is_read_per_server(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        {
            ".claude.json": {"mcpServers": {"my srv": {"command": "x"}, "all": {"command": "y"}}},
            ".claude/settings.json": {
                "permissions": {"allow": ["mcp__my_srv__get", "mcp__all"], "deny": ["mcp__my_srv__del"]}
            },
            ".codex/config.toml": (
                '[mcp_servers.c]\ncommand = "x"\nenabled_tools = ["a", "b"]\ndisabled_tools = ["b"]\n'
                'default_tools_approval_mode = "prompt"\n[mcp_servers.c.tools.a]\napproval_mode = "approve"\n'
            ),
            ".gemini/settings.json": {
                "mcpServers": {"g": {"command": "x", "includeTools": ["i"], "excludeTools": ["e"], "trust": True}}
            },
            ".copilot/mcp-config.json": {"mcpServers": {"p": {"command": "x", "tools": ["*"]}}},
            ".kiro/settings/mcp.json": {"mcpServers": {"k": {"command": "x", "autoApprove": ["*", "z"]}}},
            ".cursor/mcp.json": {"mcpServers": {"u": {"command": "x"}}},
            ".cursor/permissions.json": {"mcpAllowlist": ["u:read", "other:*"]},
        },
    )  # fmt: skip
    found = look(home)
    mine = entry(found, "claude-code", "my srv").tools
    assert (mine.auto_approve, mine.hidden, mine.auto_approve_all) == (("get",), ("del",), False)
    assert entry(found, "claude-code", "all").tools.auto_approve_all
    codex = entry(found, "codex", "c").tools
    assert (codex.only, codex.hidden, codex.auto_approve) == (("a", "b"), ("b",), ("a",))
    gemini = entry(found, "gemini-cli", "g").tools
    assert (gemini.only, gemini.hidden, gemini.auto_approve_all) == (("i",), ("e",), True)
    assert gemini.why == "trust: true"
    assert entry(found, "copilot-cli", "p").tools.only is None
    assert entry(found, "kiro", "k").tools.auto_approve_all
    assert entry(found, "cursor", "u").tools.auto_approve == ("read",)
