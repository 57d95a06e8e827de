"""Schemas that cost a client more than they are worth: deep, huge, explosive."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Surface, Tool
from ostiary.model.visible import NAME, visible
from ostiary.surface.backtracking import runs_away
from ostiary.surface.place import capital, of_item, shows
from ostiary.surface.references import Expansion, expansion
from ostiary.surface.schema_walk import Node, schemas

SCHEMA_BOMB = Rule(
    id="schema-bomb",
    title="Schema can exhaust whoever checks it",
    category=Category.QUALITY,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for schemas nested deeper than 40 levels, of more than 5,000 parts, with an "
        "enumeration of more than 1,000 values, with local references that multiply to more than "
        "a million parts or lead in a circle without a step into data, and for patterns that "
        "repeat a group made of a repetition only. A tree that refers to itself inside its "
        "children is ordinary and left alone."
    ),
    attack=(
        "A client or gateway that checks arguments against the schema uses up its time or memory, "
        "for one user or for all that share it."
    ),
    remedy=(
        "Give the checker limits on depth, size and time, match patterns with a linear-time "
        "engine, and ask the author for a smaller schema."
    ),
    references=("CWE-400", "CWE-1333", "CWE-674", "CWE-770", "LLM06:2026", "AISVS-1.0:10.4.5"),
)

MAX_DEPTH = 40
MAX_PARTS = 5000
MAX_ENUM = 1000
MAX_EXPANDED = 1_000_000


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """One finding for each kind of excess of each tool."""
    for tool in subject.surface.tools:
        yield from _tool(subject.surface, tool)


def _tool(surface: Surface, tool: Tool) -> Iterator[Finding]:
    parts, deepest, refers = 0, 0, False
    for node in schemas(tool):
        parts += 1
        deepest = max(deepest, node.depth)
        refers = refers or "$ref" in node.schema
        if "pattern" in node.schema or "enum" in node.schema or "patternProperties" in node.schema:
            yield from _node(surface, tool, node)
    if deepest > MAX_DEPTH:
        yield _finding(surface, tool, f"is nested {deepest} levels deep", "depth")
    if parts > MAX_PARTS:
        yield _finding(surface, tool, f"has more than {MAX_PARTS:,} parts", "parts")
    if refers:
        yield from _references(surface, tool)


def _node(surface: Surface, tool: Tool, node: Node) -> Iterator[Finding]:
    values = node.schema.get("enum")
    if isinstance(values, list) and len(values) > MAX_ENUM:
        says = f"lists {len(values):,} values for {visible(node.words, NAME) or 'one part'}"
        yield _finding(surface, tool, says, "enum", node=node, severity=Severity.LOW)
    patterns = [node.schema.get("pattern")]
    named = node.schema.get("patternProperties")
    if isinstance(named, dict):
        patterns += list(named)
    for pattern in patterns:
        if isinstance(pattern, str) and runs_away(pattern):
            says = f"holds {visible(node.words, NAME) or 'a part'} to a pattern that can run away"
            yield _finding(surface, tool, says, "pattern", node=node, text=pattern)


def _references(surface: Surface, tool: Tool) -> Iterator[Finding]:
    for key in ("inputSchema", "outputSchema"):
        schema = tool.input_schema if key == "inputSchema" else tool.output_schema
        match expansion(schema, MAX_EXPANDED):
            case Expansion.HUGE:
                says = "multiplies to more than a million parts by its references"
                yield _finding(surface, tool, says, f"{key} expansion")
            case Expansion.ENDLESS:
                yield _finding(surface, tool, "refers to itself without end", f"{key} circle")
            case Expansion.ORDINARY:
                pass


def _finding(
    surface: Surface,
    tool: Tool,
    says: str,
    mark: str,
    *,
    node: Node | None = None,
    text: str = "",
    severity: Severity | None = None,
) -> Finding:
    where = of_item(surface, tool, "schema", node.pointer if node else "/inputSchema")
    return SCHEMA_BOMB.finding(
        capital(f"the schema of tool {visible(tool.name, NAME)} {says}."),
        where,
        evidence=[shows(f"The schema {says}", where, text)],
        severity=severity,
        mark=mark if node is None else f"{mark} {node.pointer}",
    )


CHECK: Check[Neighbourhood] = Check((SCHEMA_BOMB,), look)
