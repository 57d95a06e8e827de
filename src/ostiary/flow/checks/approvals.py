"""What was approved in advance, server by server, and what that lets happen unasked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.flow.patterns import Patterns
from ostiary.flow.places import entry_place, record_of
from ostiary.flow.subject import Access
from ostiary.flow.weight import GRAVE, acting_levels, levels_of
from ostiary.inventory.redact import masked
from ostiary.model.access import Level, ServerAccess
from ostiary.model.check import Check
from ostiary.model.client import Client, ServerEntry
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

EVERYTHING = Rule(
    id="give-everything",
    title="Consent given to everything",
    category=Category.CONSENT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for a client that never asks about a server and lists what was thereby consented "
        "to: high for tools that write files, run, send, destroy, spend or administer; medium for "
        "other changes, for tools that carry data out, and when what the server can do is not "
        "known. Strict readers are also told of approved servers that only read, of those in a "
        "client that asks about nothing at all (see bypass-mode), and of servers with five or more "
        "of the seven levels that a client offers without any limit on their tools."
    ),
    attack=(
        "One yes, given once, covers every tool the server has now and every tool it adds later. "
        "Whoever steers the model, or changes the server, uses all of them unasked."
    ),
    remedy=(
        "Turn off the setting that approves the whole server and approve single reading tools "
        "instead, or offer only the tools that are needed."
    ),
    references=("SAFE-T1403", "ASI09:2026", "LLM03:2026", "AISVS-1.0:10.4.7", "CWE-250"),
)

SANDBOX = Rule(
    id="sandbox-auto-approves",
    title="Sandbox switches confirmation off",
    category=Category.CONSENT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "A server runs in the client's own sandbox, and this client approves all tools of a "
        "server in the sandbox without asking. It lists what was thereby consented to; a server "
        "that only reads is told to strict readers."
    ),
    attack=(
        "What the sandbox allows (network addresses, folders, the accounts behind the server's "
        "credentials) is used without a question. A sandbox limits the machine, not the account."
    ),
    remedy=(
        "Keep the sandbox narrow: name the folders and hosts it may use, and give the server a "
        "credential that can do little."
    ),
    references=("CoSAI-MCP-T9", "AISVS-1.0:10.1.3", "SAFE-T1403", "CWE-693"),
)

AUTO = Rule(
    id="auto-approval",
    title="Tools that act run without asking",
    category=Category.CONSENT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "A client's configuration names tools of a server that run without a person being asked, "
        "and among them are tools that write, run, send, destroy, spend or administer. Tools that "
        "only read, that change only the agent's own memory, or of which nothing is known are "
        "told to strict readers. A server approved as a whole is told by give-everything."
    ),
    attack=(
        "A single injected sentence in anything the model reads is enough to make these tools "
        "run; nobody sees the call before it happens."
    ),
    remedy="Take the acting tools off the list, and keep those that only read what you would show.",
    references=("CoSAI-MCP-T9", "ASI09:2026", "LLM03:2026", "SAFE-T1403", "AISVS-1.0:10.2.5"),
)
_MANY = 5


@dataclass(frozen=True, slots=True)
class _Approved:
    """One server in one client, with the entries that approve something of it."""

    client: Client
    server: ServerAccess
    entries: tuple[ServerEntry, ...]

    @property
    def told(self) -> bool:
        """Whether the client asks about nothing at all, so that nothing more is learned here."""
        return any(one.unasked for one in self.client.permissions)

    @property
    def why(self) -> str:
        whys = dict.fromkeys(entry.tools.why for entry in self.entries if entry.tools.why)
        return visible(masked(", ".join(whys)), NAME) or "its list of approved tools"


def _look(access: Access) -> Iterator[Finding]:
    clients = {client.id: client for client in access.installation.clients}
    for server in access.servers:
        record = record_of(access, server)
        by_client: dict[str, list[ServerEntry]] = {}
        for entry in record.entries if record else ():
            if entry.enabled and entry.client in clients:
                by_client.setdefault(entry.client, []).append(entry)
        for client, entries in sorted(by_client.items()):
            yield from _client(_Approved(clients[client], server, tuple(entries)))


def _client(one: _Approved) -> Iterator[Finding]:
    whole = tuple(entry for entry in one.entries if _whole(entry))
    some = tuple(entry for entry in one.entries if entry.tools.auto_approve)
    if whole:
        yield _consented(_Approved(one.client, one.server, whole))
    elif some:
        yield _named(_Approved(one.client, one.server, some))
    elif all(entry.tools.only is None and not entry.tools.hidden for entry in one.entries):
        yield from _unlimited(one)


def _whole(entry: ServerEntry) -> bool:
    return entry.tools.auto_approve_all or "*" in entry.tools.auto_approve


def _consented(one: _Approved) -> Finding:
    boxed = all(entry.raw.get("sandboxEnabled") is True for entry in one.entries)
    levels = levels_of(one.server.tools)
    severity, what = _grade(one.server, levels)
    quiet = one.told or severity < Severity.MEDIUM
    rule = SANDBOX if boxed else EVERYTHING
    name = visible(one.server.name, NAME)
    does = f"runs {name} in its sandbox and for that" if boxed else f"trusts {name} and"
    return rule.finding(
        f"{visible(one.client.name, NAME)} {does} never asks about it ({one.why}): consent was "
        f"given to {what}.",
        entry_place(one.entries[0]),
        evidence=[
            *(Evidence("approves every tool", entry_place(entry)) for entry in one.entries),
            *_tools_by_level(one.server, levels),
        ],
        severity=min(severity, rule.severity),
        persona=Persona.STRICT if quiet else None,
        mark=f"{one.client.id}: {one.server.name}: approved",
    )


def _grade(server: ServerAccess, levels: tuple[Level, ...]) -> tuple[Severity, str]:
    """How bad it is that nobody is asked about a server, and what was consented to."""
    if not server.tools:
        return Severity.MEDIUM, "whatever it can do, which is not known"
    acting = {level for tool in server.tools for level in acting_levels(tool)}
    files = any(tool.places_files for tool in server.tools)
    if acting & GRAVE or files:
        return Severity.HIGH, _spelled(levels)
    if acting:
        return Severity.MEDIUM, _spelled(levels)
    if any(tool.outward and tool.outward > Confidence.LOW for tool in server.tools):
        return Severity.MEDIUM, f"{_spelled(levels)}, and to carry data out in what it asks for"
    return Severity.LOW, _spelled(levels)


def _named(one: _Approved) -> Finding:
    written = sorted({tool for entry in one.entries for tool in entry.tools.auto_approve})
    patterns = Patterns(written)
    approved = [tool for tool in one.server.tools if patterns.match(tool.tool)]
    acting = [(tool.tool, levels) for tool in approved if (levels := acting_levels(tool))]
    names = [name for name, _ in acting] or written
    kind = "tools that do more than read" if acting else "tools"
    place = Location(server=one.server.name)
    evidence = [
        Evidence(
            f"approved in advance: {_listed(sorted(set(entry.tools.auto_approve)), 40)}",
            entry_place(entry),
        )
        for entry in one.entries
    ] + [
        Evidence(f"{visible(name, NAME)} can {_spelled(levels)}", place)
        for name, levels in acting[:40]
    ]
    return AUTO.finding(
        f"{visible(one.client.name, NAME)} runs {kind} of {visible(one.server.name, NAME)} "
        f"without asking: {_listed(names, 6)}.",
        entry_place(one.entries[0]),
        evidence=evidence,
        severity=Severity.MEDIUM if acting else Severity.INFO,
        persona=Persona.STRICT if one.told or not acting else None,
        mark=f"{one.client.id}: {one.server.name}: {'acting' if acting else 'reading'}",
    )


def _unlimited(one: _Approved) -> Iterator[Finding]:
    levels = levels_of(one.server.tools)
    if len(levels) < _MANY:
        return
    yield EVERYTHING.finding(
        f"{visible(one.server.name, NAME)} is offered to {visible(one.client.name, NAME)} "
        f"without limit, and can {_spelled(levels)}.",
        entry_place(one.entries[0]),
        evidence=_tools_by_level(one.server, levels),
        severity=Severity.LOW,
        persona=Persona.STRICT,
        mark=f"{one.client.id}: {one.server.name}: unlimited",
    )


def _spelled(levels: tuple[Level, ...]) -> str:
    words = [level.value for level in levels] or ["read"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _listed(names: list[str], limit: int) -> str:
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(visible(name, NAME) for name in names[:limit]) + more


def _tools_by_level(server: ServerAccess, levels: tuple[Level, ...]) -> list[Evidence]:
    """For each level the first tools that have it."""
    found: list[Evidence] = []
    for level in levels:
        tools = [
            tool.tool
            for tool in server.tools
            if (has := tool.has(level)) is not None and has.confidence > Confidence.LOW
        ]
        says = f"{level.value}: {_listed(tools, 4)}"
        found.append(Evidence(says=says, location=Location(server=server.name)))
    return found


CHECK: Check[Access] = Check(rules=(EVERYTHING, SANDBOX, AUTO), look=_look)
