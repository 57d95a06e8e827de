"""Entries whose names hide something, that are malformed, or that are only switched off."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from ostiary.inventory.checks.copies import copies, listed
from ostiary.inventory.redact import masked
from ostiary.inventory.secret_places import place
from ostiary.model.check import Check, Installation
from ostiary.model.client import ServerEntry
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Server
from ostiary.model.visible import is_hidden, visible

HIDDEN = Rule(
    id="hidden-name",
    title="Server name hides or pretends something",
    category=Category.CONCEALMENT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A server's name, or a word of its command or address, holds characters that do not show "
    "or that turn the reading direction; or the name is one that JavaScript objects have by birth "
    "(`__proto__`) or that a client keeps for itself.",
    attack="What a person reads in a list or a question is not what is there: two names look the "
    "same, a command shows its end first, or a lookup finds something else than the entry.",
    remedy="Remove the entry, or type its name and command again by hand.",
    references=("SAFE-T1004", "SAFE-T1402", "CoSAI-MCP-T6", "CWE-451", "CWE-1007"),
)

PROBLEMS = Rule(
    id="entry-problems",
    title="Entry is malformed or has unknown fields",
    category=Category.CONFIGURATION,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what="An entry contradicts itself, lacks what it needs, or has fields that its client is not "
    "known to read.",
    attack="A misspelt `disabled`, tool list or header does nothing, and the server runs with more "
    "than its author thinks.",
    remedy="Compare the entry with the client's documentation and correct it.",
    references=("CoSAI-MCP-T9", "CWE-20"),
)

OFF = Rule(
    id="disabled-but-configured",
    title="Server switched off but still configured",
    category=Category.CONFIGURATION,
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    persona=Persona.PEDANTIC,
    what="No client has the server switched on; its command and what it holds stay in the file.",
    attack="One word in the file, or a click, starts it again, at whatever version is newest then.",
    remedy="Delete the entry, and revoke the credentials it held.",
    references=("MCP09:2025", "CWE-1104"),
)

_HARMLESS = frozenset("\n\t\r\u00a0\ufe0f")
_BORN = frozenset(
    {
        "__proto__",
        "constructor",
        "prototype",
        "hasownproperty",
        "tostring",
        "valueof",
        "__definegetter__",
        "__definesetter__",
    }
)
_KEPT = frozenset({"workspace", "ide", "claude-in-chrome", "computer-use", "claude-preview"})
_KEPT_BY = frozenset({"claude-code", "claude-desktop"})


def look(installation: Installation) -> Iterator[Finding]:
    for server in installation.servers:
        for entry in server.entries:
            yield from _hidden(entry)
            if entry.problems:
                yield _problems(server, entry)
        if not server.enabled:
            yield OFF.finding(
                f"{server.name} is configured and switched off everywhere.",
                place(server.entries[0], part="state"),
                evidence=copies(server.entries, "state"),
                mark=server.key,
            )


def _hidden(entry: ServerEntry) -> Iterator[Finding]:
    says = _name_says(entry)
    if says:
        yield _concealed(
            entry, f"The server name {visible(entry.name)!r} {says}", "name", entry.name
        )
    words = [word for word in (*entry.argv, entry.url or "", entry.cwd or "") if _conceals(word)]
    if words:
        shown = visible(masked(words[0]))
        says = "The command or address holds characters that do not show"
        yield _concealed(entry, f"{says}: {shown}", "command", words[0])


def _name_says(entry: ServerEntry) -> str:
    name = entry.name
    if _conceals(name):
        return "holds characters that do not show or that turn the text around"
    if name.strip().lower() in _BORN:
        return "is a name that JavaScript objects have by birth"
    if name != name.strip():
        return "begins or ends with a space"
    if name.strip().lower() in _KEPT and entry.client in _KEPT_BY:
        return "is one that its client keeps for itself"
    return ""


def _conceals(text: str) -> bool:
    if text.isascii() and text.isprintable():
        return False
    return any(
        is_hidden(char) and char not in _HARMLESS and not _joins(text, at)
        for at, char in enumerate(text)
    )


def _joins(text: str, at: int) -> bool:
    """Whether the character only joins two pictures into one, as in many emoji."""
    before = text[at - 1] if at else ""
    return text[at] == "\u200d" and (
        before == "\ufe0f" or unicodedata.category(before or "a") == "So"
    )


def _concealed(entry: ServerEntry, says: str, part: str, text: str) -> Finding:
    at = place(entry, part=part)
    return HIDDEN.finding(
        f"{says}.",
        at,
        evidence=[Evidence("made visible", at, visible(masked(text)))],
        severity=None if _conceals(text) else Severity.MEDIUM,
        mark=f"{part}:{visible(entry.name)}",
    )


def _problems(server: Server, entry: ServerEntry) -> Finding:
    shown = [masked(one) for one in entry.problems]
    unknown = all("unknown" in one.lower() for one in shown)
    return PROBLEMS.finding(
        f"{entry.client}'s entry for {server.name}: {listed(shown, 4)}.",
        place(entry, part="entry"),
        evidence=[Evidence("as read", place(entry), visible(one)) for one in shown],
        persona=Persona.PEDANTIC if unknown else None,
        mark="\x1f".join(shown),
    )


CHECK = Check((HIDDEN, PROBLEMS, OFF), look)
