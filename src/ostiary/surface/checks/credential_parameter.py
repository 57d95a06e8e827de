"""Parameters that have a credential pass through the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.detect.secrets_named import names_secret
from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.json import as_list, as_object, as_text
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Item, Surface
from ostiary.model.visible import NAME, visible
from ostiary.surface.names import words
from ostiary.surface.place import capital, of_item, place, shows
from ostiary.surface.schema_walk import Node, schemas

CREDENTIAL_PARAMETER = Rule(
    id="credential-parameter",
    title="Asks for a credential through the model",
    category=Category.SECRET,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.STRICT,
    what=(
        "Looks for tool parameters and prompt arguments that take a password, key or token, by "
        "name or by the format `password`, and tells them together. Identifiers of keys, page "
        "tokens and token counts are left alone."
    ),
    attack=(
        "The credential passes through the model, its provider, the conversation's history and "
        "every log on the way, and a planted instruction can have it repeated."
    ),
    remedy=(
        "Give the server its credential in its own configuration or let it ask the person directly "
        "(elicitation by URL), never through a call."
    ),
    references=("MCP01:2025", "CWE-522", "AISVS-1.0:10.2.3", "LLM02:2026", "CoSAI-MCP-T5"),
)

_TOO_PLAIN = frozenset(("key", "code", "session", "sig", "signature", "webhook", "pass"))
_PAGING = frozenset(
    ("page", "next", "starting", "continuation", "cursor", "sync", "request", "prev", "idempotency")
)
"""``next_page_token`` only opens a page."""
_SHOWN = 8


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """At most one finding for the tools and one for the prompts."""
    surface = subject.surface
    tools = [
        (tool, node.words, node.pointer)
        for tool in surface.tools
        for node in schemas(tool)
        if node.by == "properties" and node.pointer.startswith("/input") and _secret(node)
    ]
    prompts = [
        (prompt, name, f"/arguments/{index}")
        for prompt in surface.prompts
        for index, given in enumerate(as_list(prompt.raw.get("arguments")))
        if _named(name := as_text(as_object(given).get("name")))
    ]
    for found in (tools, prompts):
        if found:
            yield _asks(surface, found)


def _secret(node: Node) -> bool:
    if node.schema.get("type") not in (None, "string", ["string", "null"]):
        return False
    return as_text(node.schema.get("format")) == "password" or _named(node.name)


def _named(name: str) -> bool:
    if name.lower() in _TOO_PLAIN or _PAGING.intersection(words(name)):
        return False
    return names_secret(name)


def _asks(surface: Surface, found: Sequence[tuple[Item, str, str]]) -> Finding:
    item, name, pointer = found[0]
    count = len({one.name for one, _, _ in found})
    kind = item.kind
    if count == 1:
        says = f"{kind} {visible(item.name, NAME)} takes a credential as {visible(name, NAME)}"
        where = of_item(surface, item, f"parameter {visible(name, NAME)}", pointer)
    else:
        names = sorted({visible(one, NAME) for _, one, _ in found})
        listed = ", ".join(names[:5]) + (" and others" if len(names) > 5 else "")
        says = f"{count:,} {kind}s take a credential, as {listed}"
        where = place(surface, f"{kind}s")
    return CREDENTIAL_PARAMETER.finding(
        capital(f"{says}."),
        where,
        evidence=[
            shows(
                f"{kind} {visible(one.name, NAME)}",
                of_item(surface, one, f"parameter {visible(called, NAME)}", at),
                called,
            )
            for one, called, at in found[:_SHOWN]
        ],
        mark=kind,
    )


CHECK: Check[Neighbourhood] = Check((CREDENTIAL_PARAMETER,), look)
