"""What a server is to an attacker: the roles that make it worth taking over.

After the threat model of the MCP security community: a server orchestrates other APIs, holds
credentials for them, and acts from inside the network or machine it runs on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ostiary.model.access import DataClass, Level
from ostiary.model.audit import ToolReach
from ostiary.model.grade import Confidence
from ostiary.model.visible import NAME, visible

ORCHESTRATOR = "API orchestrator"
HOLDER = "credential holder"
INSIDER = "inside actor"
_INSIDE = frozenset({Level.EXECUTE, Level.ADMINISTER, Level.DESTROY, Level.WRITE})
_LOCAL = frozenset({DataClass.FILES, DataClass.SOURCE_CODE, DataClass.DATABASE})
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Role:
    """One role with what speaks for it."""

    name: str
    says: str


def roles(tools: tuple[ToolReach, ...]) -> tuple[Role, ...]:
    """The roles of a server, in a fixed order; none where nothing speaks for one."""
    found = []
    hosts = _distinct(one.words for tool in tools for one in tool.destinations)
    if hosts:
        found.append(Role(ORCHESTRATOR, f"what it is told to do reaches {_list(hosts)}"))
    names = _distinct(name for tool in tools for name in tool.credentials)
    if names:
        found.append(Role(HOLDER, f"whoever controls it acts with {_list(names)}"))
    inside = _distinct(tool.access.tool for tool in tools if _acts_inside(tool))
    if inside:
        found.append(Role(INSIDER, f"it acts where it runs, past the firewall, by {_list(inside)}"))
    return tuple(found)


def _acts_inside(tool: ToolReach) -> bool:
    sure = {one.level for one in tool.access.capabilities if one.confidence > Confidence.LOW}
    if sure & {Level.EXECUTE, Level.ADMINISTER}:
        return True
    return bool(sure & _INSIDE and _LOCAL & set(tool.access.data) and not tool.destinations)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _list(names: tuple[str, ...]) -> str:
    said = ", ".join(visible(one, NAME) for one in names[:_NAMED])
    return f"{said} and {len(names) - _NAMED} more" if len(names) > _NAMED else said
