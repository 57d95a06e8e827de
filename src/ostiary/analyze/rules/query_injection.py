"""A caller's text inside the text of a database query."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.by_design import QUERIES, asked_to
from ostiary.analyze.rules.call_sites import call_sites, handed_on
from ostiary.analyze.rules.flows import Arrival, arriving, once, told
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
        "by the driver are left alone. A tool that asks for a query and runs it is of medium "
        "severity, and a method that is known by its name alone only counts where its text reads "
        "like a query."
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

_HARMLESS = g.PLAIN | g.SQL_QUOTED | g.SQL_WORD
_BACKSLASH: Final = re.compile(
    r"mysql|mariadb|neo4j|clickhouse|bigquery|snowflake|databricks|spark|starrocks|doris"
)
"""Libraries of databases in whose text a backslash escapes what follows, a doubled quote too."""
_READS: Final = re.compile(
    r"^[\s(]*(?:select|insert|update|delete|create|drop|alter|pragma|match|merge|with|show|describe"
    r"|explain|truncate|grant|revoke|replace|upsert|call|exec|execute|use|set|declare|begin|copy"
    r"|attach|vacuum|unwind|optional match)\b",
    re.IGNORECASE,
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place where a query is put together, and each value that arrives there.

    Helpers and adapters run what others put together: the place is where it is handed to them."""
    arrived = tuple(once(_arriving(facts)))
    sites = call_sites(facts.modules.values()) if arrived else Counter()
    seen: set[tuple[Place, str, str]] = set()
    for one in arrived:
        asked = asked_to(one, QUERIES)
        if not asked and "by name" in one.effect.tags and not _READS.search(_written(one)):
            continue
        place = handed_on(one.effect, one.flow, sites)
        key = (place, one.source.whole or one.source.name, one.source.owner)
        if key in seen:
            continue
        seen.add(key)
        if asked:
            says = "is run as a query"
            yield told(QUERY_INJECTION, one, says, severity=_whole(one), at=place)
        else:
            yield told(QUERY_INJECTION, one, _says(one), at=place)


def _arriving(facts: Facts) -> Iterator[Arrival]:
    for reached, effect in facts.of_kind(EffectKind.SQL):
        query = effect.operand("query")
        if query is not None:
            plain = 0 if _BACKSLASH.search(effect.callee.lower()) else g.SQL_DOUBLED
            yield from arriving(reached.entry, effect, "query", query, _HARMLESS | plain)


def _whole(arrival: Arrival) -> Severity:
    """A function of a library that takes a query and its values leaves the text to its callers."""
    bound = arrival.effect.operand("parameters") is not None
    return Severity.LOW if bound and arrival.entry.kind is EntryKind.EXPORT else Severity.MEDIUM


def _says(arrival: Arrival) -> str:
    joined = bool(_written(arrival).strip("\0"))
    return "becomes part of the text of a query" if joined else "is run as a query"


def _written(arrival: Arrival) -> str:
    query = arrival.effect.operand("query")
    return "" if query is None else query.pieces


CHECK: Check[Facts] = Check((QUERY_INJECTION,), look)
