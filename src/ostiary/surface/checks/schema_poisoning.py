"""Schema parts that carry what no schema needs: sentences, commands, destinations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.json import JsonValue, as_list, strings
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Surface, Tool
from ostiary.model.visible import NAME, visible
from ostiary.surface.drift.words import ADDRESS, COMMAND, RECIPIENT, asks_for
from ostiary.surface.place import capital, of_item, shows
from ostiary.surface.schema_walk import Node, escape, schemas

SCHEMA_POISONING = Rule(
    id="schema-poisoning",
    title="Schema carries what no schema needs",
    category=Category.POISON,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks at the structure of schemas, not at their descriptions: parameter names that are "
        "sentences, defaults, constants, enumerations and examples that hold a shell command or "
        "the path of a credential, a recipient or address that the schema fixes, and, for strict "
        "readers, required parameters that are described nowhere. Ordinary defaults, also URLs "
        "and file names, are left alone."
    ),
    attack=(
        "Models read a whole schema and copy its defaults into calls; people and scanners read "
        "descriptions. What stands in a default or a name is obeyed without being seen."
    ),
    remedy=(
        "Read the schema part in the evidence. Do not use the tool unless its author can say why "
        "the value stands there."
    ),
    references=(
        "MCP03:2025",
        "SAFE-T1501",
        "CoSAI-MCP-T4",
        "ASI01:2026",
        "AML.T0110",
        "CWE-1427",
    ),
)

_COMMANDS = re.compile(
    r"(?:curl|wget)\b[^\n]{0,200}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|\brm\s+-[rf]{2}\b|/dev/tcp/"
    r"|\bnc\s+-\w*e\b|base64\s+(?:-d|--decode)\b|(?:;|&&|\|\|)\s*(?:curl|wget|nc|bash|sh|rm|chmod"
    r"|scp|python3?|powershell)\b|\$\((?:curl|wget|cat|env|printenv|whoami|id)\b"
    r"|`(?:curl|wget|cat|env|printenv)\b|powershell(?:\.exe)?\s+-e(?:nc|c)?\b",
    re.IGNORECASE,
)
_CREDENTIALS = re.compile(
    r"(?:^|[\s'\"=:/\\~])(?:\.ssh[/\\]|id_(?:rsa|ed25519|ecdsa)\b|\.aws[/\\]credentials|\.netrc\b|"
    r"\.kube[/\\]config|\.docker[/\\]config\.json|\.gnupg\b|\.git-credentials|\.npmrc\b|"
    r"\.pypirc\b|\.config[/\\]gcloud)|/etc/shadow\b|/etc/passwd\b|/proc/self/environ",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|\A[\w.+-]+@[\w-]+\.\w{2,}\Z")
_CARRIERS = ("default", "const", "enum", "examples", "example")
_WORDY = 5


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """Findings for each tool, in schema order."""
    for tool in subject.surface.tools:
        for node in schemas(tool):
            yield from _node(subject.surface, tool, node)


def _node(surface: Surface, tool: Tool, node: Node) -> Iterator[Finding]:
    if node.by == "properties" and (len(node.name) > 40 or node.name.count(" ") >= _WORDY - 1):
        yield from _sentence(surface, tool, node)
    for key in _CARRIERS:
        if key in node.schema:
            yield from _carried(surface, tool, node, key)
    if "required" in node.schema and "properties" in node.schema:
        yield from _required(surface, tool, node)


def _sentence(surface: Surface, tool: Tool, node: Node) -> Iterator[Finding]:
    words = len(node.name.split())
    if words >= _WORDY or len(node.name) > 120:
        says = f"has a parameter whose name is a text of {max(words, 1)} words"
        severity = Severity.HIGH if words >= 2 * _WORDY or "\n" in node.name else Severity.MEDIUM
        yield _finding(surface, tool, node, says, key="name", text=node.name, severity=severity)


def _carried(surface: Surface, tool: Tool, node: Node, key: str) -> Iterator[Finding]:
    value = node.schema[key]
    for text in _texts(value):
        what = _trouble(text)
        if what is not None:
            says = f"has {_article(key)} with {what}"
            yield _finding(surface, tool, node, says, key=key, text=text, severity=Severity.HIGH)
            return
    if key in ("const", "enum") and isinstance(value, str | list):
        yield from _fixed(surface, tool, node, key, value)


def _texts(value: JsonValue) -> Iterator[str]:
    """The strings of a carried value, itself or one level down."""
    if isinstance(value, str):
        yield value[:4000]
    for one in as_list(value)[:1000]:
        if isinstance(one, str):
            yield one[:4000]


def _trouble(text: str) -> str | None:
    if len(text) < 6:
        return None
    if _COMMANDS.search(text):
        return "a shell command"
    if _CREDENTIALS.search(text):
        return "the path of a credential"
    return None


def _fixed(
    surface: Surface, tool: Tool, node: Node, key: str, value: str | list[JsonValue]
) -> Iterator[Finding]:
    """A destination that the caller cannot choose."""
    only = strings(value) if key == "const" or len(value) == 1 else ()
    if len(only) != 1 or not node.name or not _ADDRESS.search(only[0]):
        return
    if asks_for(node.name, {}) in (RECIPIENT, ADDRESS, COMMAND):
        says = "fixes where data goes"
        yield _finding(surface, tool, node, says, key=key, text=only[0], severity=Severity.MEDIUM)


def _required(surface: Surface, tool: Tool, node: Node) -> Iterator[Finding]:
    declared = node.schema.get("properties")
    if not isinstance(declared, dict) or not node.steady or not node.pointer.startswith("/input"):
        return
    lacking = [name for name in strings(node.schema.get("required")) if name not in declared]
    if lacking:
        listed = ", ".join(visible(name, NAME) for name in lacking[:5])
        yield SCHEMA_POISONING.finding(
            capital(
                f"tool {visible(tool.name, NAME)} requires {listed} and describes no such "
                "parameter."
            ),
            of_item(surface, tool, "input schema", f"{node.pointer}/required"),
            evidence=[shows("required", of_item(surface, tool, "input schema"), listed)],
            severity=Severity.LOW,
            persona=Persona.STRICT,
            mark=f"required {listed}",
        )


def _article(key: str) -> str:
    return {
        "default": "a default",
        "const": "a constant",
        "enum": "an enumeration",
    }.get(key, "an example")


def _finding(
    surface: Surface,
    tool: Tool,
    node: Node,
    says: str,
    *,
    key: str,
    text: str,
    severity: Severity,
) -> Finding:
    pointer = node.pointer if key == "name" else f"{node.pointer}/{escape(key)}"
    named = visible(node.words, NAME) or "input schema"
    where = of_item(surface, tool, f"input schema {named}" if node.words else named, pointer)
    return SCHEMA_POISONING.finding(
        capital(f"tool {visible(tool.name, NAME)}, {named}: {says}."),
        where,
        evidence=[shows(key if key != "name" else "parameter name", where, text)],
        severity=severity,
        mark=f"{key} {node.pointer}",
    )


CHECK: Check[Neighbourhood] = Check((SCHEMA_POISONING,), look)
