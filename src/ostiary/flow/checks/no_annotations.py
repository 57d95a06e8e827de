"""Servers whose tools claim nothing, so that clients cannot even ask the right question."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.flow.places import server_place
from ostiary.flow.subject import Access
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

RULE = Rule(
    id="no-annotations",
    title="Tools without annotations",
    category=Category.QUALITY,
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    persona=Persona.PEDANTIC,
    what=(
        "Looks for servers whose tools carry no annotations (readOnlyHint, destructiveHint and the "
        "like). Annotations are claims and prove nothing, but clients sort and ask by them."
    ),
    attack="None by itself. Clients that ask by annotation treat all tools of the server alike.",
    remedy="Ask the maintainer of the server to annotate its tools.",
    references=("CoSAI-MCP-T9",),
)


def _look(access: Access) -> Iterator[Finding]:
    read = {surface.key for surface in access.surfaces}
    for server in access.servers:
        bare = sum(not tool.claims for tool in server.tools)
        if server.server in read and bare:
            yield RULE.finding(
                f"{bare} of {len(server.tools)} tools carry no annotations.",
                server_place(access, server),
                mark=server.name,
            )


CHECK = Check(rules=(RULE,), look=_look)
