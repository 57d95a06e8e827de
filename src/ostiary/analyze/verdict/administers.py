"""Tools that stop machines or decide who may do what: nothing at home, an outage elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.model.access import Level
from ostiary.model.audit import ToolReach
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

ADMINISTERS_SYSTEMS = Rule(
    id="administers-systems",
    title="Stops or administers systems",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Names tools whose code stops or restarts a machine or service, or changes users, roles, "
        "keys, policies or the configuration of systems. It is a capability and no flaw; how much "
        "it weighs depends on who else relies on the system."
    ),
    attack=(
        "One wrong or misled call stops what others rely on, or gives somebody rights that nobody "
        "granted."
    ),
    remedy=(
        "Leave the tool out where others rely on the system, or have every call of it confirmed by "
        "a person who answers for the system."
    ),
    references=("CWE-250", "ASI02:2026", "LLM03:2026", "SAFE-T2102", "CoSAI-MCP-T9"),
)


def administers(tools: Iterable[ToolReach]) -> tuple[Finding, ...]:
    """One finding for each tool that administers."""
    return tuple(one for tool in tools if (one := _finding(tool)) is not None)


def _finding(tool: ToolReach) -> Finding | None:
    can = tool.access.has(Level.ADMINISTER)
    if can is None or can.confidence is Confidence.LOW:
        return None
    name = visible(tool.access.tool, NAME)
    what = visible(", ".join(can.objects), 160) or "systems"
    place = Location(
        file=tool.place.file,
        line=tool.place.line,
        column=tool.place.column,
        part=f"tool {tool.access.tool}",
    )
    return ADMINISTERS_SYSTEMS.finding(
        f"{name} administers {what}",
        place,
        evidence=tuple(Evidence(one.says, tool.handler or place) for one in can.basis),
        confidence=can.confidence,
        mark=tool.access.tool,
    )
