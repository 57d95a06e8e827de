"""Every record of the table reads a file in its own client's words: one on, one off, one remote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clients.machine import entry, layout, write
from ostiary.clients.table import CLIENTS
from ostiary.model.client import Transport

_ON = {"command": "npx", "args": ["-y", "pkg"], "env": {"TOKEN": "abc"}}
_FAR = {"url": "https://x.example/mcp", "headers": {"Authorization": "Bearer k"}}


def servers(
    off: dict[str, object] | None = None, far: dict[str, object] | None = None, **more: object
) -> dict[str, object]:
    """The three servers in the words most clients share."""
    found: dict[str, object] = {"on": {**_ON, **more}}
    if off is not None:
        found["off"] = {**_ON, **off}
    if far is not None:
        found["far"] = {**_FAR, **far}
    return found


def wrapped(key: str, **how: object) -> dict[str, object]:
    return {key: servers(**how)}  # type: ignore[arg-type]


DISABLED = {"disabled": True}
TYPED = {"type": "http"}
ARGV = {
    "on": {"type": "local", "command": ["npx", "-y", "pkg"], "environment": {"TOKEN": "abc"}},
    "off": {"type": "local", "command": ["npx", "-y", "pkg"], "enabled": False},
    "far": {"type": "remote", **_FAR},
}
SERVER_URL = {
    "on": _ON,
    "off": {**_ON, "disabled": True},
    "far": {"serverUrl": _FAR["url"], "headers": _FAR["headers"]},
}
SNAKE = """[mcp_servers.on]
command = "npx"
args = ["-y", "pkg"]
env = { TOKEN = "abc" }
[mcp_servers.off]
command = "npx"
enabled = false
[mcp_servers.far]
url = "https://x.example/mcp"
"""
GOOSE = """extensions:
  on: {type: stdio, enabled: true, cmd: npx, args: [-y, pkg], envs: {TOKEN: abc}}
  off: {type: stdio, enabled: false, cmd: npx, args: [], envs: {}}
  far:
    {type: streamable_http, enabled: true, uri: "https://x.example/mcp",
     headers: {Authorization: Bearer k}}
"""
LIST = """mcpServers:
  - {name: on, command: npx, args: [-y, pkg], env: {TOKEN: abc}}
  - {name: far, type: streamable-http, url: "https://x.example/mcp"}
"""
MAP = """KEY:
  on: {command: npx, args: [-y, pkg], env: {TOKEN: abc}}
  off: {command: npx, enabled: false}
  far: {type: streamable-http, url: "https://x.example/mcp", headers: {Authorization: Bearer k}}
