"""Descriptions and tools that change after somebody approved them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Instance, Value
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.hostile.saying import Told, entries
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
_RUNS_LATER = (EntryKind.TOOL, EntryKind.PROMPT, EntryKind.RESOURCE, EntryKind.CALLBACK)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(DESCRIPTION_MUTATION)
    for reached in entries(facts):
        if reached.entry.kind not in _RUNS_LATER:
            continue
        for effect in reached.effects:
            if effect.kind is not EffectKind.MUTATE or not _changes_words(effect):
                continue
            if told.new(effect.place):
                yield told.effect(
                    reached,
                    effect,
                    "What the model reads of a tool is changed while the server runs.",
                    shows=_new(effect.operand("value")),
                )


def _changes_words(effect: Effect) -> bool:
    value = effect.operand("value")
    if value is not None and any(_WORDS.search(one) for one in value.fields):
        return True
    name = effect.callee.rpartition(".")[2]
    return "__doc__" in name or (_WORDS.search(name) is not None and _of_a_tool(effect))


def _of_a_tool(effect: Effect) -> bool:
    """Whether the thing that is changed is one that a library declared, or nothing else is known
    of it and its new words give orders."""
    target = effect.operand("target")
    if target is None or any(isinstance(one, Instance) for one in target.refs):
        return False
    if any(_DECLARED.search(name) for name in target.externals()):
        return True
    return (
        not target.refs
        and not target.fields
        and _ORDERS.search(_new(effect.operand("value"))) is not None
    )


def _new(value: Value | None) -> str:
    if value is None:
        return ""
    inner = value.fields.get("description")
    return value.known_text or (inner.known_text or "" if inner is not None else "")


CHECK: Check[Facts] = Check((DESCRIPTION_MUTATION,), look)
