"""Descriptions and tools that change after somebody approved them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze import ir
from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Instance, Place, SourceKind, Value
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.declare.literals import recipe_of
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.hostile.guards import Guard, Triggers
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.analyze.written.index import Root
from ostiary.analyze.written.words import Words
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

DESCRIPTION_MUTATION = Rule(
    id="description-mutation",
    title="Changes its descriptions while it runs",
    category=Category.DRIFT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for a description, docstring, schema or handler of a declared tool that is given "
        "another value by a tool's own code, a timer or a counter. Descriptions that are put "
        "together before the server starts, and tools that are switched on and off, are left "
        "alone."
    ),
    attack=(
        "A person approves harmless words; after some calls the model reads others, with orders in "
        "them, from a tool that is trusted already."
    ),
    remedy=(
        "Do not use this server, or only behind a gateway that pins descriptions and holds back "
        "what changed."
    ),
    references=("CWE-506", "CWE-913", "SAFE-T1201", "SAFE-T1205", "MCP03:2025", "AML.T0109"),
)

_WORDS = re.compile(
    r"__doc__|description|docstring|inputschema|instructions|annotations", re.IGNORECASE
)
_DECLARED = re.compile(r"tool|prompt|resource|mcp|server", re.IGNORECASE)
_ORDERS = re.compile(r"\b(?:must|always|never|before|first|ignore|do not|secret)\b", re.IGNORECASE)
_LISTED = frozenset({"name", "description"})
_RUNS_LATER = (EntryKind.TOOL, EntryKind.PROMPT, EntryKind.RESOURCE, EntryKind.CALLBACK)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(DESCRIPTION_MUTATION)
    for reached in entries(facts):
        later = reached.entry.kind in _RUNS_LATER
        for effect in reached.effects:
            if effect.kind is not EffectKind.MUTATE or not _changes_words(effect):
                continue
            if not later and not (effect.function and _gives_orders(effect)):
                continue
            if told.new(effect.place):
                yield told.effect(
                    reached,
                    effect,
                    "What the model reads of a tool is changed while the server runs.",
                    shows=_new(effect.operand("value")),
                )
    yield from _waiting(facts, told)
    yield from _fetched(facts, told)


def _fetched(facts: Facts, told: Told) -> Iterator[Finding]:
    """Descriptions that somebody else answers at every start."""
    for reached, effect in facts.of_kind(EffectKind.DECLARE):
        for value in _descriptions(effect):
            source = next((one for one, _ in value.deep_sources(SourceKind.REMOTE)), None)
            if source is not None and told.new(effect.place):
                yield told.effect(
                    reached,
                    effect,
                    "What the model reads of a tool is fetched when the server starts.",
                    shows=source.name,
                )


def _descriptions(effect: Effect) -> Iterator[Value]:
    """What a declaring call, or the call that made its decorator, is given as a description."""
    callee = effect.operand("callee")
    made = None if callee is None else recipe_of(callee)
    given = [*effect.operands.values(), *(made.args if made is not None else ())]
    for one in (
        effect.operand("description"),
        *(value.fields.get("description") for value in given),
    ):
        if one is not None:
            yield one
    if made is not None and "description" in made.keywords:
        yield made.keywords["description"]


def _waiting(facts: Facts, told: Told) -> Iterator[Finding]:
    """Descriptions that are written twice, with a condition that waits for a date or a count."""
    for path, module in facts.modules.items():
        triggers = Triggers(facts, path, frozenset())
        for around in facts.written.where(path, lambda root: any(_chosen(facts, root))):
            for value in _chosen(facts, around.node or module.body):
                yield from _waits(triggers, around, value, told)


def _chosen(facts: Facts, root: Root) -> Iterator[ir.Conditional]:
    """Descriptions in a function that are one of two."""
    for node in facts.written.nodes(root).of(ir.Mapping):
        for key, value in node.entries:
            if (
                isinstance(value, ir.Conditional)
                and isinstance(key, ir.Constant)
                and key.value == "description"
            ):
                yield value


def _waits(
    triggers: Triggers, around: Words, value: ir.Conditional, told: Told
) -> Iterator[Finding]:
    place = Place(around.file, value.line, value.column)
    kind, shows = triggers.of(Guard(value.line, value.line, value.line, value.test), around)
    if kind is not None and told.new(place):
        yield told.at(
            Entry(EntryKind.IMPORT, around.file, Place(around.file, 1), ""),
            place,
            "A description has two texts, and the second waits for a date or a number of calls.",
            shows=shows,
            mark=f"{around.name} {kind.value}",
        )


def _changes_words(effect: Effect) -> bool:
    value = effect.operand("value")
    if value is not None and any(_WORDS.search(one) for one in value.fields):
        return True
    name = effect.callee.rpartition(".")[2]
    return "__doc__" in name or (_WORDS.search(name) is not None and _of_a_tool(effect))


def _of_a_tool(effect: Effect) -> bool:
    """Whether the thing that is changed is one that a library declared or an item of a list of
    tools, or nothing else is known of it and its new words give orders."""
    target = effect.operand("target")
    if target is None or any(isinstance(one, Instance) for one in target.refs):
        return False
    if any(_DECLARED.search(name) for name in target.externals()):
        return True
    if target.fields:
        return target.fields.keys() >= _LISTED
    return not target.refs and _gives_orders(effect)


def _gives_orders(effect: Effect) -> bool:
    return _ORDERS.search(_new(effect.operand("value"))) is not None


def _new(value: Value | None) -> str:
    if value is None:
        return ""
    inner = value.fields.get("description")
    return value.known_text or (inner.known_text or "" if inner is not None else "")


CHECK: Check[Facts] = Check((DESCRIPTION_MUTATION,), look)
