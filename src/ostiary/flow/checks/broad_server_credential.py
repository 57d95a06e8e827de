"""A credential that opens more than needed, in the hands of a server that can do much."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.flow.places import server_place
from ostiary.flow.subject import Access
from ostiary.model.access import Credential, Level, ServerAccess
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

RULE = Rule(
    id="broad-server-credential",
    title="Coarse credential in a broad server",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Looks for servers that hold a credential known to be coarse (a classic personal token, a "
        "live secret key, an administrator's password) and whose tools do more than read, or of "
        "which nothing is known. The value of the credential is never shown."
    ),
    attack=(
        "Whoever steers the model, or takes over the server, does whatever the credential allows: "
        "far more than the task needed."
    ),
    remedy=(
        "Replace it by a credential of the finest kind the service offers: one resource, only the "
        "needed acts, with an end date."
    ),
    references=("MCP02:2025", "MCP01:2025", "SAFE-T1104", "MCP-SBP:scope-minimization", "CWE-250"),
)


def _look(access: Access) -> Iterator[Finding]:
    for credential in access.credentials:
        if not credential.coarse:
            continue
        for server in access.servers:
            if server.name in credential.servers and _broad(server):
                yield _finding(access, credential, server)


def _broad(server: ServerAccess) -> bool:
    return not server.tools or any(
        one.level is not Level.READ and one.confidence > Confidence.LOW
        for tool in server.tools
        for one in tool.capabilities
    )


def _finding(access: Access, credential: Credential, server: ServerAccess) -> Finding:
    place = server_place(access, server)
    does = "does more than read" if server.tools else "can do nobody knows what"
    return RULE.finding(
        f"{visible(server.name, NAME)} {does} and holds {visible(credential.name, NAME)}, a "
        f"{credential.kind} "
        f"that is coarse: {credential.breadth}.",
        place,
        evidence=[
            Evidence(says=f"held at {visible(where, NAME)}", location=place)
            for where in credential.places[:5]
        ],
        mark=f"{server.name}: {credential.name}",
    )


CHECK = Check(rules=(RULE,), look=_look)
