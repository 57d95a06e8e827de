"""What the picture of the access map shows as one box each, so that it stays readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ostiary.report.access_map import ClientRow, Mark, ServerRow

MOST_CLIENTS = 16
MOST_SERVERS = 24


@dataclass(frozen=True, slots=True)
class ServerNode:
    """One server, or several that are alike."""

    label: str
    below: str
    full: str
    keys: frozenset[str]
    marks: tuple[Mark, ...]
    known: bool
    hot: bool
    several: bool = False


@dataclass(frozen=True, slots=True)
class ClientNode:
    """One client, or several that use the same servers."""

    label: str
    below: str
    full: str
    keys: frozenset[str]
    flowing: frozenset[str]
    """Keys of servers that take part in toxic flows of these clients."""
    hot: bool
    several: bool = False


def nodes(rows: Sequence[ClientRow]) -> tuple[tuple[ClientNode, ...], tuple[ServerNode, ...]]:
    """Clients and servers as boxes, in the order of the map; alike ones share a box."""
    used = [row for row in rows if row.servers]
    flowing = {row.client: _flowing(row) for row in used}
    hot = frozenset(key for keys in flowing.values() for key in keys)
    servers = _servers(used, hot)
    clients = _clients(used, servers, flowing)
    return clients, servers


def _flowing(row: ClientRow) -> frozenset[str]:
    names = {step.server for flow in row.flows for step in flow.steps}
    return frozenset(server.key for server in row.servers if server.name in names)


def _servers(rows: list[ClientRow], hot: frozenset[str]) -> tuple[ServerNode, ...]:
    each: dict[str, ServerRow] = {}
    for row in rows:
        for server in row.servers:
            each.setdefault(server.key, server)
    if len(each) <= MOST_SERVERS:
        return tuple(_server_node([one], hot) for one in each.values())
    alike: dict[tuple[str, ...], list[ServerRow]] = {}
    alone = 0
    for one in each.values():
        single = one.key in hot and alone < MOST_SERVERS // 2
        alone += single
        levels = " ".join(mark.level.value for mark in one.marks)
        key = ("one", one.key) if single else ("many", levels if one.known else "unknown")
        alike.setdefault(key, []).append(one)
    groups = list(alike.values())
    if len(groups) > MOST_SERVERS:
        rest = [one for group in groups[MOST_SERVERS - 1 :] for one in group]
        groups = [*groups[: MOST_SERVERS - 1], rest]
    return tuple(_server_node(group, hot) for group in groups)


def _server_node(group: list[ServerRow], hot: frozenset[str]) -> ServerNode:
    names = tuple(dict.fromkeys(one.name for one in group))
    best: dict[str, Mark] = {}
    for one in group:
        for mark in one.marks:
            old = best.get(mark.level.value)
            if old is None or mark.confidence > old.confidence:
                best[mark.level.value] = mark
    known = all(one.known for one in group)
    return ServerNode(
        label=names[0] if len(group) == 1 else f"{len(group)} servers",
        below=_server_below(group, known),
        full=", ".join(names),
        keys=frozenset(one.key for one in group),
        marks=tuple(best.values()),
        known=known,
        hot=any(one.key in hot for one in group),
        several=len(group) > 1,
    )


def _server_below(group: list[ServerRow], known: bool) -> str:
    if len(group) > 1:
        return ", ".join(one.name for one in group)
    if not known:
        return "unknown: not looked at"
    things = dict.fromkeys([*group[0].objects, *(one.value for one in group[0].data)])
    return ", ".join(things) or group[0].kind


def _clients(
    rows: list[ClientRow],
    servers: tuple[ServerNode, ...],
    flowing: dict[str, frozenset[str]],
) -> tuple[ClientNode, ...]:
    place = {key: number for number, node in enumerate(servers) for key in node.keys}
    alike: dict[tuple[object, ...], list[ClientRow]] = {}
    many = len(rows) > MOST_CLIENTS
    for row in rows:
        reach = tuple(sorted({place[server.key] for server in row.servers}))
        key = (reach, flowing[row.client]) if many else (row.client, row.name)
        alike.setdefault(key, []).append(row)
    groups = list(alike.values())
    if len(groups) > MOST_CLIENTS:
        rest = [one for group in groups[MOST_CLIENTS - 1 :] for one in group]
        groups = [*groups[: MOST_CLIENTS - 1], rest]
    return tuple(_client_node(group, flowing) for group in groups)


def _client_node(group: list[ClientRow], flowing: dict[str, frozenset[str]]) -> ClientNode:
    names = ", ".join(row.name for row in group)
    keys = frozenset(server.key for row in group for server in row.servers)
    unknown = frozenset(s.key for row in group for s in row.servers if not s.known)
    below = f"{len(keys)} server{'s' if len(keys) != 1 else ''}"
    if unknown:
        below += f", {len(unknown)} unknown"
    return ClientNode(
        label=names if len(group) == 1 else f"{len(group)} clients",
        below=names if len(group) > 1 else below,
        full=f"{names}: {below}",
        keys=keys,
        flowing=frozenset(key for row in group for key in flowing[row.client]),
        hot=any(row.flows for row in group),
        several=len(group) > 1,
    )
