"""The access map as a picture: boxes, lines and dots with their places, for SVG."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from ostiary.model.counted import counted
from ostiary.model.grade import Confidence
from ostiary.model.visible import visible
from ostiary.report.access_map import LETTERS, ClientRow
from ostiary.report.picture_nodes import ClientNode, ServerNode, nodes

WIDTH = 1030
_TOP = 44
_ROW = 50
_BOX = 38
_CLIENT_X, _CLIENT_W = 4, 190
_SERVER_X, _SERVER_W = 300, 240
_DOT_X, _DOT_STEP = 650, 56
_MOST_PATHS = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A labelled box."""

    x: int
    y: int
    width: int
    label: str
    below: str
    full: str
    """Everything the labels had to cut."""
    known: bool = True
    hot: bool = False
    """Part of a toxic flow."""

    @property
    def middle(self) -> int:
        return self.y + _BOX // 2


@dataclass(frozen=True, slots=True)
class Dot:
    """One level of one server."""

    x: int
    y: int
    level: str
    weak: bool
    danger: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A curve, as SVG path data."""

    path: str
    hot: bool = False
    label: str = ""
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything to draw."""

    width: int
    height: int
    box: int
    clients: tuple[Box, ...]
    servers: tuple[Box, ...]
    edges: tuple[Line, ...]
    arcs: tuple[Line, ...]
    dots: tuple[Dot, ...]
    heads: tuple[Dot, ...]
    """Column heads of the levels."""
    says: str


def picture(rows: tuple[ClientRow, ...]) -> Picture:
    """The map drawn: at most 16 client boxes and 24 server boxes, whatever the input."""
    clients, servers = nodes(rows)
    height = _TOP + max(len(clients), len(servers), 1) * _ROW + 8
    client_boxes = _client_boxes(clients, height)
    server_boxes = _server_boxes(servers, height)
    return Picture(
        width=WIDTH,
        height=height,
        box=_BOX,
        clients=client_boxes,
        servers=server_boxes,
        edges=_edges(clients, servers, client_boxes, server_boxes),
        arcs=_arcs(rows, servers, server_boxes),
        dots=_all_dots(servers, server_boxes),
        heads=_heads(),
        says=_says(rows, _shared(clients, servers)),
    )


def _client_boxes(clients: tuple[ClientNode, ...], height: int) -> tuple[Box, ...]:
    tops = _spread(len(clients), height)
    return tuple(
        Box(
            _CLIENT_X,
            top,
            _CLIENT_W,
            fit(one.label, 22),
            fit(one.below, 28),
            visible(one.full, 1000),
            hot=one.hot,
        )
        for one, top in zip(clients, tops, strict=True)
    )


def _server_boxes(servers: tuple[ServerNode, ...], height: int) -> tuple[Box, ...]:
    tops = _spread(len(servers), height)
    return tuple(
        Box(
            _SERVER_X,
            top,
            _SERVER_W,
            fit(one.label, 27),
            fit(one.below, 35),
            visible(one.full, 1000),
            one.known,
            one.hot,
        )
        for one, top in zip(servers, tops, strict=True)
    )


def _spread(count: int, height: int) -> list[int]:
    """Tops of ``count`` boxes, spread evenly over the height."""
    step = (height - _TOP - 8) / max(count, 1)
    return [round(_TOP + step * number + (step - _BOX) / 2) for number in range(count)]


def _edges(
    clients: tuple[ClientNode, ...],
    servers: tuple[ServerNode, ...],
    client_boxes: tuple[Box, ...],
    server_boxes: tuple[Box, ...],
) -> tuple[Line, ...]:
    begin, end = _CLIENT_X + _CLIENT_W, _SERVER_X
    turn = (begin + end) // 2
    found = [
        Line(
            _curve(begin, left.middle, turn, end, right.middle),
            hot=client.hot and server.hot and bool(client.flowing & server.keys),
        )
        for client, left in zip(clients, client_boxes, strict=True)
        for server, right in zip(servers, server_boxes, strict=True)
        if client.keys & server.keys
    ]
    return tuple(sorted(found, key=lambda line: line.hot))


