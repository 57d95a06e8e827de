"""Tokens that are believed without a look at their signature, or at whom they are for."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.serving import doors, seen, speaks_over_http
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

TOKEN_UNVERIFIED = Rule(
    id="token-unverified",
    title="The signature of a token is not checked",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks at where signed tokens are read: with verification switched off, with the algorithm "
        "none allowed, or by a function that only decodes. Weighs high where the token came with a "
        "request. A function that also verifies, and header fields that are read to find the key, "
        "are left alone; decoding a token of one's own is told to strict readers."
    ),
    attack="Anybody writes a token with any name and any rights, and it is believed.",
    remedy=(
        "Keep it away from callers that you do not trust. The author can verify signature, issuer, "
        "audience and expiry with the keys of the issuer."
    ),
    references=("CWE-347", "CWE-287", "AISVS-1.0:10.2.2", "MCP07:2025", "CoSAI-MCP-T1"),
)

AUDIENCE_UNCHECKED = Rule(
    id="audience-unchecked",
    title="A token for another service is accepted",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Looks at where the signature of a token is verified without saying for whom the token "
        "must be: no audience, or the check of the audience switched off. Options that are "
        "computed are taken to hold one. Told of servers that listen on the network; others read "
        "tokens of their own."
    ),
    attack=(
        "A token that the same issuer made for any other service opens this server: whoever runs "
        "one of those services can act as its users here."
    ),
    remedy=(
        "Let an authenticating proxy check the audience. The author can pass the address of the "
        "server as the audience when verifying (RFC 8707)."
    ),
    references=("CWE-287", "CWE-863", "AISVS-1.0:10.2.2", "MCP07:2025", "CoSAI-MCP-T1"),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place where a token is read."""
    found = list(seen(facts, EffectKind.DECODE_TOKEN))
    verified = {(one.place.file, one.function) for one in found if not _careless(one)}
    served = bool(doors(facts)) or speaks_over_http(facts)
    for effect in found:
        why = _careless(effect)
        if why:
            if (effect.place.file, effect.function) not in verified:
                yield _unverified(effect, why)
        elif served and _for_anybody(effect):
            place = of_place(effect.place)
            yield AUDIENCE_UNCHECKED.finding(
                "A token is verified without saying for whom it must be.",
                place,
                evidence=[Evidence("no audience is demanded here", place)],
                mark=f"{effect.place.file} {effect.function} {effect.callee}",
            )


def _careless(effect: Effect) -> str:
    """Why the signature counts for nothing; empty if it is checked."""
    if "header" in effect.callee.lower():
        return ""
    if "does not verify" in effect.tags:
        return "it is decoded only"
    if _is_false(effect.operand("verify")):
        return "verification is switched off"
    algorithms = effect.operand("algorithms")
    names = () if algorithms is None else (algorithms, *algorithms.fields.values())
    if any((one.known_text or "").lower() == "none" for one in names):
        return "the algorithm none is allowed"
    return ""


def _is_false(value: Value | None) -> bool:
    return value is not None and value.literal and value.scalar is False


def _for_anybody(effect: Effect) -> bool:
    options = effect.operand("options")
    if options is not None:
        checks = options.field("verify_aud")
        if _is_false(checks):
            return True
        if not options.fields and (options.flows or options.refs):
            return False
        if "aud" in options.fields or "audience" in options.fields or "*" in options.fields:
            return False
    return "audience" not in effect.operands and "compact" not in effect.callee


def _unverified(effect: Effect, why: str) -> Finding:
    place = of_place(effect.place)
    token = effect.operand("token")
    inbound = token is not None and any(
        True for _ in token.deep_sources(SourceKind.REQUEST, SourceKind.INBOUND_TOKEN)
    )
    switched = "does not verify" not in effect.tags
    evidence = [Evidence(why, place)]
    if inbound:
        evidence.insert(0, Evidence("the token came with a request", place))
    return TOKEN_UNVERIFIED.finding(
        f"A token is believed unseen: {why}.",
        place,
        evidence=evidence,
        severity=Severity.HIGH if inbound else Severity.MEDIUM if switched else Severity.LOW,
        persona=Persona.DEFAULT if inbound or switched else Persona.STRICT,
        mark=f"{effect.place.file} {effect.function} {effect.callee}",
    )


CHECK: Check[Facts] = Check((TOKEN_UNVERIFIED, AUDIENCE_UNCHECKED), look)