"""
VIBE = """[[mcp_servers]]
name = "on"
transport = "stdio"
command = "npx"
args = ["-y", "pkg"]
env = { TOKEN = "abc" }
[[mcp_servers]]
name = "far"
transport = "streamable-http"
url = "https://x.example/mcp"
headers = { Authorization = "Bearer k" }
"""
FILES: dict[str, tuple[str, object]] = {
    "5ire": (".config/5ire/mcp.json", {"mcpServers": servers({"isActive": False}, {})}),
    "aider-desk": (".config/aider-desk/settings.json", wrapped("mcpServers", far={})),
    "amazon-q": (".aws/amazonq/mcp.json", wrapped("mcpServers", off=DISABLED, far=TYPED)),
    "amp": (".config/amp/settings.json", wrapped("amp.mcpServers", far={})),
    "antigravity": (".gemini/config/mcp_config.json", {"mcpServers": SERVER_URL}),
    "augment": (".augment/settings.json", wrapped("mcpServers", far=TYPED)),
    "bedrock-client": ("Amazon Bedrock Client/mcp_config.json", wrapped("mcpServers")),
    "boltai": (".boltai/mcp.json", wrapped("mcpServers")),
    "claude-code": (".claude.json", wrapped("mcpServers", far=TYPED, type="stdio")),
    "claude-desktop": (".config/Claude/claude_desktop_config.json", wrapped("mcpServers")),
    "cline": (
        ".cline/data/settings/cline_mcp_settings.json",
        wrapped("mcpServers", off=DISABLED, far={"type": "streamableHttp"}),
    ),
    "codex": (
        ".codex/config.toml",
        SNAKE + '[mcp_servers.far.http_headers]\nAuthorization = "k"\n',
    ),
    "continue": (".continue/config.yaml", LIST),
    "copilot-cli": (
        ".copilot/mcp-config.json",
        wrapped("mcpServers", far={**TYPED, "tools": ["*"]}, type="local", tools=["*"]),
    ),
    "copilot-jetbrains": (".config/github-copilot/intellij/mcp.json", wrapped("servers", far={})),
    "crush": (".config/crush/crush.json", wrapped("mcp", off=DISABLED, far=TYPED, type="stdio")),
    "cursor": (".cursor/mcp.json", wrapped("mcpServers", far={})),
    "deep-agents": (".deepagents/.mcp.json", wrapped("mcpServers", far=TYPED)),
    "devin": (".config/devin/mcp_config.json", {"mcpServers": SERVER_URL}),
    "enconvo": (".config/enconvo/mcp_config.json", wrapped("mcpServers")),
    "factory-droid": (".factory/mcp.json", wrapped("mcpServers", off=DISABLED, far=TYPED)),
    "firebase-studio": ("project/.idx/mcp.json", wrapped("mcpServers")),
    "gemini-cli": (
        ".gemini/settings.json",
        {
            "mcpServers": {
                **servers({}),
                "far": {"httpUrl": _FAR["url"], "headers": _FAR["headers"]},
            },
            "mcp": {"excluded": ["off"]},
        },
    ),
    "goose": (".config/goose/config.yaml", GOOSE),
    "grok-build": (".grok/config.toml", SNAKE),
    "hermes": (".hermes/config.yaml", MAP.replace("KEY", "mcp_servers")),
    "jetbrains-ai": (".ai/mcp/mcp.json", wrapped("mcpServers", far={})),
    "junie": (".junie/mcp/mcp.json", wrapped("mcpServers", far={})),
    "kilo": (".config/kilo/kilo.json", {"mcp": ARGV}),
    "kimi": (".kimi/mcp.json", wrapped("mcpServers", far={"transport": "http"})),
    "kiro": (".kiro/settings/mcp.json", wrapped("mcpServers", off=DISABLED, far={})),
    "librechat": (
        "project/librechat.yaml",
        MAP.replace("KEY", "mcpServers").replace("  off: {command: npx, enabled: false}\n", ""),
    ),
    "lm-studio": (".lmstudio/mcp.json", wrapped("mcpServers", far={})),
    "mcphub": (".config/mcphub/servers.json", wrapped("mcpServers", off=DISABLED, far={})),
    "mcporter": (".mcporter/mcporter.json", wrapped("mcpServers", far={})),
    "muse-code": (
        ".config/muse/settings.json",
        {"schema_version": 1, **wrapped("mcp_servers", far={"transport": "http"})},
    ),
    "nanobot": (".nanobot/config.json", {"tools": wrapped("mcpServers", far={})}),
    "openclaw": (".openclaw/openclaw.json", {"mcp": wrapped("servers", far={})}),
    "opencode": (".config/opencode/opencode.json", {"mcp": ARGV}),
    "qoder": (".qoder/mcp.json", wrapped("mcpServers", far={})),
    "qwen-code": (
        ".qwen/settings.json",
        {
            "mcpServers": {
                **servers({}),
                "far": {"httpUrl": _FAR["url"], "headers": _FAR["headers"]},
            },
            "mcp": {"excluded": ["off"]},
        },
    ),
    "roo-code": (
        ".config/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
        wrapped("mcpServers", off=DISABLED, far={"type": "streamable-http"}),
    ),
    "rovo-dev": (".rovodev/mcp.json", wrapped("mcpServers", far={"transport": "http"})),
    "sema4": (".sema4ai/sema4ai-studio/mcp_servers.json", wrapped("mcpServers", far={})),
    "tome": (".tome/mcp_config.json", wrapped("mcpServers")),
    "trae": (".config/Trae/User/mcp.json", wrapped("mcpServers", far={})),
    "vibe": (".vibe/config.toml", VIBE),
    "visual-studio": (".mcp.json", wrapped("servers", far=TYPED, type="stdio")),
    "vscode": (".config/Code/User/mcp.json", wrapped("servers", far=TYPED, type="stdio")),
    "warp": (".warp/.mcp.json", wrapped("mcpServers", far={})),
    "windsurf": (".codeium/windsurf/mcp_config.json", {"mcpServers": SERVER_URL}),
    "witsy": (".config/Witsy/settings.json", wrapped("mcpServers")),
    "zed": (
        ".config/zed/settings.json",
        wrapped("context_servers", off={"enabled": False}, far={}),
    ),
}
"""Client, its file below the home (or below a project), what stands in it."""


def test_there_is_a_file_for_every_record() -> None:
    assert sorted(FILES) == sorted(CLIENTS)


@pytest.mark.proves("CR-35")
@pytest.mark.parametrize("name", sorted(FILES))
def test_every_client_is_read_in_its_own_words(name: str, tmp_path: Path) -> None:
    path, content = FILES[name]
    home = write(tmp_path / "home", {path: content, "project/.keep": ""})
    platform = "windows" if name == "visual-studio" else "linux"
    found = layout(home, platform, home / "project")
    on = entry(found, name, "on")
    assert not [one for one in found.not_checked if one.file]
    assert (on.transport, on.argv) == (Transport.STDIO, ("npx", "-y", "pkg"))
    assert [(one.name, one.value and one.value.reveal()) for one in on.env] == [("TOKEN", "abc")]
    assert on.enabled
    assert on.line
    assert not on.problems
    text = content if isinstance(content, str) else json.dumps(content)
    if '"off"' in text or "off:" in text or ".off]" in text:
        assert not entry(found, name, "off").enabled
        assert not entry(found, name, "off").problems
    if "x.example" in text:
        far = entry(found, name, "far")
        assert (far.transport, far.url) == (Transport.HTTP, "https://x.example/mcp")
        assert not far.problems
        assert far.enabled
        headers = ["Authorization"] if "Authorization" in text else []
        assert [one.name for one in far.headers] == headers
