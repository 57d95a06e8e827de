"""Names that occur twice inside one server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Item, Surface
from ostiary.model.visible import NAME, visible
from ostiary.surface.names import folded, looks
from ostiary.surface.place import capital, of_item, shows

NAME_COLLISION = Rule(
    id="name-collision",
    title="One server uses a name twice",
    category=Category.COLLISION,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for tools, prompts, resources or templates of one server that carry the same name, "
        "names that differ in case and separators only, or names that look the same. A tool and a "
        "prompt may share a name. Equal repetitions are low, names that differ in case and "
        "separators are for strict readers, look-alikes are high."
    ),
    attack=(
        "Which of the two a client shows to a person and which it calls can differ, so what was "
        "approved need not be what runs."
    ),
    remedy=(
        "Report it to the author; names must be unique. Until it is mended, compare both "
        "definitions and refuse the server if they differ in what they do."
    ),
    references=("CWE-694", "SAFE-T1004", "SAFE-T1008", "CoSAI-MCP-T6", "CWE-1007"),
)


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """One finding for each group of equal or like names of one kind."""
    surface = subject.surface
    for items in (surface.tools, surface.prompts, surface.resources, surface.templates):
        yield from _kind(surface, items)


def _kind(surface: Surface, items: Sequence[Item]) -> Iterator[Finding]:
    exact: dict[str, list[Item]] = {}
    for item in items:
        exact.setdefault(item.name, []).append(item)
    if len(exact) < len(items):
        for group in exact.values():
            if len(group) > 1:
                yield _repeated(surface, group)
    if items and items[0].kind in ("tool", "prompt"):
        yield from _alike(surface, [group[0] for group in exact.values()])


def _repeated(surface: Surface, group: Sequence[Item]) -> Finding:
    first = group[0]
    differ = len({item.digest for item in group}) > 1
    how = "different" if differ else "equal"
    says = (
        f"{first.kind} {visible(first.name, NAME)} is declared {len(group)} times, {how} each time"
    )
    return _finding(surface, says, group, Severity.MEDIUM if differ else Severity.LOW)


def _alike(surface: Surface, items: Sequence[Item]) -> Iterator[Finding]:
    by_fold: dict[str, list[Item]] = {}
    by_look: dict[str, list[Item]] = {}
    for item in items:
        by_fold.setdefault(folded(item.name), []).append(item)
    for key, group in by_fold.items():
        if key and len(group) > 1:
            says = f"{_names(group)} differ in case and separators only"
            yield _finding(surface, says, group, Severity.LOW, Persona.STRICT)
        by_look.setdefault(looks(group[0].name), []).append(group[0])
    if len(by_look) == len(by_fold):
        return
    for key, group in by_look.items():
        if key and len(group) > 1 and _disguised(group):
            says = f"{_names(group)} look the same and are not"
            yield _finding(surface, says, group, Severity.HIGH)


def _disguised(group: Sequence[Item]) -> bool:
    """Look-alikes by letters of another script or digits inside words, not by numbering."""
    return len({item.name.rstrip("0123456789") for item in group}) > 1


def _names(group: Sequence[Item]) -> str:
    listed = [visible(item.name, NAME) for item in group[:5]]
    return f"{group[0].kind}s {' and '.join(listed)}"


def _finding(
    surface: Surface,
    says: str,
    group: Sequence[Item],
    severity: Severity,
    persona: Persona = Persona.DEFAULT,
) -> Finding:
    return NAME_COLLISION.finding(
        capital(f"{says}."),
        of_item(surface, group[0]),
        evidence=[
            shows(
                f"{item.kind} {visible(item.name, NAME)}", of_item(surface, item), item.description
            )
            for item in group[:5]
        ],
        severity=severity,
        persona=persona,
        mark="look" if severity is Severity.HIGH else "same",
    )


CHECK: Check[Neighbourhood] = Check((NAME_COLLISION,), look)
