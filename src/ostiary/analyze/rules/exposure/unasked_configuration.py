"""Configurations for clients, with the server, in which everything is allowed beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.facts import Facts
from ostiary.analyze.manifests.text import ManifestText, Unreadable
from ostiary.analyze.modules import is_apart
from ostiary.detect.linear import compiled, readable
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.json import JsonObject, as_object, strings
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

UNASKED_CONFIGURATION = Rule(
    id="unasked-configuration",
    title="A configuration allows everything beforehand",
    category=Category.CONSENT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks at configurations for clients that come with the code (mcpServers, servers): tools "
        "that write, delete or run and are approved without a question, `*` as what is allowed, "
        "and the root of the file system, or a whole home folder, as the folder of a server. "
        "Configurations with folders of their own and approvals for reading are left alone."
    ),
    attack=(
        "Whoever copies the configuration has agreed to every call: text before the model deletes "
        "files or runs commands, and nobody is asked."
    ),
    remedy="Take the approvals out and name the folder that the server is for.",
    references=(
        "CWE-732",
        "CWE-250",
        "MCP02:2025",
        "SAFE-T1104",
        "SAFE-T1403",
        "CoSAI-MCP-T9",
        "ASI02:2026",
    ),
)

_SERVERS: Final = ("mcpServers", "servers", "mcp_servers", "context_servers")
_APPROVED: Final = ("alwaysAllow", "autoApprove", "alwaysApprove", "autoAllow", "trustedTools")
_LISTS: Final = ("allowedCommands", "allowed_commands", "allow", "allowedHosts", "permissions")
_FOLDERS: Final = (
    "allowedDirectories",
    "allowed_directories",
    "allowedPaths",
    "directories",
    "roots",
    "paths",
)
_ACTS: Final = (
    r"(?i)(?:^|_|-|\b)(?:write|delete|remove|run|exec\w*|shell|command|drop|truncate|kill|move|"
    r"edit|create|update|send|push|deploy|install|\*)(?:$|_|-|\b)|(?i)command|execute|delete"
)
_ROOT: Final = (
    r"^(?:/|/\*\*?|[A-Za-z]:[\\/]*|~/?|\$\{?HOME\}?/?|%USERPROFILE%|/(?:home|Users|root|etc)/?)$"
)
_FILES: Final = r"(?i)file-?system|files|fs\b"
_LARGEST: Final = 200_000


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each server of each configuration."""
    for file in facts.project.files.values():
        if not file.path.endswith(".json") or is_apart(file.path) or len(file.data) > _LARGEST:
            continue
        if b"ervers" not in file.data:
            continue
        try:
            text = ManifestText(file)
            raw = text.json()
        except Unreadable:
            continue
        yield from _read(text, raw)


def _read(text: ManifestText, raw: JsonObject) -> Iterator[Finding]:
    for key in _SERVERS:
        start = text.key(key)
        for name, value in as_object(raw.get(key)).items():
            why = tuple(_why(as_object(value)))
            if why:
                line = text.line_at(text.key(name, start))
                yield _told(text.path, line, name, why)


def _why(server: JsonObject) -> Iterator[str]:
    settings = (server, as_object(server.get("config")), as_object(server.get("options")))
    for one in settings:
        approved = [tool for key in _APPROVED for tool in strings(one.get(key))]
        acts = [tool for tool in approved if compiled(_ACTS).search(readable(tool))]
        if acts:
            yield f"{', '.join(visible(tool, NAME) for tool in acts[:4])} run without a question"
        if any("*" in strings(one.get(key)) for key in _LISTS):
            yield "everything is allowed"
        folders = [folder for key in _FOLDERS for folder in strings(one.get(key))]
        if any(compiled(_ROOT).search(readable(folder)) for folder in folders):
            yield "its folder is the whole file system"
    words = strings(server.get("args"))
    named = any(compiled(_FILES).search(readable(word)) for word in words)
    if named and any(compiled(_ROOT).search(readable(word)) for word in words):
        yield "its folder is the whole file system"


def _told(path: str, line: int, name: str, why: tuple[str, ...]) -> Finding:
    place = Location(file=path, line=line)
    return UNASKED_CONFIGURATION.finding(
        f"Server {visible(name, NAME)} is configured so that {why[0]}.",
        place,
        evidence=[Evidence(one, place) for one in why],
        mark=f"{path} {name}",
    )


CHECK: Check[Facts] = Check((UNASKED_CONFIGURATION,), look)
