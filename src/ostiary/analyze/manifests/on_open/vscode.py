"""``.vscode/tasks.json`` and ``settings.json`` of Visual Studio Code and its kin."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.on_open.opening import FOLDER_OPEN, command_line, opening
from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.text import ManifestText
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text

_DANGEROUS = {
    "task.allowAutomaticTasks": ("on",),
    "security.workspace.trust.enabled": ("false",),
    "security.workspace.trust.untrustedFiles": ("open",),
    "chat.tools.autoApprove": ("true",),
    "chat.tools.global.autoApprove": ("true",),
    "chat.mcp.autostart": ("always", "newAndOutdated", "true"),
    "chat.agent.autoApprove": ("true",),
}
"""Settings that take a question away, and their values that do."""

_PROGRAMS = (
    "git.path",
    "python.defaultInterpreterPath",
    "php.validate.executablePath",
    "eslint.nodePath",
    "eslint.runtime",
    "go.alternateTools",
    "rust-analyzer.server.path",
    "typescript.tsdk",
    "terminal.integrated.automationProfile.linux",
    "terminal.integrated.shell.linux",
    "terminal.integrated.env.linux",
)
"""Settings that name a program, or the environment of one, that an extension starts by itself."""


def read_tasks(text: ManifestText) -> Manifest:
    return opening(text, _tasks(text, text.json()))


def _tasks(text: ManifestText, raw: JsonObject) -> Iterator[Script]:
    at = 0
    for value in as_list(raw.get("tasks")):
        task = as_object(value)
        if as_text(as_object(task.get("runOptions")).get("runOn")) != "folderOpen":
            continue
        at = text.find("folderOpen", at + 1)
        command = command_line(task.get("command"), task.get("args"))
        systems = (as_object(task.get(one)) for one in ("linux", "osx", "windows"))
        every = [command, *(command_line(one.get("command"), one.get("args")) for one in systems)]
        says = " | ".join(dict.fromkeys(one for one in every if one))
        label = as_text(task.get("label")) or as_text(task.get("script"))
        yield Script(FOLDER_OPEN, says or label, text.path, text.line_at(at), True)


def read_settings(text: ManifestText) -> Manifest:
    raw = text.json()
    return opening(text, _programs(text, raw), _loosened(raw))


def _loosened(raw: JsonObject) -> Iterator[tuple[str, str]]:
    for key, values in _DANGEROUS.items():
        said = _word(raw.get(key))
        if said in values:
            yield "takes away a question", f"{key} = {said}"


def _word(value: JsonValue) -> str:
    return str(value).lower() if isinstance(value, bool) else as_text(value)


def _programs(text: ManifestText, raw: JsonObject) -> Iterator[Script]:
    """Programs inside the folder itself: a path elsewhere is the reader's own program."""
    for key in _PROGRAMS:
        said = as_text(raw.get(key)) or " ".join(
            as_text(one) for one in as_object(raw.get(key)).values()
        )
        if said.startswith(("./", "../", "${workspaceFolder")) and "venv" not in said:
            if "node_modules/" in said:
                continue
            line = text.line_at(text.key(key))
            yield Script(FOLDER_OPEN, f"{key} = {said[:1000]}", text.path, line, True)
