"""Clients that run tools without anybody being asked, and clients where a model decides."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.redact import masked
from ostiary.model.check import Check, Installation
from ostiary.model.client import (
    NOT_SET,
    Client,
    Permission,
    Scope,
    ServerEntry,
    SpeaksOf,
    Transport,
)
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import visible

_REFERENCES = ("CoSAI-MCP-T9", "ASI09:2026", "LLM03:2026", "SAFE-T1403", "AISVS-1.0:10.2.5")

BYPASS = Rule(
    id="bypass-mode",
    title="Client runs tools without asking",
    category=Category.CONSENT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A client-wide setting lets tool calls run that nobody is asked about. All modes of one "
    "client are one finding. A setting for one server or its tools is told with that server "
    "(`give-everything`, `auto-approval`), one that starts a project's servers with the project "
    "(`starts-on-open`), if it has any.",
    attack="Every server of the client acts on its own: one poisoned page, issue or mail becomes "
    "commands, files and messages without a question.",
    remedy="Set it back to asking, at least for tools that write, send or execute; an "
    "administrator can forbid the mode where the client has a policy for it.",
    references=_REFERENCES,
)

BY_MODEL = Rule(
    id="approval-by-model",
    title="A model decides what needs a person",
    category=Category.CONSENT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="Whether a call needs a person's yes is decided by a language model rather than by a rule "
    "or a person.",
    attack="The text that attacks the first model can be written for the second as well: what "
    "recognises a malicious action is open to the same persuasion.",
    remedy="Let rules decide (which tools, which arguments) and keep the model as a further "
    "warning, never as the one that lets a call through.",
    references=("CoSAI-MCP-T4", "ASI09:2026", "LLM03:2026", "SAFE-T1309", "CWE-693"),
)

_ACTING = frozenset(
    [
        "write",
        "create",
        "delete",
        "remove",
        "update",
        "edit",
        "set",
        "put",
        "post",
        "patch",
        "send",
        "execute",
        "exec",
        "run",
        "call",
        "command",
        "shell",
        "eval",
        "push",
        "merge",
        "move",
        "rename",
        "drop",
        "insert",
        "upload",
        "publish",
        "deploy",
        "install",
        "kill",
        "start",
        "stop",
        "apply",
        "modify",
        "add",
        "append",
        "invite",
        "grant",
        "revoke",
        "transfer",
        "pay",
        "buy",
        "charge",
        "refund",
        "reply",
        "forward",
        "click",
        "type",
        "navigate",
        "fill",
        "script",
        "submit",
        "close",
        "replace",
        "reset",
        "restart",
        "terminal",
        "bash",
    ]
)


def acts(tool: str) -> bool:
    """Whether a tool's name says that it does more than read; a pattern counts as doing so."""
    if any(sign in tool for sign in "*?["):
        return True
    spaced = "".join(f" {char}" if char.isupper() else char for char in tool)
    words = "".join(char if char.isalnum() else " " for char in spaced).lower().split()
    return any(word in _ACTING for word in words)


def look(installation: Installation) -> Iterator[Finding]:
    """One finding for the modes of each client, and one for each setting of another kind."""
    for client in installation.clients:
        bypasses = [one for one in client.permissions if one.bypass and one.decided_by == "rule"]
        modes = sorted((one for one in bypasses if one.speaks_of in _MODES), key=_worst)
        if modes:
            yield _mode(client, modes)
        for one in bypasses:
            yield from _narrower(client, one)
        for one in client.permissions:
            if one.decided_by == "model":
                yield _finding(BY_MODEL, client, one)


def _worst(permission: Permission) -> int:
    return list(_MODES).index(permission.speaks_of)


