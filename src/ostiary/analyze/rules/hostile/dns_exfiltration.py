"""Data put into names that are looked up: it reaches whoever owns the zone, past any proxy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.hostile.around import RUNS, purpose
from ostiary.analyze.rules.hostile.patterns import first
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

DNS_EXFILTRATION = Rule(
    id="dns-exfiltration",
    title="Data is sent inside names that are looked up",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for DNS lookups of a name whose first part is data (a caller's text, a file, the "
        "environment) and whose last part is a fixed zone, and for requests whose host is made so "
        "from files, secrets or the machine. Lookups that the entry's words explain, reverse "
        "lookups and hosts named after a tenant are left alone."
    ),
    attack=(
        "The owner of the zone reads the data from the queries; DNS passes most firewalls and "
        "proxies, and nothing shows in the tool's result."
    ),
    remedy="Do not use this server; if it ran, look for the zone in the logs of the resolver.",
    references=("CWE-506", "CWE-201", "SAFE-T1910", "SAFE-T1911", "MCP10:2025"),
)

_ZONE = re.compile(r"\0[^/]*\.(?P<zone>(?:[\w-]+\.)+[a-z]{2,})\.?(?:[:/]|$)", re.IGNORECASE)
_PROGRAMS = r"^(?:nslookup|dig|host|drill|resolvectl query)\b[^\n]*□[^\s\n]*\.[\w-]+\.[a-z]{2,}"
_REVERSE = (".arpa", ".cymru.com", ".spamhaus.org", ".abuse.ch", ".sorbs.net", ".spamcop.net")
_SAYS_SO = re.compile(
    r"\b(?:dns|resolv\w*|lookup|look up|domains?|subdomains?|hostnames?|mx|txt|records?"
    r"|blocklists?|"
    r"blacklists?|dnsbl|whois|asn|nslookup|dig)\b"
)
_ANYTHING = (
    SourceKind.MODEL,
    SourceKind.REQUEST,
    SourceKind.FILE,
    SourceKind.ENVIRONMENT,
    SourceKind.SECRET,
    SourceKind.MACHINE,
    SourceKind.REMOTE,
)
_PRIVATE = (SourceKind.FILE, SourceKind.SECRET, SourceKind.MACHINE)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(DNS_EXFILTRATION)
    for reached in entries(facts):
        for effect in reached.effects:
            zone = _zone(facts, effect)
            if zone and not _SAYS_SO.search(purpose(reached)) and told.new(effect.place):
                yield told.effect(
                    reached, effect, f"Data becomes part of a name below {zone}.", shows=zone
                )


def _zone(facts: Facts, effect: Effect) -> str:
    if effect.kind is EffectKind.CONNECT and "dns" in effect.tags:
        return _named(effect, "host", _ANYTHING)
    if effect.kind is EffectKind.REQUEST:
        return _named(effect, "url", _PRIVATE)
    return _asked_by_program(facts, effect) if effect.kind in RUNS else ""


def _asked_by_program(facts: Facts, effect: Effect) -> str:
    given = (
        True
        for value in effect.operands.values()
        for _, flow in value.deep_sources(*_ANYTHING)
        if not flow.guarantees & g.SAFE
    )
    return first(_PROGRAMS, facts.written.near(effect)) if any(given) else ""


def _named(effect: Effect, role: str, kinds: tuple[SourceKind, ...]) -> str:
    value = effect.operand(role)
    if value is None:
        return ""
    text = value.pieces.partition("://")[2] or value.pieces
    found = _ZONE.search(text.partition("/")[0])
    if found is None or found["zone"].lower().endswith(_REVERSE):
        return ""
    if f".{found['zone'].lower()}".endswith(_REVERSE):
        return ""
    for _, flow in value.sources(*kinds):
        if not flow.guarantees & g.SAFE:
            return found["zone"]
    return ""


CHECK: Check[Facts] = Check((DNS_EXFILTRATION,), look)
