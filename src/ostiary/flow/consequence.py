"""What a planted instruction could do on this machine, with these neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from ostiary.flow.reach import ANY_FILE_WRITE, EXECUTE, OUTWARD, PRIVATE, SPEND, plainness
from ostiary.model.access import ClientAccess, Level, ToolAccess
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence
from ostiary.model.rule import Category
from ostiary.model.visible import NAME, visible

_MATTERS = frozenset(
    one.value
    for one in (Category.POISON, Category.INFLUENCE, Category.CONCEALMENT, Category.COLLISION)
)
_MARK = "On this machine: "
_CLIENTS = 3
"""Clients that are spelled out; the rest are counted."""


def completing(accesses: tuple[ClientAccess, ...]) -> Callable[[Finding], Finding]:
    """Completes consequences with what else the same model reaches; unchanged where that is moot.

    Only findings that let text steer a model (poison, influence, concealment, collision) are
    completed, with what each client that has the server reaches. Each server is looked at once.
    """
    told = cache(lambda name: _told(accesses, name))

    def complete(finding: Finding) -> Finding:
        name = finding.location.server
        if finding.category not in _MATTERS or not name or _MARK in finding.consequence:
            return finding
        said = told(name)
        return finding.with_consequence(f"{finding.consequence} {said}") if said else finding

    return complete


def _told(accesses: tuple[ClientAccess, ...], name: str) -> str:
    using = [one for one in accesses if any(server.name == name for server in one.servers)]
    told = [said for one in using[:_CLIENTS] if (said := _client(one, name))]
    if not told:
        return ""
    more = len(using) - _CLIENTS
    rest = f" The same holds in {more} more clients." if more > 0 else ""
    return f"{_MARK}{' '.join(told)}{rest}"


def _client(access: ClientAccess, name: str) -> str:
    powers = [
        f"{what} with {', '.join(tools)}"
        for what, role, holds in _POWERS
        if (tools := list(_tools(access, name, role, holds)))
    ]
    if not powers:
        return ""
    return f"in {visible(access.name, NAME)} whoever steers the model can {'; '.join(powers)}."


def _tools(
    access: ClientAccess, name: str, role: str, holds: Callable[[ToolAccess], Confidence | None]
) -> Iterator[str]:
    """The surest, plainest tool of up to three servers, neighbours before the server itself."""
    found: list[tuple[bool, int, str, str]] = []
    for server in access.servers:
        rated = [
            (-sure, plainness(role, tool.tool), tool.tool)
            for tool in server.tools
            if (sure := holds(tool)) is not None and sure > Confidence.LOW
        ]
        if rated:
            best, _, tool_name = min(rated)
            found.append((server.name == name, best, server.name, tool_name))
    for _, _, neighbour, tool_name in sorted(found)[:3]:
        yield f"{visible(neighbour, NAME)} ({visible(tool_name, NAME)})"


def _private(tool: ToolAccess) -> Confidence | None:
    return tool.private


def _outward(tool: ToolAccess) -> Confidence | None:
    return tool.outward


def _of(*levels: Level) -> Callable[[ToolAccess], Confidence | None]:
    def holds(tool: ToolAccess) -> Confidence | None:
        found = [one.confidence for one in tool.capabilities if one.level in levels]
        return max(found, default=None)

    return holds


_POWERS: tuple[tuple[str, str, Callable[[ToolAccess], Confidence | None]], ...] = (
    ("read private data", PRIVATE, _private),
    ("run code", EXECUTE, _of(Level.EXECUTE)),
    ("write or destroy", ANY_FILE_WRITE, _of(Level.WRITE, Level.DESTROY)),
    ("spend or change rights", SPEND, _of(Level.SPEND, Level.ADMINISTER)),
    ("send data out", OUTWARD, _outward),
)
