"""Parameters that a description documents and the schema does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Tool
from ostiary.model.visible import NAME, visible
from ostiary.surface.place import capital, of_item, shows
from ostiary.surface.schema_walk import schemas

UNDECLARED_PARAMETER = Rule(
    id="undeclared-parameter-in-text",
    title="Text documents a parameter the schema lacks",
    category=Category.CLAIM,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Reads `Args:` and `Parameters:` lists in descriptions and reports names that the schema "
        "does not have, where the schema has other parameters and takes no free ones. Names that "
        "frameworks inject (`ctx`, `self`) are left alone."
    ),
    attack=(
        "The model passes data in a parameter that no schema check sees; servers often accept and "
        "keep it."
    ),
    remedy="Ask the author which is right. Refuse unknown parameters in the gateway meanwhile.",
    references=("AISVS-1.0:10.4.3", "AISVS-1.0:10.4.4", "CWE-20", "SAFE-T1501"),
)

_BLOCK = re.compile(
    r"^[ \t]*(?:Args|Arguments|Parameters|Params)[ \t]*:[ \t]*\n((?:[ \t]+\S[^\n]*\n?|[ \t]*\n)+)",
    re.MULTILINE,
)
_ENTRY = re.compile(
    r"^([ \t]+)[-*]?[ \t]*`?([A-Za-z_]\w{0,63})`?[ \t]*(?:\([^)\n]{0,80}\))?[ \t]*:"
)
_INJECTED = frozenset(
    ("ctx", "context", "self", "cls", "kwargs", "args", "request", "session", "note", "notes")
)


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """One finding for each tool with such parameters."""
    for tool in subject.surface.tools:
        text = tool.description
        if ":" not in text or "\n" not in text:
            continue
        lacking = _lacking(tool, text)
        if lacking:
            where = of_item(subject.surface, tool, "description", "/description")
            listed = ", ".join(lacking[:6])
            yield UNDECLARED_PARAMETER.finding(
                capital(
                    f"tool {visible(tool.name, NAME)} documents {listed}, which its schema does "
                    "not have."
                ),
                where,
                evidence=[shows("Documented parameters", where, ", ".join(_documented(text)))],
                mark=listed,
            )


def _lacking(tool: Tool, text: str) -> list[str]:
    schema = tool.input_schema
    if not schema.get("properties") or schema.get("additionalProperties") not in (None, False):
        return []
    documented = _documented(text)
    if not documented:
        return []
    names = {node.name for node in schemas(tool)} | set(tool.properties)
    bare = {name.replace("_", "").lower() for name in names}
    return [
        name
        for name in documented
        if name.lower() not in _INJECTED and name.replace("_", "").lower() not in bare
    ]


def _documented(text: str) -> list[str]:
    """Names of the outermost entries of every such list, in order, once each."""
    found: dict[str, None] = {}
    for block in _BLOCK.finditer(text[:20_000]):
        entries = [entry for line in block[1].split("\n") if (entry := _ENTRY.match(line))]
        outermost = min((len(entry[1]) for entry in entries), default=0)
        for entry in entries:
            if len(entry[1]) == outermost:
                found.setdefault(entry[2])
    return list(found)


CHECK: Check[Neighbourhood] = Check((UNDECLARED_PARAMETER,), look)
