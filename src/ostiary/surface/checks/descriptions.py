"""Tools that do not say what they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Item, Surface
from ostiary.model.visible import NAME, visible
from ostiary.surface.names import words
from ostiary.surface.place import place, shows

DESCRIPTION_MISSING = Rule(
    id="description-missing",
    title="Tools without a description",
    category=Category.QUALITY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.PEDANTIC,
    what="Counts the tools and prompts of a server that have no description, in one finding each.",
    attack=(
        "The model guesses from the name, calls the wrong tool and sends it data; a person asked "
        "for approval has nothing to judge by."
    ),
    remedy="Ask the author to say in one sentence what each tool does, changes and returns.",
    references=("ASI02:2026", "LLM09:2026"),
)

VAGUE_TOOL = Rule(
    id="vague-tool",
    title="Tools that only repeat their name",
    category=Category.QUALITY,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.PEDANTIC,
    what=(
        "Counts the tools whose description says no more than the name, is shorter than three "
        "words, or is a stand-in such as TODO, in one finding for the server."
    ),
    attack=(
        "The model cannot tell the tool from its neighbours and picks by chance, or picks the one "
        "that praises itself most."
    ),
    remedy="Prefer a server that says what its tools do, or ask the author to.",
    references=("ASI02:2026", "LLM09:2026"),
)

_STAND_INS = frozenset(("todo", "tbd", "fixme", "description", "no description", "n/a", "none"))
_EMPTY = frozenset(
    ("the", "a", "an", "of", "for", "to", "and", "in", "from", "tool", "this", "it", "given", "all")
)


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """At most one finding a kind and rule."""
    surface = subject.surface
    for items in (surface.tools, surface.prompts):
        silent = [item for item in items if not item.description.strip()]
        if silent:
            yield _finding(DESCRIPTION_MISSING, surface, silent, len(items), "no description")
    vague = [tool for tool in surface.tools if _vague(tool)]
    if vague:
        yield _finding(
            VAGUE_TOOL, surface, vague, len(surface.tools), "a description that says nothing more"
        )


def _vague(item: Item) -> bool:
    text = item.description.strip()
    if not text or len(text) > 60:
        return False
    if text.lower().rstrip(".") in _STAND_INS:
        return True
    if not text.isascii():
        return False
    said = [word for word in words(text) if word not in _EMPTY]
    if len(said) < 2:
        return True
    return {_stem(word) for word in said} <= {_stem(word) for word in words(item.name)}


def _stem(word: str) -> str:
    return word.removesuffix("s").removesuffix("e") if len(word) > 3 else word


def _finding(rule: Rule, surface: Surface, items: Sequence[Item], total: int, what: str) -> Finding:
    kind = items[0].kind
    where = place(surface, f"{kind}s")
    listed = ", ".join(visible(item.name, NAME) for item in items[:8])
    more = f" and {len(items) - 8:,} more" if len(items) > 8 else ""
    have = "has" if len(items) == 1 else "have"
    return rule.finding(
        f"{len(items):,} of {total:,} {kind}s {have} {what}: {listed}{more}.",
        where,
        evidence=[shows(f"{kind} {visible(items[0].name, NAME)}", where, items[0].description)],
        mark=kind,
    )


CHECK: Check[Neighbourhood] = Check((DESCRIPTION_MISSING, VAGUE_TOOL), look)
