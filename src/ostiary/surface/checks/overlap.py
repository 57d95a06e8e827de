"""Tools that stand in for another tool: the same job under a name that begs to be chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Surface, Tool
from ostiary.model.visible import NAME, visible
from ostiary.surface.names import folded, words
from ostiary.surface.place import capital, of_item, shows

OVERLAPPING_TOOLS = Rule(
    id="overlapping-tools",
    title="Tool stands in for another tool",
    category=Category.INFLUENCE,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for a tool whose name is another tool's name with a courting word or a version "
        "(`premium_search`, `search_v1`, `the_search`) in the same server or in a neighbour, for a "
        "first version (`_v1`) where no other is offered, and for two tools of different names "
        "with one long description. A stand-in beside the original in one server is for strict "
        "readers."
    ),
    attack=(
        "The model picks the stand-in instead of the tool the person meant, and the stand-in's "
        "server receives the data."
    ),
    remedy=(
        "Keep one tool for one job: switch the stand-in off in the client, or remove the server "
        "that brought it."
    ),
    references=("SAFE-T1405", "SAFE-T1008", "CoSAI-MCP-T6", "ASI02:2026", "AML.T0111"),
)

_COURTING = frozenset(
    (
        "advanced",
        "premium",
        "ultimate",
        "best",
        "enhanced",
        "better",
        "super",
        "official",
        "pro",
        "plus",
        "improved",
        "new",
        "fast",
        "faster",
        "secure",
        "smart",
        "the",
        "trusted",
        "verified",
        "extended",
        "deluxe",
        "turbo",
        "optimized",
        "real",
        "original",
        "next",
        "ex",
    )
)
_VERSION = re.compile(r"v\d+(?:\d|beta|alpha)*")
_FIRST = re.compile(r"[A-Za-z]{3,}[A-Za-z0-9_.-]*[_-]v1\Z")
_LONG = 60


@dataclass(frozen=True, slots=True)
class _Other:
    """A tool that another could stand in for."""

    tool: Tool
    surface: Surface


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """At most one finding for each tool."""
    surface = subject.surface
    own = _by_fold(surface.tools)
    bare = {tool.name: core for tool in surface.tools if (core := _bare(tool.name))}
    wanted = set(bare.values())
    described = _described(surface)
    near = _nearby(subject, wanted)
    for tool in surface.tools:
        core = bare.get(tool.name)
        if core is not None:
            yield from _stand_in(surface, tool, core, own, near)
        twin = described.get(tool.description)
        if twin is not None and twin is not tool:
            yield _same_words(surface, tool, twin)


def _by_fold(tools: Iterable[Tool]) -> dict[str, Tool]:
    return {folded(tool.name): tool for tool in tools}


def _bare(name: str) -> str | None:
    """The folded name without courting words and versions, or ``None`` if it has none."""
    parts = words(name)
    kept = [part for part in parts if part not in _COURTING and not _VERSION.fullmatch(part)]
    if len(kept) == len(parts) or not kept:
        return None
    return "".join(kept)


def _nearby(subject: Neighbourhood, wanted: set[str]) -> dict[str, _Other]:
    found: dict[str, _Other] = {}
    if wanted:
        for other in subject.neighbours:
            for tool in other.tools:
                key = folded(tool.name)
                if key in wanted:
                    found.setdefault(key, _Other(tool, other))
    return found


def _stand_in(
    surface: Surface, tool: Tool, core: str, own: dict[str, Tool], near: dict[str, _Other]
) -> Iterator[Finding]:
    beside, other = own.get(core), near.get(core)
    if other is not None:
        says = f"stands in for {visible(other.tool.name, NAME)} of {other.surface.server}"
        yield _finding(surface, tool, says, other, persona=Persona.DEFAULT, mark="neighbour")
    elif beside is not None:
        says = f"stands beside {visible(beside.name, NAME)}, which does the same by its name"
        yield _finding(
            surface, tool, says, _Other(beside, surface), persona=Persona.STRICT, mark="own"
        )
    elif _FIRST.match(tool.name):
        says = "carries a first version's name and no other version is offered"
        yield _finding(surface, tool, says, None, persona=Persona.DEFAULT, mark="version")


def _described(surface: Surface) -> dict[str, Tool]:
    """The first tool of each long description."""
    first: dict[str, Tool] = {}
    for tool in surface.tools:
        text = tool.description
        if len(text) >= _LONG:
            first.setdefault(text, tool)
    return first


def _same_words(surface: Surface, tool: Tool, twin: Tool) -> Finding:
    says = f"has the description of {visible(twin.name, NAME)}, word for word"
    return _finding(
        surface, tool, says, _Other(twin, surface), persona=Persona.STRICT, mark="words"
    )


def _finding(
    surface: Surface, tool: Tool, says: str, other: _Other | None, *, persona: Persona, mark: str
) -> Finding:
    where = of_item(surface, tool)
    evidence = [shows(f"tool {visible(tool.name, NAME)}", where, tool.description)]
    if other is not None:
        evidence.append(
            shows(
                f"tool {visible(other.tool.name, NAME)} of {other.surface.server}",
                of_item(other.surface, other.tool),
                other.tool.description,
            )
        )
    return OVERLAPPING_TOOLS.finding(
        capital(f"tool {visible(tool.name, NAME)} {says}."),
        where,
        evidence=evidence,
        persona=persona,
        confidence=Confidence.LOW if mark == "version" else None,
        mark=mark,
    )


CHECK: Check[Neighbourhood] = Check((OVERLAPPING_TOOLS,), look)
