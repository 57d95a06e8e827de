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


_MOST_NEAR = 3
_MOST_SHARED = 300
"""Spellings looked at for one pair of servers; honest pairs share a handful."""
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
    clashes = _clashes(surface, other)
    if not clashes or _twice(surface, other, clashes):
        return
    for sort in _SORTS:
        group = [clash for clash in clashes if clash.sort == sort]
        if group:
            yield _finding(surface, other, sort, group)


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of one server, each under the keys by which it may be confused."""

    folds: dict[str, list[int]]
    looks: dict[str, list[int]]
    near: dict[str, list[int]]
    letters: list[str]


def _index(surface: Surface) -> _Names:
    return _indexed(tuple(tool.name for tool in surface.tools))


@lru_cache(maxsize=256)
def _indexed(names: tuple[str, ...]) -> _Names:
    index = _Names({}, {}, {}, [])
    for number, name in enumerate(names):
        index.folds.setdefault(fold(name), []).append(number)
        index.looks.setdefault(looks(name), []).append(number)
        index.letters.append(_letters(name))
        for part in _spellings(index.letters[-1]):
            index.near.setdefault(part, []).append(number)
    return index


def _spellings(letters: str) -> frozenset[str]:
    """What a mistyped name shares with the right one; short names are too close to others."""
    return frozenset(deletions(letters)) if 8 <= len(letters) <= 80 else frozenset()


def _letters(name: str) -> str:
    """A name without separators and digits: names that differ in a number are siblings."""
    return "".join(char for char in fold(name) if not char.isdigit())


def _clashes(surface: Surface, other: Surface) -> list[_Clash]:
    """At most one clash for each tool of ``surface``, in the order of its tools."""
    own, theirs = _index(surface), _index(other)
    found: dict[int, _Clash] = {}
    for key in own.folds.keys() & theirs.folds.keys():
        for number in own.folds[key]:
            found[number] = _same(
                surface.tools[number], [other.tools[n] for n in theirs.folds[key]]
            )
    for key in own.looks.keys() & theirs.looks.keys():
        for number in own.looks[key]:
            twin = other.tools[theirs.looks[key][0]]
            found.setdefault(number, _Clash(surface.tools[number], twin, "look"))
    for number, twins in sorted(_near(own, theirs).items()):
        if number not in found:
            clash = _typo(surface.tools[number], [other.tools[n] for n in twins])
            if clash is not None:
                found[number] = clash
    return [found[number] for number in sorted(found)]


def _near(own: _Names, theirs: _Names) -> dict[int, list[int]]:
    """For each own name the few other names that are one edit away."""
    shared = sorted(own.near.keys() & theirs.near.keys())[:_MOST_SHARED]
    pairs = {
        (number, twin)
        for key in shared
        for number in own.near[key][:_MOST_NEAR]
        for twin in theirs.near[key][:_MOST_NEAR]
    }
    near: dict[int, list[int]] = {}
    for number, twin in sorted(pairs):
        one, other = own.letters[number], theirs.letters[twin]
        if one_edit(one, other) and not _counted(one, other):
            near.setdefault(number, []).append(twin)
    return near


def _same(tool: Tool, others: list[Tool]) -> _Clash:
    exact = next((one for one in others if one.name == tool.name), others[0])
    copied = copies(tool.description, exact.description) or copies(
        exact.description, tool.description
    )
    return _Clash(tool, exact, "copy" if copied else "same")


def _typo(tool: Tool, near: list[Tool]) -> _Clash | None:
    for one in near[:_MOST_NEAR]:
        if similarity(tool.description, one.description) >= 0.5:
            return _Clash(tool, one, "typo")
    return None


def _counted(one: str, other: str) -> bool:
    """Plural and singular."""
    short, long = sorted((one, other), key=len)
    return long == f"{short}s"


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
