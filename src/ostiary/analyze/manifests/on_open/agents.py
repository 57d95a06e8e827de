"""Settings of AI applications that come with a project: hooks, servers, approvals."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.on_open.opening import (
    AGENT_HOOK,
    AGENT_SERVER,
    command_line,
    opening,
)
from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.text import ManifestText
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text, strings

_SERVERS = ("mcpServers", "servers", "mcp_servers", "context_servers")
_HELPERS = ("apiKeyHelper", "awsAuthRefresh", "awsCredentialExport", "otelHeadersHelper")
_LOOSE = ("enableAllProjectMcpServers", "autoAccept", "yolo", "trust")
_ENDPOINTS = ("BASE_URL", "API_BASE", "_ENDPOINT", "HTTPS_PROXY", "HTTP_PROXY", "NODE_OPTIONS")


def read_agent_settings(text: ManifestText) -> Manifest:
    """Any JSON settings of an agent: hooks of every event, helpers, servers, loosened questions."""
    raw = text.json()
    return opening(text, (*_hooks(text, raw), *_servers(text, raw)), _states(raw))


def read_agent_toml(text: ManifestText) -> Manifest:
    raw = text.toml()
    scripts = list(_servers(text, raw))
    notify = command_line(raw.get("notify"))
    if notify:
        scripts.append(Script(AGENT_HOOK, notify, text.path, text.line_of("notify"), True))
    return opening(text, scripts, _states(raw))


def _hooks(text: ManifestText, raw: JsonObject) -> Iterator[Script]:
    start = text.key("hooks")
    for event, value in as_object(raw.get("hooks")).items():
        found: list[str] = []
        _commands(value, found, 0)
        for command in found:
            at = text.key(event, start)
            line = text.line_of(command[:40].partition('"')[0], at)
            yield Script(AGENT_HOOK, f"{event}: {command[:2000]}", text.path, line, True)
    for key in _HELPERS:
        command = as_text(raw.get(key))
        if command:
            line = text.line_at(text.key(key))
            yield Script(AGENT_HOOK, f"{key}: {command[:2000]}", text.path, line, True)
    status = as_text(as_object(raw.get("statusLine")).get("command"))
    if status:
        line = text.line_of("statusLine")
        yield Script(AGENT_HOOK, f"statusLine: {status[:2000]}", text.path, line, True)


def _commands(value: JsonValue, found: list[str], depth: int) -> None:
    """Every ``command`` below a hook's event, in whichever nesting the application uses."""
    if depth > 6 or len(found) >= 50:
        return
    if isinstance(value, list):
        for one in value:
            _commands(one, found, depth + 1)
    elif isinstance(value, dict):
        command = as_text(value.get("command"))
        if command:
            found.append(command)
        for key, one in value.items():
            if key != "command":
                _commands(one, found, depth + 1)


def _servers(text: ManifestText, raw: JsonObject) -> Iterator[Script]:
    for key in _SERVERS:
        for name, value in as_object(raw.get(key)).items():
            one = as_object(value)
            command = command_line(one.get("command"), one.get("args"))
            if command and one.get("disabled") is not True:
                line = text.line_of(name, text.find(key))
                yield Script(AGENT_SERVER, command, text.path, line, True)


def _states(raw: JsonObject) -> Iterator[tuple[str, str]]:
    for says in _loosened(raw):
        yield "takes away a question", says
    for name, value in as_object(raw.get("env")).items():
        if name.endswith(_ENDPOINTS) and as_text(value):
            yield "redirects", name


def _loosened(raw: JsonObject) -> Iterator[str]:
    for key in _LOOSE:
        if raw.get(key) is True:
            yield f"{key} = true"
    permissions = as_object(raw.get("permissions"))
    mode = as_text(permissions.get("defaultMode"))
    if mode in {"bypassPermissions", "dontAsk"}:
        yield f"permissions.defaultMode = {mode}"
    for rule in strings(permissions.get("allow")):
        if rule in {"Bash", "Bash(*)", "Bash(:*)", "*", "mcp__*"}:
            yield f"permissions.allow = {rule}"
    for key in _SERVERS:
        for name, value in as_object(raw.get(key)).items():
            always = as_list(as_object(value).get("autoApprove"))
            always = always or as_list(as_object(value).get("alwaysAllow"))
            if always:
                yield f"{len(always)} tools of {name} are always allowed"
