"""Surfaces that crowd everything else out of a model's context."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Tool
from ostiary.surface.place import place, shows

OVERSIZED_SURFACE = Rule(
    id="oversized-surface",
    title="More tools than a model can weigh",
    category=Category.QUALITY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what=(
        "Counts a server's tools and the size of their definitions. More than 100 tools, or "
        "definitions of about 30,000 tokens (four characters taken as one), are reported with "
        "both numbers."
    ),
    attack=(
        "Clients drop or cut definitions without saying so, models choose worse among many tools, "
        "and a planted sentence is easier to hide."
    ),
    remedy="Switch off in the client the tools that are not needed, or take a smaller server.",
    references=("LLM06:2026", "AML.T0034.002", "CoSAI-MCP-T10", "CWE-770"),
)

LONG_INSTRUCTIONS = Rule(
    id="instructions-too-long",
    title="Instructions longer than a manual",
    category=Category.QUALITY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what="Reports server instructions of more than 10,000 characters, with their length.",
    attack=(
        "Instructions stand beside the system prompt in every conversation. A long text dilutes "
        "it and hides what a person would object to."
    ),
    remedy="Read them once in full; prefer a server that keeps its manual in a resource.",
    references=("MCP10:2025", "LLM06:2026", "CWE-770"),
)

MANY_TOOLS = 100
MANY_TOKENS = 30_000
LONG_TEXT = 10_000
_SAMPLE = 500


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """At most one finding a rule."""
    surface = subject.surface
    tokens = about_tokens(surface.tools)
    if len(surface.tools) > MANY_TOOLS or tokens > MANY_TOKENS:
        where = place(surface, "tools")
        says = f"{len(surface.tools):,} tools, about {tokens:,} tokens of definitions"
        yield OVERSIZED_SURFACE.finding(
            f"{surface.server} declares {says}.", where, evidence=[shows(says, where)], mark="size"
        )
    if len(surface.instructions) > LONG_TEXT:
        where = place(surface, "instructions")
        says = f"The instructions have {len(surface.instructions):,} characters"
        yield LONG_INSTRUCTIONS.finding(
            f"{says}.", where, evidence=[shows(says, where, surface.instructions)], mark="length"
        )


def about_tokens(tools: Sequence[Tool]) -> int:
    """Tokens of the definitions at four characters each; beyond 500 tools by the first 500."""
    if not tools:
        return 0
    sample = tools[:_SAMPLE]
    characters = sum(len(repr(tool.raw)) for tool in sample)
    return characters * len(tools) // len(sample) // 4


CHECK: Check[Neighbourhood] = Check((OVERSIZED_SURFACE, LONG_INSTRUCTIONS), look)
