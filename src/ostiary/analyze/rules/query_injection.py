"""A caller's text inside the text of a database query."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import Arrival, arrivals, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

QUERY_INJECTION = Rule(
    id="query-injection",
    title="Caller's text becomes part of a query",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into the text of database "
        "queries. Bound parameters, numbers, values from a fixed set, plain words and names quoted "
        "by the driver are left alone."
    ),
    attack=(
        "Whoever can put text before the model reads or changes what the database account of the "
        "server may, beyond what the tool is for."
    ),
    remedy=(
        "Bind values as parameters; take names of tables and columns from a fixed list. A tool "
        "that runs queries by design needs an account that can only do what callers may."
    ),
    references=("CWE-89", "MCP05:2025", "CoSAI-MCP-T3", "SAFE-T1803"),
)

_HARMLESS = g.PLAIN | g.SQL_QUOTED


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that arrives there."""
    for one in arrivals(facts, {EffectKind.SQL: ("query",)}, _HARMLESS):
        yield told(QUERY_INJECTION, one, _says(one))


def _says(arrival: Arrival) -> str:
    query = arrival.effect.operand("query")
    if query is not None and any(isinstance(piece, str) for piece in query.text):
        return "becomes part of the text of a query"
    return "is run as a query"


CHECK: Check[Facts] = Check((QUERY_INJECTION,), look)
