"""The union of what one client's servers can do, and the dangerous paths through it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase

from ostiary.flow.patterns import Patterns
from ostiary.flow.reach import ASKED, BYPASSED, Reach
from ostiary.flow.toxic import toxic_flows
from ostiary.model.access import ClientAccess, DataClass, Level, ServerAccess
from ostiary.model.client import Client, ServerEntry, ToolRules
from ostiary.model.grade import Confidence
from ostiary.model.server import Server


def client_access(
    client: Client, servers: tuple[ServerAccess, ...], records: tuple[Server, ...] = ()
) -> ClientAccess:
    """What ``client`` reaches through ``servers``.

    ``records`` are the scan's servers; with them every access is matched to the client's own
    entries by key, and accesses of servers the client does not have are left out. Without them
    ``servers`` must be the client's own, matched by name. A server that is turned off stays in
    the list without tools; a tool that the client hides is left out.
    """
    by_key = {record.key: record for record in records}
    reaches: list[Reach] = []
    kept: list[ServerAccess] = []
    for access in sorted(servers, key=lambda one: (one.name, one.server)):
        record = by_key.get(access.server)
        entries = _entries(client, access, record)
        if not entries and records:
            continue
        seen = _seen(access, entries)
        kept.append(seen)
        if seen.tools:
            reaches.append(Reach(seen, record, _asking(client, seen, entries)))
    return ClientAccess(
        client=client.id,
        name=client.name,
        servers=tuple(kept),
        levels=_levels(kept),
        data=_data(kept),
        flows=toxic_flows(client.id, tuple(reaches)),
    )


def _entries(
    client: Client, access: ServerAccess, record: Server | None
) -> tuple[ServerEntry, ...]:
    if record is not None:
        return tuple(entry for entry in record.entries if entry.client == client.id)
    return tuple(entry for entry in client.entries if entry.name == access.name)


def _seen(access: ServerAccess, entries: tuple[ServerEntry, ...]) -> ServerAccess:
    """The server as this client shows it to its model."""
    if not entries:
        return access
    live = tuple(entry for entry in entries if entry.enabled)
    if not live:
        return replace(access, tools=(), note=_joined(access.note, "turned off in this client"))
    tools = tuple(
        tool for tool in access.tools if any(_offered(tool.tool, one.tools) for one in live)
    )
    hidden = len(access.tools) - len(tools)
    if not hidden:
        return access
    return replace(
        access,
        tools=tools,
        note=_joined(access.note, f"{hidden} of {len(access.tools)} tools hidden here"),
    )


def _offered(tool: str, rules: ToolRules) -> bool:
    """Whether the client offers the tool. A phrase in brackets stands for tools it may offer."""
    if tool.startswith("("):
        return True
    if rules.only is not None and not _matches(tool, rules.only):
        return False
    return not _matches(tool, rules.hidden)


def _matches(tool: str, patterns: Iterable[str]) -> bool:
    return any(tool == pattern or fnmatchcase(tool, pattern) for pattern in patterns)


def _asking(
    client: Client, access: ServerAccess, entries: tuple[ServerEntry, ...]
) -> dict[str, str]:
    """For each tool, why nobody is asked; an absent one is asked about as the client does."""
    bypass = next((one for one in client.permissions if one.unasked), None)
    live = [(entry.tools, Patterns(entry.tools.auto_approve)) for entry in entries if entry.enabled]
    found: dict[str, str] = {}
    for tool in access.tools:
        for rules, approved in live:
            if rules.auto_approve_all or approved.match(tool.tool):
                found[tool.tool] = rules.why or "approved in advance"
        if tool.tool not in found and bypass is not None:
            found[tool.tool] = f"{BYPASSED}: {bypass.key} = {bypass.value}"
        found.setdefault(tool.tool, ASKED)
    return found


def _levels(servers: list[ServerAccess]) -> tuple[Level, ...]:
    found = {
        capability.level
        for server in servers
        for tool in server.tools
        for capability in tool.capabilities
        if capability.confidence > Confidence.LOW or capability.level is Level.READ
    }
    return tuple(level for level in Level if level in found)


def _data(servers: list[ServerAccess]) -> tuple[DataClass, ...]:
    found = {one for server in servers for tool in server.tools for one in tool.data}
    return tuple(one for one in DataClass if one in found)


def _joined(note: str, more: str) -> str:
    return f"{note}; {more}" if note else more
