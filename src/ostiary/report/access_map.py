"""The access map as rows that every format draws: who can reach what, and at what level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from ostiary.model.access import ClientAccess, DataClass, Level, ServerAccess, ToxicFlow
from ostiary.model.client import Client, PolicyEntry, ServerEntry
from ostiary.model.grade import Confidence
from ostiary.model.scan import ScanResult
from ostiary.model.server import Server

Thing = TypeVar("Thing")

UNKNOWN = "unknown — not looked at"

LETTERS: tuple[tuple[Level, str, str], ...] = (
    (Level.READ, "r", "read"),
    (Level.WRITE, "w", "write"),
    (Level.DESTROY, "d", "destroy"),
    (Level.EXECUTE, "x", "execute"),
    (Level.SEND, "s", "send out"),
    (Level.SPEND, "$", "spend"),
    (Level.ADMINISTER, "a", "administer"),
)
"""Level, its letter in narrow tables, its word."""

_WEIGHT = {
    Level.EXECUTE: 64,
    Level.ADMINISTER: 32,
    Level.DESTROY: 16,
    Level.SPEND: 8,
    Level.SEND: 4,
    Level.WRITE: 2,
    Level.READ: 1,
}
_UNKNOWN_WEIGHT = 15
"""Unknown lists above servers that only read, write or send, and below those that run code."""

_KNOWN = {
    "surface": "what it declared to this scan",
    "memory": "what it declared to an earlier scan",
    "captured": "a captured file",
    "audit": "its code, which was audited",
    "known package": "its package, which is known",
}

_NAMED = 6
"""Tools that run unasked named one by one; the others are counted."""

_GRADES = {
    "A": "A: by identity (command, arguments or URL)",
    "B": "B: partly by identity",
    "C": "C: by name only, and names can be chosen freely",
    "none": "none found",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One level that a server or client has."""

    level: Level
    confidence: Confidence
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """One trait of the data that passes: ``private``, ``untrusted`` or ``outward``."""

    name: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ServerRow:
    """One server as one client has it."""

    key: str
    name: str
    kind: str
    known_from: str
    """The model's word: ``surface``, ``memory``, ``captured``, ``known package``, ``nothing``."""
    how_known: str
    """The same for people; ``unknown — not looked at`` where nothing is known."""
    enabled: bool
    marks: tuple[Mark, ...]
    data: tuple[DataClass, ...]
    labels: tuple[Label, ...]
    tools: int
    holds: tuple[str, ...]
    asked: str
    """Who is asked before it acts, in words."""
    contradicted: tuple[str, ...]
    note: str

    @property
    def known(self) -> bool:
        return self.known_from != "nothing"

    @property
    def objects(self) -> tuple[str, ...]:
        return _once(thing for mark in self.marks for thing in mark.objects)


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client: its servers, their union and what follows."""

    client: str
    """Client id; empty for surfaces that no client uses."""
    name: str
    servers: tuple[ServerRow, ...]
    """Most powerful first."""
    marks: tuple[Mark, ...]
    data: tuple[DataClass, ...]
    labels: tuple[Label, ...]
    flows: tuple[ToxicFlow, ...]
    decides: str
    """Who decides that an action needs a person."""
    asked: str
    """Who is asked before a server of this client acts, unless its row says otherwise."""
    bypass: tuple[str, ...]
    """Settings that let calls run unasked."""
    policies: tuple[str, ...]
    control: str
    """How strong the strongest policy of this client can be."""
    control_note: str
    tool_change: str
    unseen: str = ""
    """What decides about this client and stands in no file."""
    application: bool = False
    """Whether it is an application, with policies to tell."""

    @property
    def unknown(self) -> int:
        return sum(not row.known for row in self.servers)


def rows(result: ScanResult) -> tuple[ClientRow, ...]:
    """The map, one row a client, in the order of the result; loose surfaces come last."""
    servers = {server.key: server for server in result.servers}
    clients = {client.id: client for client in result.clients}
    known = {access.server: access for access in result.server_access}
    mapped = {access.client: access for access in result.access}
    ids = _once([*(access.client for access in result.access), *clients])
    found = [_client_row(one, clients.get(one), mapped.get(one), servers, known) for one in ids]
    used = {row.key for client in found for row in client.servers}
    loose = [access for access in result.server_access if access.server not in used]
    if loose:
        found.append(_loose_row(loose))
    return tuple(found)


def unknown_servers(result: ScanResult) -> tuple[str, ...]:
    """Keys of the servers of which nothing is known."""
    known = {access.server for access in _all_access(result) if access.known_from != "nothing"}
    every = [server.key for server in result.servers]
    every += [access.server for access in _all_access(result)]
    return tuple(key for key in _once(every) if key not in known)


def _all_access(result: ScanResult) -> Iterable[ServerAccess]:
    yield from result.server_access
    for client in result.access:
        yield from client.servers


def _client_row(
    ident: str,
    client: Client | None,
    access: ClientAccess | None,
    servers: dict[str, Server],
    known: dict[str, ServerAccess],
) -> ClientRow:
    have = {one.server: one for one in (access.servers if access else ())}
    for key, server in servers.items():
        if ident in server.clients and key not in have:
            have[key] = known.get(key) or _nothing(server)
    found = [_server_row(one, servers.get(one.server), client, ident) for one in have.values()]
    found.sort(key=lambda row: (-_danger(row), row.name, row.key))
    marks = _union(mark for row in found for mark in row.marks)
    if access:
        seen = {mark.level for mark in marks}
        marks = _union(
            [*marks, *(Mark(one, Confidence.LOW) for one in access.levels if one not in seen)]
        )
    return ClientRow(
        client=ident,
        name=client.name if client else access.name if access else ident,
        servers=tuple(found),
        marks=tuple(Mark(mark.level, mark.confidence) for mark in marks),
        data=access.data if access else _once(one for row in found for one in row.data),
        labels=_strongest(label for row in found for label in row.labels),
        flows=access.flows if access else (),
        decides=(client.decides if client else "") or "not known",
        asked=_asked([], client),
        bypass=_bypass(client),
        policies=tuple(policy_words(one) for one in client.policies) if client else (),
        control=_GRADES.get(client.control, client.control) if client else _GRADES["none"],
        control_note=client.control_note if client else "",
        tool_change=client.tool_change if client else "",
        unseen=client.unseen if client else "",
        application=client is not None and not client.stand_in,
    )


def _loose_row(loose: list[ServerAccess]) -> ClientRow:
    found = [_server_row(access, None, None, "") for access in loose]
    found.sort(key=lambda row: (-_danger(row), row.name, row.key))
    return ClientRow(
        client="",
        name="Used by no client",
        servers=tuple(found),
        marks=_union(Mark(m.level, m.confidence) for row in found for m in row.marks),
        data=_once(one for row in found for one in row.data),
        labels=_strongest(label for row in found for label in row.labels),
        flows=(),
        decides="nobody: no client is involved",
        asked=_asked([], None),
        bypass=(),
        policies=(),
        control=_GRADES["none"],
        control_note="",
        tool_change="",
    )


def _nothing(server: Server) -> ServerAccess:
    return ServerAccess(server.key, server.name, "unknown", "nothing", ())


def _server_row(
    access: ServerAccess, server: Server | None, client: Client | None, ident: str
) -> ServerRow:
    entries = [one for one in server.entries if one.client == ident] if server else []
    return ServerRow(
        key=access.server,
        name=access.name,
        kind=access.kind,
        known_from=access.known_from,
        how_known=_KNOWN.get(access.known_from, UNKNOWN),
        enabled=any(entry.enabled for entry in entries) if entries else True,
        marks=_union(
            Mark(one.level, one.confidence, one.objects)
            for tool in access.tools
            for one in tool.capabilities
        ),
        data=_once(one for tool in access.tools for one in tool.data),
        labels=_labels(access),
        tools=len(access.tools),
        holds=access.holds,
        asked=_asked(entries, client),
        contradicted=tuple(
            f"{tool.tool}: {claim}" for tool in access.tools for claim in tool.contradicted
        ),
        note=access.note,
    )


def _labels(access: ServerAccess) -> tuple[Label, ...]:
    found: list[Label] = []
    for tool in access.tools:
        traits = (
            ("private", tool.private),
            ("untrusted", tool.untrusted),
            ("outward", tool.outward),
        )
        found += [Label(name, sure) for name, sure in traits if sure is not None]
    return _strongest(found)


def _asked(entries: list[ServerEntry], client: Client | None) -> str:
    """Who is asked before this server acts: the entry's own rules, then the client's."""
    live = [entry.tools for entry in entries if entry.enabled]
    if any(tools.auto_approve_all for tools in live):
        why = next((one.why for one in live if one.auto_approve_all and one.why), "")
        return f"nobody ({why})" if why else "nobody"
    wide = next((one for one in client.permissions if one.unasked), None) if client else None
    if wide is not None:
        return f"nobody ({wide.key}: {wide.value})"
    free = _once(tool for tools in live for tool in tools.auto_approve)
    if free:
        more = f" and {len(free) - _NAMED:,} more" if len(free) > _NAMED else ""
        return f"not for {', '.join(free[:_NAMED])}{more}"
    return (client.decides if client else "") or "not known"


def _bypass(client: Client | None) -> tuple[str, ...]:
    if client is None:
        return ()
    return _once(f"{one.key}: {one.value}" for one in client.permissions if one.bypass)


def policy_words(policy: PolicyEntry) -> str:
    """One policy in one line: what it does, by what, where it lies and who can change it."""
    where = policy.file if policy.line is None else f"{policy.file}:{policy.line}"
    who = "managed" if policy.managed else "the user can change it"
    what = f"{policy.kind.value} by {policy.matches}"
    if policy.pattern:
        what += f" {policy.pattern}"
    return f"{what} ({where}, {who})"


def _union(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    best: dict[Level, Mark] = {}
    for mark in marks:
        old = best.get(mark.level)
        if old is None:
            best[mark.level] = mark
            continue
        best[mark.level] = Mark(
            mark.level,
            max(old.confidence, mark.confidence),
            _once([*old.objects, *mark.objects]),
        )
    return tuple(best[level] for level in Level if level in best)


def _strongest(labels: Iterable[Label]) -> tuple[Label, ...]:
    best: dict[str, Label] = {}
    for label in labels:
        old = best.get(label.name)
        if old is None or label.confidence > old.confidence:
            best[label.name] = label
    return tuple(best[name] for name in ("private", "untrusted", "outward") if name in best)


def _danger(row: ServerRow) -> int:
    if not row.known:
        return _UNKNOWN_WEIGHT
    return sum(_WEIGHT[mark.level] for mark in row.marks)


def _once(things: Iterable[Thing]) -> tuple[Thing, ...]:
    return tuple(dict.fromkeys(things))
