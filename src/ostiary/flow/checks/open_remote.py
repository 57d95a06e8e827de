"""Remote servers that showed their tools to a caller without credentials."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.flow.levels import DANGER
from ostiary.flow.places import record_of, server_place
from ostiary.flow.subject import Access
from ostiary.model.access import Level, ServerAccess
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import RunsOn
from ostiary.model.visible import NAME, visible

RULE = Rule(
    id="open-remote",
    title="Remote server asks for no credentials",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Looks for remote servers that were recorded without sending any credential. A server of "
        "public, read-only data may mean it so and is left alone unless its tools write, destroy, "
        "execute, send, spend or administer, or reach private data; those speak to everyone. "
        "Credentials may still be asked for when a tool is called: listing is what was seen."
    ),
    attack=(
        "Anyone who knows the address lists the tools, and may call them, with no name in any "
        "log: writing, deleting or sending as whoever operates the server."
    ),
    remedy=(
        "Ask the operator to require OAuth 2.1 or a token, or keep the server behind a gateway "
        "that does; until then give it nothing private."
    ),
    references=(
        "MCP07:2025",
        "AISVS-1.0:10.2.1",
        "CoSAI-MCP-T1",
        "SAFE-T1005",
        "CWE-306",
    ),
)
_HARMLESS = frozenset({Level.READ})


def _look(access: Access) -> Iterator[Finding]:
    surfaces = {one.key: one for one in access.surfaces}
    for server in access.servers:
        record = record_of(access, server)
        surface = surfaces.get(server.server)
        if record is None or surface is None or record.runs_on is not RunsOn.REMOTE:
            continue
        if surface.authenticated is not False or not server.tools:
            continue
        strong = _strong(server)
        if not strong and not any(tool.private for tool in server.tools):
            continue
        place = server_place(access, server)
        does = ", ".join(level.value for level in strong) or "read data that is not public"
        yield RULE.finding(
            f"{visible(server.name, NAME)} listed {len(server.tools)} tools to a caller without "
            f"credentials; they {does}.",
            place,
            evidence=[Evidence(says="what was called", location=place, excerpt=record.command)],
            persona=Persona.DEFAULT if strong else Persona.STRICT,
            mark=server.name,
        )


def _strong(server: ServerAccess) -> list[Level]:
    """Levels beyond reading that some tool surely has, in the order of danger."""
    found = {
        capability.level
        for tool in server.tools
        for capability in tool.capabilities
        if capability.level not in _HARMLESS and capability.confidence >= Confidence.MEDIUM
    }
    return [level for level in DANGER if level in found]


CHECK: Check[Access] = Check(rules=(RULE,), look=_look)
