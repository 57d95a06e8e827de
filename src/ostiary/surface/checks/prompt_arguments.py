"""Prompts whose arguments a client cannot fill in."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.json import as_list, as_object, as_text
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Item, Surface
from ostiary.model.visible import NAME, visible
from ostiary.surface.place import capital, of_item, shows

PROMPT_ARGUMENTS_INVALID = Rule(
    id="prompt-arguments-invalid",
    title="Prompt arguments that cannot be filled",
    category=Category.QUALITY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.PEDANTIC,
    what="Looks for prompt arguments without a name and for two arguments of one name.",
    attack="A client shows one argument and fills another; what the person typed goes elsewhere.",
    remedy="Ask the author for unique names.",
    references=("CWE-694", "CWE-20"),
)


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """One finding for each such argument."""
    for prompt in subject.surface.prompts:
        seen: set[str] = set()
        for index, given in enumerate(as_list(prompt.raw.get("arguments"))):
            name = as_text(as_object(given).get("name"))
            if not name or name in seen:
                yield _finding(subject.surface, prompt, name, index)
            seen.add(name)


def _finding(surface: Surface, prompt: Item, name: str, index: int) -> Finding:
    says = f"has two arguments named {visible(name, NAME)}" if name else "has a nameless argument"
    where = of_item(surface, prompt, "arguments", f"/arguments/{index}")
    return PROMPT_ARGUMENTS_INVALID.finding(
        capital(f"prompt {visible(prompt.name, NAME)} {says}."),
        where,
        evidence=[shows(capital(says), where)],
        mark=says,
    )


CHECK: Check[Neighbourhood] = Check((PROMPT_ARGUMENTS_INVALID,), look)
