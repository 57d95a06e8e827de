"""Tool names outside what the protocol recommends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible
from ostiary.surface.place import of_item, shows

TOOL_NAME_INVALID = Rule(
    id="tool-name-invalid",
    title="Tool name outside the protocol's characters",
    category=Category.QUALITY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what=(
        "Looks for tool names that are not 1 to 128 characters of letters A to Z, digits, "
        "underscore, hyphen and full stop, as the protocol recommends. Names with spaces or with "
        "letters of other scripts are the usual case; a name that reads as a sentence is medium."
    ),
    attack=(
        "Clients rewrite such names, so the name a person approves and the name that is called can "
        "part; a long name is also a place for a text that no one takes for one."
    ),
    remedy="Ask the author for a plain name. In policy, name the tool by its digest meanwhile.",
    references=("CWE-20", "SAFE-T1405", "CoSAI-MCP-T3"),
)

_VALID = re.compile(r"[A-Za-z0-9_.-]{1,128}\Z")


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """One finding for each such name."""
    for tool in subject.surface.tools:
        if _VALID.match(tool.name):
            continue
        where = of_item(subject.surface, tool, "name", "/name")
        prose = len(tool.name.split()) > 8 or len(tool.name) > 200
        yield TOOL_NAME_INVALID.finding(
            f"The name {visible(tool.name, NAME) or '(empty)'} {_why(tool.name)}.",
            where,
            evidence=[shows("name", where, tool.name)],
            severity=Severity.MEDIUM if prose else None,
            persona=Persona.DEFAULT if prose else None,
            mark="name",
        )


def _why(name: str) -> str:
    if not name:
        return "is empty"
    if len(name) > 128:
        return f"has {len(name):,} characters"
    odd = sorted({char for char in name if not _VALID.match(char)})
    shown = ", ".join("space" if char == " " else visible(char, NAME) for char in odd[:5])
    return f"holds {shown}"


CHECK: Check[Neighbourhood] = Check((TOOL_NAME_INVALID,), look)