def _mode(client: Client, modes: list[Permission]) -> Finding:
    """Everything that widens the whole client; the widest setting gives its name."""
    first = modes[0]
    severity, persona = _MODES[first.speaks_of]
    return BYPASS.finding(
        f"{client.name}: {_says(first)}. {_measure(client)}",
        _at(client, first),
        evidence=[_evidence(client, one) for one in modes],
        severity=severity,
        persona=persona,
        mark="\x1f".join(sorted(f"{one.key}:{one.value}" for one in modes)),
    )


def _narrower(client: Client, permission: Permission) -> Iterator[Finding]:
    """Settings on starts, servers and tools, where nothing else tells them."""
    if permission.speaks_of is SpeaksOf.START:
        chosen = permission.value != NOT_SET and not _starts(client)
        yield _finding(
            BYPASS,
            client,
            permission,
            Severity.MEDIUM if chosen else Severity.LOW,
            None if chosen else Persona.STRICT,
        )
    elif permission.speaks_of is SpeaksOf.SERVER or permission.speaks_of is SpeaksOf.TOOLS:
        if _told_by_entry(client, permission):
            return
        listed_here = permission.about == permission.value
        acting = not listed_here and acts(permission.about or "")
        yield _finding(
            BYPASS,
            client,
            permission,
            Severity.MEDIUM if acting else Severity.LOW,
            None if acting else Persona.STRICT,
        )


def _starts(client: Client) -> bool:
    """Whether a project starts programs here, which is told with the project's file."""
    return any(
        entry.enabled and entry.scope is Scope.PROJECT and entry.transport is Transport.STDIO
        for entry in client.entries
    )


def _told_by_entry(client: Client, permission: Permission) -> bool:
    """Whether the setting reached an entry as its tool rules, with which it is told."""
    if permission.speaks_of is SpeaksOf.SERVER:
        return any(entry.name == permission.about for entry in client.entries)
    end = f": {permission.value}"
    return any(why.endswith(end) for entry in client.entries for why in _whys(entry))


def _whys(entry: ServerEntry) -> list[str]:
    return entry.tools.why.split(", ")


def _finding(
    rule: Rule,
    client: Client,
    permission: Permission,
    severity: Severity | None = None,
    persona: Persona | None = None,
) -> Finding:
    return rule.finding(
        f"{client.name}: {_says(permission)}. {_measure(client)}",
        _at(client, permission),
        evidence=[_evidence(client, permission)],
        severity=severity,
        persona=persona,
        mark=f"{permission.key}:{_setting(permission)}",
    )


def _at(client: Client, permission: Permission) -> Location:
    return Location(file=permission.file, line=permission.line, client=client.id)


def _evidence(client: Client, permission: Permission) -> Evidence:
    effect = visible(permission.effect)
    return Evidence(f"{client.name}: {effect}", _at(client, permission), _setting(permission))


def _says(permission: Permission) -> str:
    about = "" if permission.about in (None, permission.value) else permission.about or ""
    named = f", for {visible(about)}" if about else ""
    return f"{visible(permission.effect)}{named} ({_setting(permission)})"


def _setting(permission: Permission) -> str:
    return visible(masked(f"{permission.key}: {permission.value}"))


def _measure(client: Client) -> str:
    """How much runs unasked: servers switched on, and those approved one by one."""
    on = [entry for entry in client.entries if entry.enabled]
    whole = sum(entry.tools.auto_approve_all for entry in on)
    tools = sum(len(entry.tools.auto_approve) for entry in on)
    return (
        f"Servers switched on: {len(on)}; approved as a whole: {whole}; "
        f"tools approved one by one: {tools}."
    )


_MODES: dict[SpeaksOf, tuple[Severity | None, Persona | None]] = {
    SpeaksOf.CLIENT: (None, None),
    SpeaksOf.SHELL: (Severity.MEDIUM, None),
    SpeaksOf.PROFILE: (Severity.MEDIUM, None),
    SpeaksOf.WARNING: (Severity.LOW, Persona.STRICT),
}
"""What widens a whole client, the widest first, and how loudly it is told."""

CHECK = Check((BYPASS, BY_MODEL), look)
