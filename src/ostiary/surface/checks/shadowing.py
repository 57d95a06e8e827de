"""Tools of two servers whose names a model or a client takes for one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Surface, Tool
from ostiary.surface.names import deletions, looks, one_edit
from ostiary.surface.names import folded as fold
from ostiary.surface.place import capital, place, shows
from ostiary.surface.similar import copies, similarity

TOOL_SHADOWING = Rule(
    id="tool-shadowing",
    title="Another server offers the same tool name",
    category=Category.COLLISION,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for tools that two servers of one client offer under the same name, under names "
        "that differ in case and separators only, under names that look the same (characters of "
        "another script, hidden characters, digits for letters) or, where the descriptions are "
        "alike too, one typing error apart. Low for the plain same name, medium for a description "
        "that copies the other and adds to it and for typing errors, high for look-alikes. The "
        "same server configured twice (equal tools) is left alone."
    ),
    attack=(
        "The server that comes later, or describes itself better, receives calls and data that "
        "were meant for the other one."
    ),
    remedy=(
        "Keep only one of the two servers, or switch one of the tools off. Where the client puts "
        "the server's name before the tool's, check which of the two a task really uses."
    ),
    references=(
        "SAFE-T1301",
        "SAFE-T1008",
        "SAFE-T1004",
        "CoSAI-MCP-T6",
        "MCP03:2025",
        "ASI02:2026",
        "CWE-694",
        "CWE-1007",
    ),
)


@dataclass(frozen=True, slots=True)
class _Clash:
    """One pair of tools, and how alike their names are."""

    own: Tool
    other: Tool
    sort: str


_SORTS = {
    "look": (Severity.HIGH, Confidence.HIGH, "looks like", "look like tools"),
    "copy": (Severity.MEDIUM, Confidence.MEDIUM, "copies and adds to", "copy tools"),
    "typo": (Severity.MEDIUM, Confidence.MEDIUM, "is one typing error from", "nearly name tools"),
    "same": (Severity.LOW, Confidence.MEDIUM, "has the name of", "have the names of tools"),
}


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """One finding for each neighbour and sort of likeness; each pair of servers is told once."""
    surface = subject.surface
    for other in subject.neighbours:
        if (other.server, other.key) < (surface.server, surface.key):
            yield from _against(surface, other)


def _against(surface: Surface, other: Surface) -> Iterator[Finding]:
    own, names = _index(surface), _index(other)
    near = _deletions(own.names).isdisjoint(_deletions(names.names))
    if own.looks.isdisjoint(names.looks) and own.folds.isdisjoint(names.folds) and near:
        return
    clashes = list(_clashes(surface, other))
    if not clashes or _twice(surface, other, clashes):
        return
    for sort in _SORTS:
        group = [clash for clash in clashes if clash.sort == sort]
        if group:
            yield _finding(surface, other, sort, group)


@dataclass(frozen=True, slots=True)
class _Names:
    names: tuple[str, ...]
    folds: frozenset[str]
    looks: frozenset[str]


def _index(surface: Surface) -> _Names:
    return _indexed(tuple(tool.name for tool in surface.tools))


@lru_cache(maxsize=256)
def _indexed(names: tuple[str, ...]) -> _Names:
    return _Names(names, frozenset(map(fold, names)), frozenset(map(looks, names)))


@lru_cache(maxsize=256)
def _deletions(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(part for name in names for part in _spellings(name))


def _spellings(name: str) -> tuple[str, ...]:
    """What a mistyped name shares with the right one; short names are too close to others."""
    key = fold(name)
    return deletions(key) if 8 <= len(key) <= 80 else ()


def _clashes(surface: Surface, other: Surface) -> Iterator[_Clash]:
    folds: dict[str, list[Tool]] = {}
    seen: dict[str, list[Tool]] = {}
    near: dict[str, list[Tool]] = {}
    for tool in other.tools:
        folds.setdefault(fold(tool.name), []).append(tool)
        seen.setdefault(looks(tool.name), []).append(tool)
        for part in _spellings(tool.name):
            near.setdefault(part, []).append(tool)
    for tool in surface.tools:
        clash = _clash(tool, folds, seen, near)
        if clash is not None:
            yield clash


def _clash(
    tool: Tool,
    folds: dict[str, list[Tool]],
    seen: dict[str, list[Tool]],
    near: dict[str, list[Tool]],
) -> _Clash | None:
    same = folds.get(fold(tool.name))
    if same:
        exact = next((one for one in same if one.name == tool.name), same[0])
        copied = copies(tool.description, exact.description)
        copied = copied or copies(exact.description, tool.description)
        return _Clash(tool, exact, "copy" if copied else "same")
    alike = seen.get(looks(tool.name))
    if alike:
        return _Clash(tool, alike[0], "look")
    return _typo(tool, near)


def _typo(tool: Tool, near: dict[str, list[Tool]]) -> _Clash | None:
    key = fold(tool.name)
    for part in _spellings(tool.name):
        for one in near.get(part, ())[:8]:
            twin = fold(one.name)
            if (
                one_edit(key, twin)
                and not _counted(key, twin)
                and similarity(tool.description, one.description) >= 0.5
            ):
                return _Clash(tool, one, "typo")
    return None


def _counted(one: str, other: str) -> bool:
    """Plural and singular, or numbered siblings."""
    short, long = sorted((one, other), key=len)
    if long == f"{short}s":
        return True
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(short))
    return any(text[at : at + 1].isdigit() for text in (one, other))


def _twice(surface: Surface, other: Surface, clashes: Sequence[_Clash]) -> bool:
    """Whether the two surfaces are one server, installed twice or in two versions."""
    if all(clash.own.digest == clash.other.digest for clash in clashes):
        return True
    same_claim = surface.claimed_name and surface.claimed_name == other.claimed_name
    equal = sum(clash.own.digest == clash.other.digest for clash in clashes)
    most = 2 * len(clashes) > min(len(surface.tools), len(other.tools))
    return bool(same_claim and most and 2 * equal >= len(clashes))


def _finding(surface: Surface, other: Surface, sort: str, group: Sequence[_Clash]) -> Finding:
    severity, confidence, one_verb, many_verb = _SORTS[sort]
    first = group[0]
    if len(group) == 1:
        where = place(surface, f"tool {first.own.name}")
        says = f"tool {first.own.name} {one_verb} tool {first.other.name} of {other.server}"
    else:
        where = place(surface, "tools")
        listed = ", ".join(clash.own.name for clash in group[:6])
        more = f" and {len(group) - 6} more" if len(group) > 6 else ""
        says = f"{len(group)} tools {many_verb} of {other.server}: {listed}{more}"
    evidence = []
    for clash in group[:6]:
        evidence.append(shows(f"{surface.server}: {clash.own.name}", where, clash.own.description))
        evidence.append(
            shows(
                f"{other.server}: {clash.other.name}",
                place(other, f"tool {clash.other.name}"),
                clash.other.description,
            )
        )
    return TOOL_SHADOWING.finding(
        capital(f"{says}."),
        where,
        evidence=evidence,
        severity=severity,
        confidence=confidence,
        mark=f"{sort} {other.server}",
    )


CHECK: Check[Neighbourhood] = Check((TOOL_SHADOWING,), look)
