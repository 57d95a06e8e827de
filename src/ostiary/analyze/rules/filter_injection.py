"""A caller's text inside a filter of a directory or a path through a document."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import arrivals, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

LDAP_INJECTION = Rule(
    id="ldap-injection",
    title="Caller's text becomes part of an LDAP filter",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into the filters of directory "
        "searches. Escaped values, numbers and plain words are left alone."
    ),
    attack=(
        "Whoever can put text before the model widens the search: entries and attributes that the "
        "tool was not made to show, or a check of a name that any name passes."
    ),
    remedy="Escape each value for a filter (escape_filter_chars, or the library's filter objects).",
    references=("CWE-90", "MCP05:2025", "CoSAI-MCP-T3"),
)
XPATH_INJECTION = Rule(
    id="xpath-injection",
    title="Caller's text becomes part of an XPath",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into XPath expressions. "
        "Variables of the expression, numbers and plain words are left alone."
    ),
    attack="Whoever can put text before the model reads any part of the document.",
    remedy="Keep the expression fixed and hand values over as its variables.",
    references=("CWE-643", "CoSAI-MCP-T3"),
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that arrives there."""
    for one in arrivals(facts, {EffectKind.LDAP: ("query", "base")}, g.PLAIN):
        yield told(LDAP_INJECTION, one, "becomes part of the filter of a search")
    for one in arrivals(facts, {EffectKind.XPATH: ("query",)}, g.PLAIN):
        yield told(XPATH_INJECTION, one, "becomes part of an XPath expression")


CHECK: Check[Facts] = Check((LDAP_INJECTION, XPATH_INJECTION), look)
