"""A caller's object inside a query of a document store, where a plain value was meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import Arrival, arriving, once, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

OPERATOR_INJECTION = Rule(
    id="operator-injection",
    title="Caller writes operators into a query",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into queries of document "
        "stores (NoSQL). A value that is text by its schema is left alone where a plain value "
        "stands; objects, parsed JSON and text that the store runs as JavaScript are not. A tool "
        "that takes a whole query by design is told in a smaller voice."
    ),
    attack=(
        "An object such as {'$ne': null} in the place of a value matches every document, and "
        "$where runs code inside the database: whoever can put text before the model reads or "
        "changes what the tool was not made for."
    ),
    remedy=(
        "Demand text or numbers where values stand (a schema with types, str(), $eq), build the "
        "query from a fixed shape, and switch server-side JavaScript off."
    ),
    references=("CWE-943", "MCP05:2025", "CoSAI-MCP-T3", "SAFE-T1803"),
)

_CODE: Final = frozenset({"$where", "$function", "$accumulator", "mapReduce"})
_PARSED: Final = ("parse", "loads", "literal_eval")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each value that may be more than a value there."""
    for one in once(_objects(facts)):
        if one.role == "code":
            says = "becomes code that the database runs"
            yield told(OPERATOR_INJECTION, one, says, severity=Severity.HIGH)
        elif one.role == "query" and "key" not in one.effect.tags:
            says = "is run as a query"
            yield told(OPERATOR_INJECTION, one, says, severity=Severity.LOW, persona=Persona.STRICT)
        else:
            yield told(OPERATOR_INJECTION, one, "may bring operators into a query")


def _objects(facts: Facts) -> Iterator[Arrival]:
    for reached, effect in facts.of_kind(EffectKind.NOSQL):
        query = effect.operand("query")
        if query is None or "vectors" in effect.tags:
            continue
        for role, value in _parts(query, "script" if "command" in effect.tags else "query", 0):
            for one in arriving(reached.entry, effect, role, value, 0):
                if role in ("code", "script") or not _is_text(one):
                    yield one if role != "script" else _as_code(one)


def _as_code(one: Arrival) -> Arrival:
    value = one.effect.operand("query")
    scripted = value is not None and any(isinstance(piece, str) for piece in value.text)
    role = "code" if scripted else "query"
    return Arrival(one.entry, one.effect, role, one.source, one.flow)


def _parts(query: Value, role: str, depth: int) -> Iterator[tuple[str, Value]]:
    """The query's own parts, each with what stands there."""
    if query.flows:
        yield role, Value(flows=query.flows, text=query.text)
    for name, part in query.fields.items():
        inner = "code" if name in _CODE else role if role in ("code", "script") else "value"
        if depth < 4:
            yield from _parts(part, inner, depth + 1)


def _is_text(one: Arrival) -> bool:
    """Whether the value is text by its schema and was not parsed since."""
    if one.source.kind is not SourceKind.MODEL:
        return one.source.kind is SourceKind.REMOTE
    if any(step.says.endswith(_PARSED) for step in one.flow.steps):
        return False
    name = one.source.name.partition(".")[0].removesuffix("[]")
    for parameter in one.entry.parameters or ():
        if parameter.name == name:
            return parameter.schema.get("type") == "string"
    return False


CHECK: Check[Facts] = Check((OPERATOR_INJECTION,), look)
