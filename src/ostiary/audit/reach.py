"""What each tool can do, and what kind of server that makes."""

from __future__ import annotations

from ostiary.analyze.declare.surface import tool as as_listed
from ostiary.analyze.facts import Facts, Reached
from ostiary.flow.kinds import kind_of
from ostiary.flow.levels import tool_access
from ostiary.model.audit import ToolReach
from ostiary.model.finding import Location
from ostiary.model.surface import Surface, Tool


def reach_of(reached: tuple[Reached, ...], surface: Surface | None) -> tuple[ToolReach, ...]:
    """The tools of the code, and those that only a recorded surface shows."""
    found = [_from_code(one) for one in reached if not one.entry.internal]
    known = {one.access.tool for one in found}
    shown = surface.tools if surface is not None else ()
    found += [ToolReach(tool_access(one)) for one in shown if one.name not in known]
    return tuple(found)


def _from_code(one: Reached) -> ToolReach:
    entry = one.entry
    listed = Tool(kind="tool", name=entry.name, raw=as_listed(entry), digest="")
    place = Location(file=entry.place.file, line=entry.place.line, part=f"tool {entry.name}")
    return ToolReach(
        access=tool_access(listed), place=place, handler=place if entry.handler else None
    )


def kind_of_server(_facts: Facts | None, tools: tuple[ToolReach, ...]) -> str:
    """What kind of server it is."""
    return kind_of(tuple(one.access for one in tools))
