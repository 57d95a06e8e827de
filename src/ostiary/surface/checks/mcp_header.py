"""Parameters that a client copies into HTTP headers (`x-mcp-header`, revision 2026-07-28)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.detect.secrets_named import names_secret
from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.json import as_text, strings
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Surface, Tool
from ostiary.model.visible import NAME, visible
from ostiary.surface.place import capital, of_item, shows
from ostiary.surface.schema_walk import Node, schemas

SENSITIVE_HEADER = Rule(
    id="sensitive-mcp-header",
    title="Sensitive parameter goes into a header",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for `x-mcp-header` on a parameter that holds a credential (medium) or the content "
        "itself, such as a message or personal data (low). Parameters that name a region, a tenant "
        "or a record are what the header is meant for and are left alone."
    ),
    attack=(
        "Headers are written to the logs of every proxy, load balancer and trace on the way, and "
        "to people who may read those and not the body."
    ),
    remedy=(
        "Do not send credentials or content through this parameter; ask the author to take "
        "`x-mcp-header` off it, and rotate a credential that was already sent."
    ),
    references=("CWE-532", "CWE-201", "CWE-522", "MCP01:2025", "AISVS-1.0:10.2.5", "CoSAI-MCP-T5"),
)

INVALID_HEADER = Rule(
    id="invalid-mcp-header",
    title="Header mapping that clients must refuse",
    category=Category.QUALITY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for `x-mcp-header` values that revision 2026-07-28 forbids: not an HTTP token, used "
        "twice without regard to case, on a parameter that is no string, integer or boolean, or in "
        "a place that `properties` alone do not lead to."
    ),
    attack=(
        "Clients of this revision drop the tool. Where one does not, a value with line breaks adds "
        "headers of the server's choosing, and two parameters under one header name let a proxy "
        "and the server read different values."
    ),
    remedy="Ask the author for a plain, unique header name on a top-level simple parameter.",
    references=("CWE-20", "CWE-74", "CoSAI-MCP-T7"),
)

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}\Z")
_SIMPLE = frozenset(("string", "integer", "boolean", "null"))
_CONTENT = re.compile(
    r"(?i)(?:^|_|-)(?:content|body|message|text|prompt|query|note|comment|ssn|email|phone|address|"
    r"password|name|birth\w*|diagnosis|file_?data|payload)s?$"
)
_PERSONAL = re.compile(r"(?i)(?:^|_)(?:first|last|full|user|patient|customer)_?name$")


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """Findings for each annotated parameter."""
    for tool in subject.surface.tools:
        taken: dict[str, str] = {}
        for node in schemas(tool):
            if "x-mcp-header" in node.schema:
                yield from _annotated(subject.surface, tool, node, taken)


def _annotated(
    surface: Surface, tool: Tool, node: Node, taken: dict[str, str]
) -> Iterator[Finding]:
    value = node.schema["x-mcp-header"]
    name = value if isinstance(value, str) else ""
    fault = _fault(node, name, taken)
    if fault:
        yield _finding(INVALID_HEADER, surface, tool, node, fault, severity=_injects(name))
    if name:
        taken.setdefault(name.lower(), node.words)
    if node.name and _is_secret(node):
        yield _finding(SENSITIVE_HEADER, surface, tool, node, "holds a credential")
    elif node.name and _is_content(node.name):
        says = "holds content"
        yield _finding(SENSITIVE_HEADER, surface, tool, node, says, severity=Severity.LOW)


def _fault(node: Node, name: str, taken: dict[str, str]) -> str | None:
    if not _TOKEN.match(name):
        return "names a header that is no HTTP token"
    if name.lower() in taken:
        return f"names the same header as {visible(taken[name.lower()], NAME)}"
    types = frozenset(strings(node.schema.get("type")))
    if not types or not types <= _SIMPLE:
        return "is no string, integer or boolean"
    if not node.steady or not node.pointer.startswith("/inputSchema"):
        return "stands where properties alone do not lead"
    return None


def _injects(name: str) -> Severity | None:
    return Severity.HIGH if any(char in name for char in "\r\n\0") else None


def _is_secret(node: Node) -> bool:
    return names_secret(node.name) or as_text(node.schema.get("format")) == "password"


def _is_content(name: str) -> bool:
    if name.lower().endswith("name"):
        return bool(_PERSONAL.search(name))
    return bool(_CONTENT.search(name))


def _finding(
    rule: Rule,
    surface: Surface,
    tool: Tool,
    node: Node,
    says: str,
    *,
    severity: Severity | None = None,
) -> Finding:
    label = visible(node.words, NAME) or "input schema"
    where = of_item(surface, tool, f"input schema {label}", f"{node.pointer}/x-mcp-header")
    return rule.finding(
        capital(f"tool {visible(tool.name, NAME)}: {label} goes into a header and {says}."),
        where,
        evidence=[shows("x-mcp-header", where, f"{node.schema['x-mcp-header']}"[:200])],
        severity=severity,
        mark=f"{says} {node.pointer}",
    )


CHECK: Check[Neighbourhood] = Check((SENSITIVE_HEADER, INVALID_HEADER), look)
