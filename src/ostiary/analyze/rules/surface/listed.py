"""What the running server lists against what its code declares."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from ostiary.analyze.declare.compare import Difference, Disagreement, disagreements
from ostiary.analyze.stated import Declared
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import EXCERPT, NAME, visible

RULE = Rule(
    id="listed-against-code",
    title="Server lists other tools than its code",
    category=Category.CLAIM,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Compares the tools that a running server listed with those that its code declares: tools "
        "the code does not have, other descriptions, parameters, types or annotations. Order, "
        "titles and texts inside schemas do not count. A tool that the code has and the server "
        "does not list is told to strict readers: it may need a setting."
    ),
    attack=(
        "What was read is not what answers. Another version may run, or the list may be made "
        "elsewhere and change after it was approved."
    ),
    remedy=(
        "Find out which version runs and audit that one. If it is this one, ask the author where "
        "its list comes from, and pin the list before it is used."
    ),
    references=("CWE-494", "MCP03:2025", "SAFE-T1201", "AISVS-1.0:10.4.8", "CoSAI-MCP-T6"),
)
_SOFT: Final = frozenset({Difference.NOT_LISTED, Difference.PARAMETERS, Difference.TYPE})
_WORDS: Final = {
    Difference.NOT_DECLARED: "is listed and its code does not declare it",
    Difference.NOT_LISTED: "is declared by the code and not listed",
    Difference.DESCRIPTION: "is described in other words than in its code",
    Difference.PARAMETERS: "takes other parameters than in its code",
    Difference.TYPE: "takes a parameter of another type than in its code",
    Difference.ANNOTATIONS: "is annotated otherwise than in its code",
}


def look(subject: Declared) -> Iterator[Finding]:
    """One finding a tool with all its differences; none where no server was asked."""
    if subject.stated is None or not subject.surface.tools:
        return
    found = disagreements(subject.surface, subject.stated)
    for name, group in groupby(found, key=lambda one: one.tool):
        yield _finding(subject, name, list(group))


def _finding(subject: Declared, name: str, differences: list[Disagreement]) -> Finding:
    part = f"tool {visible(name, NAME)}"
    where = _declared(subject, name, part)
    soft = all(one.difference in _SOFT for one in differences)
    unlisted = differences[0].difference is Difference.NOT_LISTED
    unsure = not all(one.certain for one in differences)
    evidence = []
    for one in differences:
        evidence.append(Evidence(f"It {_WORDS[one.difference]}", where))
        if one.code:
            evidence.append(Evidence("The code says", where, visible(one.code, EXCERPT)))
        if one.server:
            listed = Location(server=subject.surface.server, part=part)
            evidence.append(Evidence("The server says", listed, visible(one.server, EXCERPT)))
    return RULE.finding(
        f"Tool {visible(name, NAME)} {_WORDS[differences[0].difference]}.",
        where,
        evidence=evidence,
        severity=Severity.LOW if soft or unsure else None,
        confidence=Confidence.LOW if unsure else None,
        persona=Persona.STRICT if unlisted or unsure else None,
        mark=f"{name} {differences[0].difference}",
    )


def _declared(subject: Declared, name: str, part: str) -> Location:
    for one in subject.facts.tools:
        if one.entry.name == name:
            return Location(file=one.entry.place.file, line=one.entry.place.line, part=part)
    return Location(server=subject.surface.server, part=part)


CHECK: Check[Declared] = Check((RULE,), look)
