"""Consent to everything, and what everything is."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.flow.places import entry_place, record_of, shown
from ostiary.flow.subject import Access
from ostiary.model.access import Level, ServerAccess
from ostiary.model.check import Check
from ostiary.model.client import ServerEntry
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

RULE = Rule(
    id="give-everything",
    title="Consent given to everything",
    category=Category.CONSENT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for a client that never asks about a server whose tools do more than read, and "
        "lists what was thereby consented to. Medium when what the server can do is not known. "
        "Also, for strict readers, a server with five or more of the seven levels that a client "
        "offers without any limit on its tools."
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
_MANY = 5


def _look(access: Access) -> Iterator[Finding]:
    for server in access.servers:
        record = record_of(access, server)
        for entry in record.entries if record else ():
            if entry.enabled and entry.tools.auto_approve_all:
                yield from _consented(server, entry)
            elif entry.enabled and entry.tools.only is None and not entry.tools.hidden:
                yield from _unlimited(server, entry)


def _consented(server: ServerAccess, entry: ServerEntry) -> Iterator[Finding]:
    levels = _levels(server)
    why = shown(entry.tools.why or "the setting that approves it")
    if not server.tools:
        says = "whatever it can do, which is not known"
        severity = Severity.MEDIUM
    elif set(levels) <= {Level.READ}:
        return
    else:
        says = _spelled(levels)
        severity = Severity.HIGH
    yield RULE.finding(
        f"{shown(entry.client)} never asks about {shown(entry.name)} ({why}): consent was given "
        f"to {says}.",
        entry_place(entry),
        evidence=_evidence(server, levels),
        severity=severity,
        mark=f"{entry.client}: {entry.name}: approved",
    )


def _unlimited(server: ServerAccess, entry: ServerEntry) -> Iterator[Finding]:
    levels = _levels(server)
    if len(levels) < _MANY:
        return
    yield RULE.finding(
        f"{shown(entry.name)} is offered to {shown(entry.client)} without limit, and can "
        f"{_spelled(levels)}.",
        entry_place(entry),
        evidence=_evidence(server, levels),
        severity=Severity.LOW,
        persona=Persona.STRICT,
        mark=f"{entry.client}: {entry.name}: unlimited",
    )


def _levels(server: ServerAccess) -> tuple[Level, ...]:
    found = {
        one.level
        for tool in server.tools
        for one in tool.capabilities
        if one.confidence > Confidence.LOW
    }
    return tuple(level for level in Level if level in found)


def _spelled(levels: tuple[Level, ...]) -> str:
    words = [level.value for level in levels]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _evidence(server: ServerAccess, levels: tuple[Level, ...]) -> list[Evidence]:
    """For each level the first tools that have it."""
    found: list[Evidence] = []
    for level in levels:
        tools = [
            tool.tool
            for tool in server.tools
            if (has := tool.has(level)) is not None and has.confidence > Confidence.LOW
        ]
        named = ", ".join(shown(tool) for tool in tools[:4])
        more = f" and {len(tools) - 4} more" if len(tools) > 4 else ""
        says = f"{level.value}: {named}{more}"
        found.append(Evidence(says=says, location=Location(server=server.name)))
    return found


CHECK = Check(rules=(RULE,), look=_look)