def _curve(x: int, y: int, turn: int, to_x: int, to_y: int) -> str:
    """A Bézier curve whose handles both lie at ``turn``."""
    return f"M{x} {y}C{turn} {y} {turn} {to_y} {to_x} {to_y}"


def _arcs(
    rows: tuple[ClientRow, ...], servers: tuple[ServerNode, ...], boxes: tuple[Box, ...]
) -> tuple[Line, ...]:
    """The first few distinct paths as arrows from server to server, numbered like the list."""
    at = {key: box for node, box in zip(servers, boxes, strict=True) for key in node.keys}
    edge = _SERVER_X + _SERVER_W
    found: list[Line] = []
    drawn: set[tuple[int, ...]] = set()
    flows = [(row, flow) for row in rows for flow in row.flows]
    for number, (row, flow) in enumerate(flows, 1):
        mine = {server.name: at[server.key].middle for server in row.servers}
        stops = tuple(mine[step.server] for step in flow.steps if step.server in mine)
        hops = [(a, b) for a, b in pairwise(stops) if a != b]
        if not hops or stops in drawn or len(drawn) >= _MOST_PATHS:
            continue
        drawn.add(stops)
        for turn, (start, stop) in enumerate(hops):
            out = edge + 38 + 12 * len(drawn) + 28 * turn
            down = 5 if stop > start else -5
            path = _curve(edge, start + down, out, edge + 4, stop - down)
            middle = (start + stop) // 2
            label = str(number) if turn == 0 else ""
            found.append(Line(path, True, label, (edge + 3 * out) // 4, middle))
    return tuple(found)


def _all_dots(servers: tuple[ServerNode, ...], boxes: tuple[Box, ...]) -> tuple[Dot, ...]:
    pairs = zip(servers, boxes, strict=True)
    return tuple(dot for node, box in pairs for dot in _dots(node, box))


def _dots(node: ServerNode, box: Box) -> list[Dot]:
    has = {mark.level: mark for mark in node.marks}
    return [
        Dot(
            _DOT_X + _DOT_STEP * number,
            box.middle,
            word,
            has[level].confidence is Confidence.LOW,
            letter in "dxa$",
        )
        for number, (level, letter, word) in enumerate(LETTERS)
        if level in has
    ]


def _heads() -> tuple[Dot, ...]:
    return tuple(
        Dot(_DOT_X + _DOT_STEP * number, 24, word, False, letter in "dxa$")
        for number, (_, letter, word) in enumerate(LETTERS)
    )


def _shared(clients: tuple[ClientNode, ...], servers: tuple[ServerNode, ...]) -> bool:
    return any(one.several for one in clients) or any(one.several for one in servers)


def _says(rows: tuple[ClientRow, ...], shared: bool) -> str:
    servers = {server.key: server.known for row in rows for server in row.servers}
    unknown = sum(not known for known in servers.values())
    flows = sum(len(row.flows) for row in rows)
    said = (
        f"Clients at the left are joined to the {counted(len(servers), 'server')} they can use; "
        "dots at the right of a server are its levels."
    )
    if shared:
        said += " A box that stands for several shows what any of them can do."
    if unknown:
        said += f" Nothing is known of {counted(unknown, 'server')}."
    if flows:
        said += f" Arrows between servers are dangerous paths; {counted(flows, 'path')} in all."
    return f"{said} The tables below say the same in words."


def fit(text: str, columns: int) -> str:
    """``text`` made visible and cut to ``columns``; wide characters count twice."""
    shown = visible(text, columns * 2)
    used = 0
    for place, char in enumerate(shown):
        used += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used > columns:
            return shown[: max(place - 1, 0)] + "…"
    return shown
