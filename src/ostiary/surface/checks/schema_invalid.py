"""Schemas that are no schemas."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.json import JsonValue
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Tool
from ostiary.model.visible import NAME, visible
from ostiary.surface.place import capital, of_item, shows
from ostiary.surface.schema_walk import Node, schemas

SCHEMA_INVALID = Rule(
    id="schema-invalid",
    title="Schema that is no JSON Schema",
    category=Category.QUALITY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.PEDANTIC,
    what=(
        "Looks for input schemas that are missing or not of type object, and in input and output "
        "schemas for keywords whose value has the wrong JSON type, such as a list of properties, "
        "a `required` that is no list of names, or an unknown type."
    ),
    attack=(
        "Checkers disagree on what such a schema allows, so a gateway may let through what the "
        "server reads differently; some clients drop the tool or all tools."
    ),
    remedy="Ask the author to validate the schemas against JSON Schema 2020-12.",
    references=("CWE-20", "AISVS-1.0:10.4.4", "AISVS-1.0:10.4.1", "CoSAI-MCP-T3"),
)

_TYPES = frozenset(("string", "number", "integer", "boolean", "object", "array", "null"))
_OBJECTS = ("properties", "patternProperties", "$defs", "definitions")
_NUMBERS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "multipleOf")
_KEYWORDS = frozenset(("type", "required", "enum", "pattern", *_OBJECTS, *_NUMBERS))


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """At most one finding for each tool: its first fault."""
    for tool in subject.surface.tools:
        fault = _fault(tool)
        if fault is not None:
            pointer, says = fault
            where = of_item(subject.surface, tool, "schema", pointer)
            yield SCHEMA_INVALID.finding(
                capital(f"tool {visible(tool.name, NAME)}: {says}."),
                where,
                evidence=[shows(capital(says), where)],
                mark=says,
            )


def _fault(tool: Tool) -> tuple[str, str] | None:
    given = tool.raw.get("inputSchema")
    if not isinstance(given, dict):
        return "/inputSchema", "has no input schema"
    if given.get("type") != "object":
        return "/inputSchema/type", "its input schema is not of type object"
    if "outputSchema" in tool.raw and not isinstance(tool.raw["outputSchema"], dict):
        return "/outputSchema", "its output schema is no object"
    for node in schemas(tool):
        for key in _KEYWORDS.intersection(node.schema):
            if not _well_formed(key, node.schema[key]):
                return _first(node)
    return None


def _first(node: Node) -> tuple[str, str]:
    """The first malformed keyword of a schema, in document order."""
    for key, value in node.schema.items():
        if key in _KEYWORDS and not _well_formed(key, value):
            return f"{node.pointer}/{key}", f"the value of {key} has the wrong form"
    return node.pointer, "a keyword has the wrong form"


def _well_formed(key: str, value: JsonValue) -> bool:
    if key == "type":
        names = value if isinstance(value, list) else [value]
        return bool(names) and all(isinstance(one, str) and one in _TYPES for one in names)
    if key == "required":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if key == "enum":
        return isinstance(value, list)
    if key == "pattern":
        return isinstance(value, str)
    if key in _NUMBERS:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, dict)


CHECK: Check[Neighbourhood] = Check((SCHEMA_INVALID,), look)
