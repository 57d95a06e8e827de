"""Annotations that the tool's own name or schema speaks against."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.flow.hints import READ_ONLY
from ostiary.flow.places import tool_place
from ostiary.flow.subject import Access
from ostiary.model.access import Level, ServerAccess, ToolAccess
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

RULE = Rule(
    id="claim-contradicted",
    title="Annotation contradicts the tool",
    category=Category.CLAIM,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for tools whose annotations claim less than their names and schemas say: "
        "readOnlyHint true on a tool that changes, deletes, runs or sends; destructiveHint false "
        "on one that deletes; openWorldHint false on one that reaches addresses the caller names "
        "(strict). Only strong evidence counts; making something that may live only in the answer, "
        "such as a chart, does not contradict."
    ),
    attack=(
        "Clients let calls run unasked when a tool claims to be read-only, so a false claim gets "
        "past the person who would have been asked."
    ),
    remedy=(
        "Do not let this client approve calls on the strength of annotations for this server, and "
        "ask its maintainer to correct them."
    ),
    references=("SAFE-T1406", "CoSAI-MCP-T6", "MCP03:2025", "CWE-345"),
)
_GRAVE = (Level.DESTROY, Level.EXECUTE, Level.SPEND, Level.ADMINISTER, Level.SEND)


def _look(access: Access) -> Iterator[Finding]:
    for server in access.servers:
        for tool in server.tools:
            if tool.contradicted:
                yield _finding(server, tool)


def _finding(server: ServerAccess, tool: ToolAccess) -> Finding:
    place = tool_place(server, tool.tool)
    read_only = any(one.startswith(READ_ONLY) for one in tool.contradicted)
    world_only = all("world" in one for one in tool.contradicted)
    grave = read_only and any(
        (found := tool.has(level)) is not None and found.confidence is Confidence.HIGH
        for level in _GRAVE
    )
    return RULE.finding(
        f"Tool {visible(tool.tool, NAME)} says of itself what its definition contradicts: "
        f"{tool.contradicted[0]}.",
        place,
        evidence=[Evidence(says=f"claims: {', '.join(tool.claims)}", location=place)]
        + [Evidence(says=one, location=place) for one in tool.contradicted],
        severity=Severity.HIGH if grave else Severity.LOW if world_only else None,
        persona=Persona.STRICT if world_only else None,
        mark=f"{server.name}: {tool.tool}",
    )


CHECK = Check(rules=(RULE,), look=_look)
