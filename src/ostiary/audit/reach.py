"""What each tool can do, and what kind of server that makes."""

from __future__ import annotations

from ostiary.analyze.facts import Facts
from ostiary.analyze.levels import tool_reach
from ostiary.flow.kinds import kind_of
from ostiary.flow.levels import tool_access
from ostiary.model.audit import ToolReach
from ostiary.model.surface import Surface


def reach_of(facts: Facts | None, recorded: Surface | None) -> tuple[ToolReach, ...]:
    """The tools of the code, and those that only a recorded surface shows."""
    found = list(tool_reach(facts)) if facts is not None else []
    known = {one.access.tool for one in found}
    shown = recorded.tools if recorded is not None else ()
    found += [ToolReach(tool_access(one)) for one in shown if one.name not in known]
    return tuple(found)


def kind_of_server(tools: tuple[ToolReach, ...]) -> str:
    """What kind of server it is."""
    return kind_of(tuple(one.access for one in tools))
