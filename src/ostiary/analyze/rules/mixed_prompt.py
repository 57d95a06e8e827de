"""A caller's text in one piece with instructions to a model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.value import Flow, Source
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.flows import CALLERS, part_of
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

MIXED_PROMPT = Rule(
    id="mixed-prompt",
    title="Caller's text stands among instructions to a model",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Looks for functions that return text which tells a model what it is (you are an "
        "assistant, an agent, an expert) and, behind that and in the same text, what a caller "
        "said. Prompts that a server offers as prompts are left alone: people choose those."
    ),
    attack=(
        "The model cannot tell the instructions of the program from the words of a stranger, and "
        "follows whichever are more pressing."
    ),
    remedy="Hand over instructions and callers' words as messages, each with a role of its own.",
    references=("CWE-1427", "LLM01:2026", "MCP06:2025", "CoSAI-MCP-T4"),
)

_ROLE: Final = re.compile(
    r"\byou(?:'re| are) (?:now )?(?:an?|the|my|our)\b[^.\n]{0,60}?"
    r"\b(?:assistant|agent|bot|chatbot|expert|model|ai|engineer|analyst|reviewer|helper)\b",
    re.IGNORECASE,
)
_BY_CODE: Final = (EntryKind.TOOL, EntryKind.EXPORT, EntryKind.ROUTE)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each function and each value that stands in its text."""
    for reached in facts.reached:
        before = reached.returns.prefix
        if reached.entry.kind in _BY_CODE and _ROLE.search(before):
            for source, flow in reached.returns.sources(*CALLERS):
                if not flow.guarantees & (g.SAFE | g.PLAIN):
                    yield _told(reached, source, flow)


def _told(reached: Reached, source: Source, flow: Flow) -> Finding:
    part = part_of(reached.entry)
    place = flow.steps[-1].place if flow.steps else reached.entry.place
    where = Location(file=place.file, line=place.line, column=place.column, part=part)
    name = visible(source.name, NAME)
    return MIXED_PROMPT.finding(
        f"{name} stands in one text with instructions to a model.",
        where,
        evidence=[Evidence(f"{name} {step.says}", _at(step.place.file, step.place.line, part))
                  for step in flow.steps],
        mark=f"{place.file} {reached.entry.name} {source.name}",
    )  # fmt: skip


def _at(file: str, line: int, part: str) -> Location:
    return Location(file=file, line=line, part=part)


CHECK: Check[Facts] = Check((MIXED_PROMPT,), look)
