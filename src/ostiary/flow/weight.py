"""How much it matters that a tool runs: levels that change something of value."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.model.access import DataClass, Level, ToolAccess
from ostiary.model.grade import Confidence

GRAVE = frozenset({Level.EXECUTE, Level.DESTROY, Level.SEND, Level.SPEND, Level.ADMINISTER})
"""Levels whose use can rarely be taken back."""

_OWN = frozenset({DataClass.MEMORY, DataClass.PUBLIC})
"""Data that is the agent's own or everybody's: to change it costs nobody anything."""


def own_things(tool: ToolAccess) -> bool:
    """Whether a tool works on the agent's own memory or on public data alone."""
    return bool(tool.data) and _OWN.issuperset(tool.data)


def acting_levels(tool: ToolAccess) -> tuple[Level, ...]:
    """The likely levels beyond reading; none for a tool that changes only the agent's memory."""
    return tuple(
        one.level
        for one in tool.capabilities
        if one.level is not Level.READ
        and one.confidence > Confidence.LOW
        and not (own_things(tool) and one.level in (Level.WRITE, Level.DESTROY))
    )


def levels_of(tools: Iterable[ToolAccess]) -> tuple[Level, ...]:
    """Every level that some tool likely has, in the order of listing."""
    found = {
        one.level for tool in tools for one in tool.capabilities if one.confidence > Confidence.LOW
    }
    return tuple(level for level in Level if level in found)
