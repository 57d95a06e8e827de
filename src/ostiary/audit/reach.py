"""What each tool can do, and what kind of server that makes."""

from __future__ import annotations

from ostiary.analyze.facts import Facts
from ostiary.analyze.levels import tool_reach
from ostiary.analyze.server_class import ServerClass, server_class
from ostiary.flow.kinds import UNKNOWN, kind_of
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


def kind_of_server(facts: Facts | None, tools: tuple[ToolReach, ...]) -> ServerClass:
    """What kind of server it is: by its code, or by its words where there is no code."""
    if facts is None:
        return ServerClass(kind_of(tuple(one.access for one in tools)))
    return server_class(facts, tools)


def named(made: ServerClass) -> tuple[tuple[str, str], ...]:
    """The class as a fact with a name; none where nothing is known."""
    if not made.says or made.kind == UNKNOWN:
        return ()
    besides = f", {made.also} besides" if made.also else ""
    return (("class of server", f"{made.kind} by {made.says}{besides}"),)
