"""A server for HTTP that does not look at the Host and Origin of a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Place, Value
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.declare.recipes import recipes
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.callers import checks_caller, checks_host
from ostiary.analyze.rules.exposure.serving import Door, Reach, doors, grave, pinned_below, seen
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

HOST_UNCHECKED = Rule(
    id="host-unchecked",
    title="Host and Origin of requests are not checked",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks at transports of MCP over HTTP that accept any Host and Origin. Those of the "
        "TypeScript SDK do unless enableDnsRebindingProtection is set or the application comes "
        "from createMcpExpressApp (since 1.24.0); the Python SDK checks by itself since 1.23.0 "
        "where it listens on the machine itself and transport_security does not switch it off; "
        "its bare transports and FastMCP check only if told to. Servers for HTTP and WebSockets "
        "whose routes run commands or change files count too. A server that reads Host or Origin "
        "itself, or restricts hosts in another way, is left alone; one that asks for a credential "
        "is told to strict readers."
    ),
    attack=(
        "A web page that the user opens points its own name at 127.0.0.1 (DNS rebinding) and calls "
        "every tool from the browser, past the firewall."
    ),
    remedy=(
        "Use it over standard input and output, or put a proxy before it that accepts the Host "
        "localhost only. The author can switch the protection of the SDK on."
    ),
    references=(
        "CWE-346",
        "CWE-350",
        "CWE-1188",
        "AISVS-1.0:10.3.3",
        "CoSAI-MCP-T7",
        "MCP07:2025",
    ),
)

_SDK: Final = "@modelcontextprotocol/sdk/server/"
_TRANSPORTS: Final = ("sse.js.SSEServerTransport", "StreamableHTTPServerTransport")
_BARE: Final = ("SseServerTransport", "StreamableHTTPSessionManager")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each transport that accepts anything, the first of its kind in a file."""
    if restricts(facts):
        return
    told: set[tuple[str, str]] = set()
    for place, what in (*_transports(facts), *_listeners(facts), *_plain(facts)):
        if (place.file, what) not in told:
            told.add((place.file, what))
            yield _told(facts, place, what)


def restricts(facts: Facts) -> bool:
    """Whether hosts are checked somewhere; a switch that is set to off is no check."""
    found = checks_host(facts)
    return found is not None and not _switched_off(facts)


def _switched_off(facts: Facts) -> bool:
    return any(
        _is(one.operand("protection"), False) for one in seen(facts, EffectKind.CALL)
    ) or any(
        _is(one.operand("enable_dns_rebinding_protection"), False)
        for one in seen(facts, EffectKind.CALL)
    )


def _transports(facts: Facts) -> Iterator[tuple[Place, str]]:
    """Transports that the code makes itself."""
    for effect in seen(facts, EffectKind.CALL):
        if "mcp transport" not in effect.tags:
            continue
        if effect.callee.startswith(_SDK) and effect.callee.endswith(_TRANSPORTS):
            if not _is(effect.operand("protection"), True):
                yield effect.place, "its transport accepts any Host and Origin"
        elif "fastmcp" in effect.tags and effect.callee.endswith("_app"):
            yield effect.place, "FastMCP checks neither unless it is told to"
        elif effect.callee.endswith(_BARE) and "security_settings" not in effect.operands:
            yield effect.place, "its transport is given no security settings"
        elif effect.callee.endswith("TransportSecuritySettings") and _off(effect):
            yield effect.place, "the protection of its transport is switched off"


def _off(effect: Effect) -> bool:
    return _is(effect.operand("enable_dns_rebinding_protection"), False)


def _is(value: Value | None, wanted: bool) -> bool:
    return value is not None and value.literal and value.scalar is wanted


def _listeners(facts: Facts) -> Iterator[tuple[Place, str]]:
    """Servers of FastMCP and of the Python SDK that listen by themselves."""
    for door in doors(facts):
        tags = door.effect.tags
        if "fastmcp" in tags:
            yield door.effect.place, "FastMCP checks neither unless it is told to"
        elif "python-sdk" in tags and not _protected(facts, door):
            yield door.effect.place, "the SDK checks neither here"


def _plain(facts: Facts) -> Iterator[tuple[Place, str]]:
    """Other servers whose routes do what a web page should not be able to ask for."""
    asked = _asks_much(facts)
    for door in doors(facts):
        if not door.mcp and asked and "socket" not in door.effect.tags:
            sort = "its WebSocket" if "websocket" in door.effect.tags else "its HTTP server"
            yield door.effect.place, f"{sort} looks at neither"


def _asks_much(facts: Facts) -> bool:
    found = grave(facts)
    return found is not None and found[0].entry.kind is EntryKind.ROUTE


def _protected(facts: Facts, door: Door) -> bool:
    """Whether the Python SDK checks by itself: on the machine itself, since 1.23.0."""
    server = door.effect.operand("server")
    given = [made.keywords.get("transport_security") for made in recipes(server)]
    if any(one is not None for one in given):
        return True
    return door.reach is not Reach.EVERYWHERE and not pinned_below(facts, "mcp", (1, 23, 0))


def _told(facts: Facts, place: Place, what: str) -> Finding:
    checked = checks_caller(facts)
    evidence = [Evidence(what, of_place(place))]
    if checked is not None:
        evidence.append(Evidence("the code asks who is calling, though", of_place(checked)))
    return HOST_UNCHECKED.finding(
        f"Requests of any web page are accepted: {what}.",
        of_place(place),
        evidence=evidence,
        severity=Severity.MEDIUM if checked is None else Severity.LOW,
        persona=Persona.DEFAULT if checked is None else Persona.STRICT,
        mark=f"{place.file} {what}",
    )


CHECK: Check[Facts] = Check((HOST_UNCHECKED,), look)
