"""Tools that do whatever the caller says, so that no approval of the tool means anything."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.flow.breadth import breadth
from ostiary.flow.places import tool_place
from ostiary.flow.subject import Access
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

RULE = Rule(
    id="over-broad-tool",
    title="One tool for every act",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what=(
        "Looks for tools that take any command, any code, any database statement or any HTTP "
        "request, and for tools whose action parameter ranges from reading to destroying. For a "
        "code runner this is its purpose: the finding says what an approval covers, not that the "
        "server is flawed."
    ),
    attack=(
        "A person who approves the tool once for a harmless call has approved every call. Rules "
        "that allow or deny tools by name cannot tell the acts apart."
    ),
    remedy=(
        "Prefer a server with one tool for each act, restrict the account behind it, or let the "
        "client ask before every call."
    ),
    references=("SAFE-T1104", "MCP02:2025", "ASI02:2026", "AISVS-1.0:10.2.5", "CWE-250"),
)


def _look(access: Access) -> Iterator[Finding]:
    servers = {server.server: server for server in access.servers}
    for surface in access.surfaces:
        server = servers.get(surface.key)
        if server is None:
            continue
        accesses = {tool.tool: tool for tool in server.tools}
        for tool in surface.tools:
            broad = breadth(tool, accesses[tool.name]) if tool.name in accesses else ()
            if broad:
                place = tool_place(server, tool.name)
                yield RULE.finding(
                    f"Tool {visible(tool.name, NAME)} does whatever its caller says: "
                    f"{visible(broad[0], NAME)}.",
                    place,
                    evidence=[Evidence(says=visible(one, NAME), location=place) for one in broad],
                    mark=tool.name,
                )


CHECK = Check(rules=(RULE,), look=_look)
