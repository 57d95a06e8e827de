"""What a server or a name says against what the tools do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.flow.levels import tool_access
from ostiary.model.access import Capability, Level
from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.json import as_object, as_text
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Surface, Tool
from ostiary.model.visible import NAME, visible
from ostiary.surface.names import words
from ostiary.surface.place import capital, of_item, place, shows

DESCRIPTION_MISMATCH = Rule(
    id="description-mismatch",
    title="What it says is not what it does",
    category=Category.CLAIM,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for a server whose instructions or description say that it only reads, while tools "
        "of it write, destroy, execute, send, spend or administer by their schema and words; and "
        "for a tool whose name begins with a reading verb and whose description begins with a "
        "destroying one. A claim about one tool or one mode is left alone."
    ),
    attack=(
        "People and policies give a reading server to agents that nobody watches. What it can "
        "really do is then done without a question."
    ),
    remedy=(
        "Allow only the tools that read, by name, and ask the author which of the two is true."
    ),
    references=("CWE-451", "SAFE-T1406", "ASI09:2026", "MCP02:2025", "CoSAI-MCP-T9"),
)

_READ_ONLY = re.compile(
    r"\b(?:(?:this|the)\s+(?:mcp\s+)?server\s+(?:is|provides|offers|gives|has|only)\b[^.!?\n]{0,60}?"
    r"(?:read[- ]only|reads\b|only reads)|"
    r"read[- ]only\s+(?:mcp\s+)?(?:server|access\s+to|interface|integration|connector)|"
    r"(?:server|it|we)\s+(?:never|cannot|can\s?not|can't|does\s+not|doesn't|will\s+not|won't)\s+"
    r"(?:ever\s+)?(?:modif(?:y|ies)|writes?|changes?|deletes?|alters?)\b|"
    r"(?:all|every)\s+(?:the\s+)?(?:tools?|operations?)\s+(?:are|is)\s+"
    r"(?:strictly\s+)?read[- ]only|"
    r"no\s+(?:write|modification)s?\s+(?:are|is)\s+(?:possible|performed|allowed|supported))",
    re.IGNORECASE,
)
_PARTLY = re.compile(
    r"read[- ]only\s+(?:mode|flag|option|by default|unless|when|if)|"
    r"(?:if|when|unless|use|set|with|in)\s+[^.\n]{0,30}read[- ]?only",
    re.IGNORECASE,
)
_ACTS = (
    Level.WRITE,
    Level.DESTROY,
    Level.EXECUTE,
    Level.SPEND,
    Level.ADMINISTER,
)
_READS = frozenset(
    ("get", "list", "read", "search", "find", "view", "show", "fetch", "describe", "count", "check")
)
_DESTROYS = re.compile(
    r"\A\W*(?:permanently\s+|irreversibly\s+|force[- ])?(?:delete|deletes|deleting|remove|removes|"
    r"erase|erases|wipe|wipes|purge|purges|destroy|destroys|drop|drops|truncate|truncates|"
    r"overwrite|overwrites|terminate|terminates|uninstall|uninstalls)\b",
    re.IGNORECASE,
)
_MOST = 8


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """At most one finding for the server, and one for each contradicting name."""
    surface = subject.surface
    claim = _claim(surface)
    if claim is not None:
        yield from _server(surface, *claim)
    for tool in surface.tools:
        if _DESTROYS.match(tool.description) and _named_as_reader(tool.name):
            yield _tool(surface, tool)


def _claim(surface: Surface) -> tuple[str, str] | None:
    """Where the server says it only reads, and the sentence."""
    info = as_object(surface.meta.get("serverInfo"))
    described = as_text(info.get("description")) or as_text(surface.meta.get("description"))
    texts = (("instructions", surface.instructions), ("description", described))
    for part, text in texts:
        found = _READ_ONLY.search(text[:20_000])
        if found and not _PARTLY.search(text[max(0, found.start() - 40) : found.end() + 40]):
            return part, text[max(0, found.start() - 60) : found.end() + 60]
    return None


def _server(surface: Surface, part: str, sentence: str) -> Iterator[Finding]:
    acting = [(tool, one) for tool in surface.tools if (one := _acts(tool)) is not None]
    if not acting:
        return
    listed = ", ".join(f"{visible(tool.name, NAME)} ({one.level})" for tool, one in acting[:_MOST])
    more = f" and {len(acting) - _MOST} more" if len(acting) > _MOST else ""
    where = place(surface, part)
    evidence = [shows("It says that it only reads", where, sentence)]
    evidence += [
        Evidence(
            f"{visible(tool.name, NAME)} can {one.level}",
            of_item(surface, tool),
            shows("", where, "; ".join(basis.says for basis in one.basis)).excerpt,
        )
        for tool, one in acting[:_MOST]
    ]
    yield DESCRIPTION_MISMATCH.finding(
        f"{surface.server} says that it only reads, and offers {listed}{more}.",
        where,
        evidence=evidence,
        mark="read-only",
    )


def _acts(tool: Tool) -> Capability | None:
    """What the tool does beyond reading, if that is more than a guess."""
    access = tool_access(tool)
    for level in _ACTS:
        one = access.has(level)
        if one is not None and one.confidence > Confidence.LOW:
            return one
    return None


def _named_as_reader(name: str) -> bool:
    parts = words(name)
    return bool(parts) and parts[0] in _READS


def _tool(surface: Surface, tool: Tool) -> Finding:
    where = of_item(surface, tool, "description", "/description")
    return DESCRIPTION_MISMATCH.finding(
        capital(
            f"tool {visible(tool.name, NAME)} is named as one that reads and described as one that "
            "destroys."
        ),
        where,
        evidence=[shows("Its description begins", where, tool.description)],
        mark="name",
    )


CHECK: Check[Neighbourhood] = Check((DESCRIPTION_MISMATCH,), look)
