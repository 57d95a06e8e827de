"""Credentials that open too much, last too long or lie in too many places."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.inventory.checks.copies import listed
from ostiary.inventory.credentials import by_value
from ostiary.inventory.secret_places import Held
from ostiary.model.check import Check, Installation
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.server import Server

COARSE = Rule(
    id="coarse-credential",
    title="Credential opens more than one server needs",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="The form of a credential tells that it is not limited to one purpose: a classic or "
    "personal token, a superuser's database password, a cloud account key, a token with an "
    "administrator's scope or without an end. Only what can be told from the value itself counts.",
    attack="A tool that is tricked or turns bad can do whatever the credential allows, far beyond "
    "what its server is there for.",
    remedy="Make a credential for this server alone, with the fewest scopes that work and an end "
    "date: a fine-grained token, a restricted key, a database account that may only read.",
    references=("MCP02:2025", "MCP-SBP:scope-minimization", "SAFE-T1104", "ASI03:2026", "CWE-250"),
)

MANY = Rule(
    id="credential-in-many-places",
    title="One credential in many places",
    category=Category.SECRET,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="The same secret value stands in the configuration of different servers, or, for readers "
    "who want to know, in several files of one server.",
    attack="The weakest of the servers decides who gets the credential, and a rotation that misses "
    "one copy leaves a server broken or an old secret lying around.",
    remedy="Give each server a credential of its own, and keep each in one place that the files "
    "refer to.",
    references=("MCP01:2025", "SAFE-T1304", "AML.T0083", "CWE-522"),
)

LONG = Rule(
    id="long-session",
    title="Signed-in session that hardly ends",
    category=Category.SECRET,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what="A signed token in the configuration says in its own claims that it never expires or is "
    "valid for more than a year. Tokens whose claims cannot be read are left alone.",
    attack="A copy of the token that leaks once works until somebody thinks of revoking it.",
    remedy="Ask the issuer for tokens that live for hours and are renewed, with scopes for this "
    "server alone.",
    references=("MCP01:2025", "AISVS-1.0:10.2.2", "SAFE-T1202", "CWE-613"),
)


def look(installation: Installation) -> Iterator[Finding]:
    """At most one finding of each rule for each distinct credential."""
    for group in by_value(installation.servers):
        first = min(group, key=lambda pair: pair[1].secret.kind.startswith("credential"))[1]
        if first.secret.coarse:
            yield _finding(
                COARSE, group, first, f"opens more than one server needs: {first.secret.breadth}"
            )
        if first.secret.kind == "JSON Web Token" and _lasts(first.secret.breadth):
            yield _finding(LONG, group, first, f"lasts too long ({first.secret.breadth})")
        yield from _many(group, first)


def _lasts(breadth: str) -> bool:
    return "never expires" in breadth or " years" in breadth


def _many(group: list[tuple[Server, Held]], first: Held) -> Iterator[Finding]:
    servers = sorted({server.name for server, _ in group})
    keys = {server.key for server, _ in group}
    places = {(one.location.file, one.location.pointer, one.location.line) for _, one in group}
    if len(keys) > 1:
        says = f"is the same in {len(places)} places of {len(keys)} servers: {listed(servers)}"
        yield _finding(MANY, group, first, says)
    elif len({one.location.file for _, one in group}) > 1:
        says = f"is written into {len(places)} places for {listed(servers)}"
        yield _finding(MANY, group, first, says, severity=Severity.LOW, persona=Persona.STRICT)


def _called(one: Held) -> str:
    kind = one.secret.kind
    return f"A value ({kind})" if one.name == kind else f"{one.name} ({kind})"


def _finding(
    rule: Rule,
    group: list[tuple[Server, Held]],
    first: Held,
    says: str,
    *,
    severity: Severity | None = None,
    persona: Persona | None = None,
) -> Finding:
    return rule.finding(
        f"{_called(first)} {says}.",
        group[0][1].location,
        evidence=[
            Evidence(f"{one.location.client}: {server.name} holds it", one.location, one.excerpt)
            for server, one in group
        ],
        severity=severity,
        persona=persona,
        confidence=first.secret.confidence,
        mark=f"{first.name}:{first.secret.kind}",
    )


CHECK = Check((COARSE, MANY, LONG), look)
