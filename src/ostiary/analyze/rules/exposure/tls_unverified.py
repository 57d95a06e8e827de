"""Connections whose other end is not checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.secretive import carried_outside
from ostiary.analyze.rules.exposure.serving import command_line, seen
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.detect.linear import compiled, readable
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

TLS_UNVERIFIED = Rule(
    id="tls-unverified",
    title="The other end of a connection is not checked",
    category=Category.TRANSPORT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks at verification of certificates that is switched off by a literal: for one request "
        "or client, for a TLS context, by a variable of the environment that holds for the whole "
        "process, or by accepting any host key over SSH. Weighs high for a request that carries a "
        "credential to a fixed host outside. Requests to the machine itself are left alone; what "
        "happens only if the operator asks for it is told to strict readers."
    ),
    attack=(
        "Whoever is on the way (a network in a café, a router, a poisoned name) reads the "
        "credentials that are sent and writes the answers that the model gets."
    ),
    remedy=(
        "Run it where only its own host can be reached, through a proxy that checks certificates. "
        "The author can add the certificate of the private authority instead."
    ),
    references=("CWE-295", "CoSAI-MCP-T7", "AISVS-1.0:10.3.1", "MCP07:2025"),
)

_VARIABLES: Final = {
    "NODE_TLS_REJECT_UNAUTHORIZED": ("0",),
    "PYTHONHTTPSVERIFY": ("0",),
    "GIT_SSL_NO_VERIFY": ("1", "true"),
    "NODE_NO_WARNINGS_TLS": (),
}
_COMMAND: Final = (
    r"\bcurl\b.*\s(?:-\w*k\w*|--insecure)\b|\bwget\b.*--no-check-certificate|"
    r"\bssh\b.*StrictHostKeyChecking=no|http\.sslVerify=false|--strict-ssl[= ]false"
)
_HERE: Final = ("localhost", "127.", "[::1]", "0.0.0.0", "host.docker.internal")  # noqa: S104 - compared only


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place that switches it off."""
    requests = {(one.place.file, one.place.line): one for one in seen(facts, EffectKind.REQUEST)}
    for effect in seen(facts, EffectKind.TLS):
        why = _why(effect)
        request = requests.get((effect.place.file, effect.place.line))
        if why and not (request is not None and _is_here(request.operand("url"))):
            yield _told(effect, why, request)
    for effect in seen(facts, EffectKind.SET_ENVIRONMENT):
        name, value = effect.operand("name"), effect.operand("value")
        known = _VARIABLES.get(name.known_text or "" if name is not None else "", ())
        if known and value is not None and str(value.scalar).lower() in known:
            yield _told(effect, "it is switched off for the whole process", None)
    for effect in seen(facts, EffectKind.CALL):
        if _context(effect):
            yield _told(effect, "a TLS context is told to accept any certificate", None)
    for effect in seen(facts, EffectKind.SHELL, EffectKind.PROCESS):
        if compiled(_COMMAND).search(readable(command_line(effect))):
            yield _told(effect, "a program is told to accept any certificate or host key", None)


def _why(effect: Effect) -> str:
    if "hides warnings" in effect.tags:
        return ""
    if "host key" in effect.tags:
        policy = effect.operand("verify")
        made = " ".join(policy.externals()) if policy is not None else ""
        return "any host key is accepted" if "AutoAdd" in made or "Warning" in made else ""
    if "does not verify" in effect.tags:
        return "a TLS context that checks nothing is made"
    verify = effect.operand("verify")
    off = verify is not None and verify.literal and not verify.scalar
    return "certificates are not checked" if off and verify is not None else ""


def _context(effect: Effect) -> bool:
    value = effect.operand("value")
    if value is None or not effect.callee.startswith(("ssl.", "requests.", "httpx.")):
        return False
    if effect.callee.endswith(".verify_mode="):
        return "ssl.CERT_NONE" in value.externals()
    off = value.literal and value.scalar is False
    return off and effect.callee.endswith((".verify=",))


def _is_here(url: Value | None) -> bool:
    host = "" if url is None else (url.known_text or url.prefix).partition("://")[2]
    return host.lower().startswith(_HERE)


def _told(effect: Effect, why: str, request: Effect | None) -> Finding:
    place = of_place(effect.place)
    evidence = [Evidence(why, place)]
    severity, persona = Severity.MEDIUM, Persona.DEFAULT
    carried = "" if request is None else carried_outside(request)
    if carried:
        severity = Severity.HIGH
        evidence.append(Evidence(f"the request carries {carried}", place))
    elif not effect.total:
        severity, persona = Severity.LOW, Persona.STRICT
        evidence.append(Evidence("it happens only under a condition", place))
    return TLS_UNVERIFIED.finding(
        f"The other end of a connection is not checked: {why}.",
        place,
        evidence=evidence,
        severity=severity,
        persona=persona,
        mark=f"{effect.place.file} {effect.function} {effect.callee}",
    )


CHECK: Check[Facts] = Check((TLS_UNVERIFIED,), look)
