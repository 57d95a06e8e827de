"""The caller's token sent on to another service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Flow, Source, SourceKind, Value
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.flows import Arrival, told
from ostiary.detect.linear import compiled, readable
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

TOKEN_PASSTHROUGH = Rule(
    id="token-passthrough",
    title="The caller's token is sent on",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows the Authorization header, cookies and tokens of an incoming request into the "
        "headers, address or body of outgoing ones. A token that is exchanged for another one "
        "(a request to a token or introspection endpoint) is left alone."
    ),
    attack=(
        "A token that was issued for another service is accepted here and used there: the service "
        "behind cannot tell the user from the server, and a stolen token opens both."
    ),
    remedy=(
        "Give the server a credential of its own for each service behind it, with the least rights "
        "it needs. The author can exchange tokens (RFC 8693) and check their audience."
    ),
    references=(
        "CWE-441",
        "CWE-522",
        "MCP-SBP:token-passthrough",
        "AISVS-1.0:10.2.7",
        "MCP07:2025",
        "CoSAI-MCP-T1",
        "SAFE-T1706",
    ),
)

_ROLES: Final = ("headers", "client", "credentials", "options", "query", "body", "url")
_CREDENTIALS: Final = (
    "authorization",
    "headers",
    "cookie",
    "access_token",
    "x-api-key",
    "id_token",
)
_READS: Final = r"(?i)decode|verify|parse|claims|hash|digest"
_EXCHANGES: Final = ("introspect", "/token", "tokeninfo", "userinfo", "/verify", "/oauth", "/login")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each request and credential."""
    seen: set[tuple[object, str]] = set()
    for reached, effect in facts.of_kind(EffectKind.REQUEST):
        if _exchanges(effect.operand("url")):
            continue
        for arrival in _arrivals(reached, effect):
            key = (effect.place, arrival.source.name)
            if key not in seen:
                seen.add(key)
                yield told(TOKEN_PASSTHROUGH, arrival, "is sent on to another service")


def _arrivals(reached: Reached, effect: Effect) -> Iterator[Arrival]:
    for role in _ROLES:
        value = effect.operand(role)
        if value is None:
            continue
        for source, flow in value.deep_sources(SourceKind.REQUEST, SourceKind.INBOUND_TOKEN):
            if _is_credential(source) and not _read_from(flow):
                yield Arrival(reached.entry, effect, role, source, flow)


def _is_credential(source: Source) -> bool:
    if source.kind is SourceKind.INBOUND_TOKEN:
        return True
    return source.name.rpartition(".")[2].lower() in _CREDENTIALS


def _read_from(flow: Flow) -> bool:
    """Whether only something that stands in the token goes on, such as the name of its issuer."""
    return any(
        one.says.startswith("goes through")
        and compiled(_READS).search(readable(one.says)) is not None
        for one in flow.steps
    )


def _exchanges(url: Value | None) -> bool:
    text = "" if url is None else url.known_text or url.pieces
    return any(one in text.lower() for one in _EXCHANGES)


CHECK: Check[Facts] = Check((TOKEN_PASSTHROUGH,), look)
