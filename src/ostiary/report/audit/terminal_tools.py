"""What each tool can do, as a table for a terminal."""

from __future__ import annotations

from rich.text import Text

from ostiary.analyze.verdict.roles import roles
from ostiary.model.access import Capability, Level
from ostiary.model.audit import AuditResult, ToolReach
from ostiary.model.counted import counted
from ostiary.model.grade import Confidence
from ostiary.model.visible import visible
from ostiary.report.audit.sheet import destinations
from ostiary.report.paper import Paper

_HARM = frozenset({Level.DESTROY, Level.EXECUTE, Level.SPEND, Level.ADMINISTER})
_MOST = 60
_NARROW = 76
_HEADS = ("tool", "levels", "data goes to", "credentials", "keeps")
_SHARES = (22, 20, 26, 16, 16)
"""Of a hundred columns; the last takes what is left."""


def write_tools(paper: Paper, result: AuditResult) -> None:
    """One row a tool. A ``?`` after a level is little evidence."""
    paper.heading(f"What it can do: {result.kind}, {counted(len(result.tools), 'tool')}")
    if not result.tools:
        paper.write("No tool was found in its code. That is not the same as having none.")
        return
    for role in roles(result.tools):
        paper.write(f"{role.name}: {role.says}", 4, "  ")
    if paper.width < _NARROW:
        _blocks(paper, result.tools[:_MOST])
    else:
        room = paper.width - len(_SHARES) - 2
        widths = [room * share // 100 for share in _SHARES]
        paper.row([Text(one, "dim") for one in _HEADS], widths, 2)
        for tool in result.tools[:_MOST]:
            paper.row(_cells(tool), widths, 2)
    if len(result.tools) > _MOST:
        paper.write(f"  and {len(result.tools) - _MOST:,} more, all of them with --format json")


def _blocks(paper: Paper, tools: tuple[ToolReach, ...]) -> None:
    """Where no table fits: a tool with one thing a line."""
    for tool in tools:
        name, *others = _cells(tool)
        paper.write(name, 4, "  ")
        for head, cell in zip(_HEADS[1:], others, strict=True):
            if cell.plain != "-":
                paper.write(Text(f"{head}: ", "dim") + cell, 6, "    ")


def _cells(tool: ToolReach) -> list[Text]:
    return [
        Text(visible(tool.access.tool, 80), "bold"),
        _levels(tool),
        Text(visible("; ".join(destinations(tool)) or "-", 240)),
        Text(visible(", ".join(tool.credentials) or "-", 160)),
        Text(visible("; ".join(tool.stores) or "-", 200)),
    ]


def _levels(tool: ToolReach) -> Text:
    if tool.handler is None and not tool.access.capabilities:
        return Text("unknown: its code was not found", "yellow")
    found = Text()
    for number, one in enumerate(tool.access.capabilities):
        found.append(", " if number else "")
        found.append(_word(one), "bold red" if one.level in _HARM else "")
    return found if found.plain else Text("no sign of any", "dim")


def _word(one: Capability) -> str:
    return f"{one.level.value}?" if one.confidence is Confidence.LOW else one.level.value
