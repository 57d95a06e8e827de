"""A caller's document read by a parser that follows entities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import External, Recipe, Value
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.flows import arrivals, told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

XML_ENTITIES = Rule(
    id="xml-entities",
    title="XML is read with entities followed",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what a caller, a model or a remote party controls into XML parsers that replace "
        "entities by what they name. Parsers that never do, and those told not to, are left alone. "
        "Severity is high where entities are switched on in so many words."
    ),
    attack=(
        "A document names a file or an address as an entity and the answer holds its content; "
        "entities that name each other fill the memory."
    ),
    remedy="Switch entities and document types off (resolve_entities=False, defusedxml).",
    references=("CWE-611", "CWE-776", "CoSAI-MCP-T3"),
)

_OFF: Final = ("resolve_entities", "noent", "replaceEntities", "load_dtd", "dtdload")


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and each document that is read there."""
    for one in arrivals(facts, {EffectKind.XML: ("data",)}, 0):
        switched = _switched(one.effect)
        script = one.effect.place.file.endswith((".js", ".ts", ".mjs", ".cjs", ".tsx", ".mts"))
        if "no external entities" in one.effect.tags or switched is False:
            continue
        if script and not switched:
            continue
        severity = Severity.HIGH if switched else None
        yield told(XML_ENTITIES, one, "is read as XML with entities", severity=severity)


def _switched(effect: Effect) -> bool | None:
    """Whether entities are switched on or off in so many words."""
    for said in _said(effect):
        if said.literal:
            return bool(said.scalar) and said.scalar != "internal"
    return None


def _said(effect: Effect) -> Iterator[Value]:
    entities = effect.operand("entities")
    if entities is not None:
        yield entities
    options = effect.operand("options")
    if options is None:
        return
    yield from (options.fields[name] for name in _OFF if name in options.fields)
    for made in _recipes(options):
        yield from (made.keywords[name] for name in _OFF if name in made.keywords)


def _recipes(value: Value) -> Iterator[Recipe]:
    for ref in value.refs:
        if isinstance(ref, External) and ref.made_with is not None:
            yield ref.made_with


CHECK: Check[Facts] = Check((XML_ENTITIES,), look)
