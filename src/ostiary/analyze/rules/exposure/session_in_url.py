"""A session or a token in the address of a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.code import code_of
from ostiary.analyze.rules.exposure.serving import doors, speaks_over_http
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.detect.linear import compiled
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

SESSION_IN_URL = Rule(
    id="session-in-url",
    title="A credential comes in the address",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks at what routes read from the query of an address by a fixed name: tokens, keys, "
        "passwords and sessions. The session of the old SSE transport is part of its protocol and "
        "told to strict readers. A code or state of a sign-in, a token for the next page, and what "
        "the server itself sends to others are left alone."
    ),
    attack=(
        "Addresses are kept in logs of servers and proxies, in the history of the browser, and are "
        "sent on as the referrer: whoever reads one of them takes over the session."
    ),
    remedy=(
        "Send the credential in a header, if the server takes it there too. Keep addresses out of "
        "the logs of the proxy before it."
    ),
    references=("CWE-598", "CoSAI-MCP-T7", "MCP01:2025", "MCP07:2025", "AISVS-1.0:10.2.6"),
)

_CREDENTIAL: Final = (
    r"^(?:access_?token|auth_?token|bearer_?token|api_?token|token|id_token|jwt|api_?key|apikey|"
    r"auth_?key|password|passwd|secret|client_secret|auth|credentials?)$"
)
_SESSION: Final = r"^(?:mcp_?)?(?:session_?(?:id|token|key)|sid|phpsessid|jsessionid)$"


_SSE: Final = ("SSEServerTransport", "SseServerTransport", "createMcpHandler")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each file and name."""
    if not (doors(facts) or speaks_over_http(facts) or _has_routes(facts)):
        return
    told: set[tuple[str, str]] = set()
    for one in code_of(facts).asked:
        session = bool(compiled(_SESSION).search(one.name))
        wanted = session or compiled(_CREDENTIAL).search(one.name) is not None
        if one.of != "query" or not wanted or (one.place.file, one.name) in told:
            continue
        told.add((one.place.file, one.name))
        old = session and _speaks_sse(facts)
        name = visible(one.name, NAME)
        place = of_place(one.place)
        yield SESSION_IN_URL.finding(
            f"It takes {name} from the address of a request.",
            place,
            evidence=[Evidence(f"{name} is read from the query here", place)],
            severity=Severity.LOW if old else Severity.MEDIUM,
            persona=Persona.STRICT if old else Persona.DEFAULT,
            mark=f"{one.place.file} {one.name}",
        )


def _has_routes(facts: Facts) -> bool:
    return any(one.entry.kind is EntryKind.ROUTE for one in facts.reached)


def _speaks_sse(facts: Facts) -> bool:
    words = code_of(facts).words
    return any(one in words for one in _SSE)


CHECK: Check[Facts] = Check((SESSION_IN_URL,), look)
