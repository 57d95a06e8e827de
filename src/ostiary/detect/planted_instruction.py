"""An instruction to the agent in a text that should describe."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.detect.telling import told
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

ELSEWHERE = frozenset({"sensitive-file", "startup-file", "fixed-destination"})
"""Kinds of structure that rules of their own report."""

PLANTED_INSTRUCTION = Rule(
    id="planted-instruction",
    title="Instruction planted for the model",
    category=Category.POISON,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Text that a model reads as description but that orders it to do something else: an "
        "obligation on the agent joined to an object that is not the tool's own (another tool, a "
        "file, an address, a shell command, a rewritten argument, a message for the user), often "
        "with secrecy, claimed rank or a pretext. Documented workflows between tools, advice on "
        "parameters and warnings that ask the user first are left alone."
    ),
    attack=(
        "The model treats descriptions as trusted and may carry the order out with the powers of "
        "every connected server: read files, call other tools, send data out or mislead the user, "
        "although nobody ever calls this tool."
    ),
    remedy=(
        "Do not approve the server. Read the quoted text, remove the server from every client "
        "that has it, and if it ran before, look for what the text asked for in logs and files."
    ),
    references=(
        "MCP03:2025",
        "MCP06:2025",
        "ASI01:2026",
        "LLM01:2026",
        "CoSAI-MCP-T4",
        "SAFE-T1001",
        "SAFE-T1501",
        "AML.T0110",
        "AML.T0051",
        "CWE-1427",
    ),
)


def look(passage: Passage) -> Iterator[Hit]:
    yield from told(PLANTED_INSTRUCTION, passage, lambda one: one.kind not in ELSEWHERE)


DETECTOR = Detector((PLANTED_INSTRUCTION,), look)
