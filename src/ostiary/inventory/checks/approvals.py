"""Tools that run without anybody being asked, server by server and for a whole client."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import listed
from ostiary.inventory.redact import masked
from ostiary.inventory.secret_places import place
from ostiary.inventory.visible import visible
from ostiary.model.check import Check, Installation
from ostiary.model.client import Client, Permission, ServerEntry
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Server

_REFERENCES = ("CoSAI-MCP-T9", "ASI09:2026", "LLM03:2026", "SAFE-T1403", "AISVS-1.0:10.2.5")

AUTO = Rule(
    id="auto-approval",
    title="Tools of a server run without asking",
    category=Category.CONSENT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A client's configuration says that all tools of a server, or named ones, run without a "
    "person being asked. A list of tools whose names only read is told to strict readers.",
    attack="A single injected sentence in anything the model reads is enough to make these tools "
    "run; nobody sees the call before it happens.",
    remedy="Remove the setting, or name just the tools that only read data you would publish.",
    references=_REFERENCES,
)

BYPASS = Rule(
    id="bypass-mode",
    title="Client runs tools without asking",
    category=Category.CONSENT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A client-wide setting lets tool calls run that nobody is asked about.",
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

SANDBOX = Rule(
    id="sandbox-auto-approves",
    title="Sandbox switches confirmation off",
    category=Category.CONSENT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A server runs in the client's own sandbox, and this client approves all tools of a "
    "server in the sandbox without asking.",
    attack="What the sandbox allows (network addresses, folders, the accounts behind the server's "
    "credentials) is used without a question. A sandbox limits the machine, not the account.",
    remedy="Keep the sandbox narrow: name the folders and hosts it may use, and give the server a "
    "credential that can do little.",
    references=("CoSAI-MCP-T9", "AISVS-1.0:10.1.3", "SAFE-T1403", "CWE-693"),
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
    names = {client.id: client.name for client in installation.clients}
    for server in installation.servers:
        for entry in server.entries:
            if entry.enabled:
                yield from _entry(server, entry, names.get(entry.client, entry.client))
    for client in installation.clients:
        for permission in client.permissions:
            yield from _permission(client, permission)


def _entry(server: Server, entry: ServerEntry, client: str) -> Iterator[Finding]:
    tools = entry.tools
    if entry.raw.get("sandboxEnabled") is True:
        yield _sandboxed(server, entry, client)
        if tools.why.startswith("sandbox"):
            return
    if tools.auto_approve_all or "*" in tools.auto_approve:
        yield _all(server, entry, client)
    elif tools.auto_approve:
        yield _some(server, entry, client)


def _all(server: Server, entry: ServerEntry, client: str) -> Finding:
    why = visible(masked(entry.tools.why)) or "its list of approved tools"
    return AUTO.finding(
        f"{client} runs every tool of {server.name} without asking ({why}).",
        place(entry, part="approval"),
        evidence=[Evidence(f"{why} approves every tool", place(entry), why)],
        mark="all",
    )


def _some(server: Server, entry: ServerEntry, client: str) -> Finding:
    acting = [tool for tool in entry.tools.auto_approve if acts(tool)]
    tools = acting or list(entry.tools.auto_approve)
    kind = "tools that do more than read" if acting else "tools"
    return AUTO.finding(
        f"{client} runs {kind} of {server.name} without asking: {listed(tools)}.",
        place(entry, part="approval"),
        evidence=[Evidence("approved once and for all", place(entry), listed(tools, 40))],
        severity=Severity.MEDIUM if acting else Severity.INFO,
        persona=None if acting else Persona.STRICT,
        mark="acting" if acting else "reading",
    )


def _sandboxed(server: Server, entry: ServerEntry, client: str) -> Finding:
    says = "switches sandbox and approval on together"
    return SANDBOX.finding(
        f"{client} runs {server.name} in its sandbox and for that approves all its tools.",
        place(entry, part="sandbox"),
        evidence=[Evidence(says, place(entry), "sandboxEnabled: true")],
        mark="sandbox",
    )


def _permission(client: Client, permission: Permission) -> Iterator[Finding]:
    by_model = permission.decided_by == "model"
    if not by_model and (not permission.bypass or _told_by_server(client, permission)):
        return
    rule = BY_MODEL if by_model else BYPASS
    at = Location(file=permission.file, line=permission.line, client=client.id)
    setting = visible(masked(f"{permission.key}: {permission.value}"))
    effect = visible(permission.effect)
    whole = by_model or any(word in effect for word in ("every", "never asks"))
    yield rule.finding(
        f"{client.name}: {effect} ({setting}). {_measure(client)}",
        at,
        evidence=[Evidence(f"{client.name}: {effect}", at, setting)],
        severity=None if whole else Severity.MEDIUM,
        mark=f"{permission.key}:{setting}",
    )


def _told_by_server(client: Client, permission: Permission) -> bool:
    """Whether the setting is one server's, which is told with that server."""
    key = permission.key.rpartition(".")[2]
    whole = f"{permission.key}: {permission.value}"
    reasons = {entry.tools.why for entry in client.entries if entry.tools.why}
    return any(why == whole or why.partition(":")[0] == key for why in reasons)


def _measure(client: Client) -> str:
    """How much runs unasked: servers switched on, and those approved one by one."""
    on = [entry for entry in client.entries if entry.enabled]
    whole = sum(entry.tools.auto_approve_all for entry in on)
    tools = sum(len(entry.tools.auto_approve) for entry in on)
    return (
        f"Servers switched on: {len(on)}; approved as a whole: {whole}; "
        f"tools approved one by one: {tools}."
    )


CHECK = Check((AUTO, BYPASS, BY_MODEL, SANDBOX), look)
