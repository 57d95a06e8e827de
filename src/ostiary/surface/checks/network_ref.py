"""References in schemas that lead out of the document."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible
from ostiary.surface.place import capital, of_item, shows
from ostiary.surface.schema_walk import schemas

NETWORK_REF = Rule(
    id="network-ref",
    title="Schema refers to a document elsewhere",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for `$ref` and `$dynamicRef` that name a URL or a file instead of a place in the "
        "same document. Ostiary never follows them. `$schema` and `$id` are only names and are "
        "left alone. A relative reference is for strict readers."
    ),
    attack=(
        "A client that follows the reference calls an address of the server's choosing from inside "
        "the network, or reads a local file; and what stands at the address can change after the "
        "tool was approved."
    ),
    remedy=(
        "Use a client that does not follow references over the network (the protocol forbids it), "
        "and ask the author to put the definition into the schema under `$defs`."
    ),
    references=("CWE-918", "CWE-829", "MCP-SBP:server-side-request-forgery", "SAFE-T1501"),
)

_KEYS = ("$ref", "$dynamicRef", "$recursiveRef")
_SCHEMES = ("http:", "https:", "file:", "ftp:", "//", "\\\\", "ws:", "wss:", "gopher:", "data:")


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """One finding for each reference that leads out."""
    for tool in subject.surface.tools:
        for node in schemas(tool):
            for key in _KEYS:
                target = node.schema.get(key)
                if not isinstance(target, str) or target.startswith("#") or not target:
                    continue
                away = target.strip().lower().startswith(_SCHEMES)
                where = of_item(
                    subject.surface, tool, f"schema {node.words}".strip(), f"{node.pointer}/{key}"
                )
                yield NETWORK_REF.finding(
                    capital(
                        f"tool {visible(tool.name, NAME)} takes part of its schema from "
                        f"{'an address' if away else 'another document'}."
                    ),
                    where,
                    evidence=[shows(key, where, target)],
                    severity=Severity.MEDIUM if away else Severity.LOW,
                    persona=Persona.DEFAULT if away else Persona.STRICT,
                    mark=target[:200],
                )


CHECK: Check[Neighbourhood] = Check((NETWORK_REF,), look)
