"""Transitive power: from what tools touch to what follows from it, as a chain of reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ostiary.analyze.verdict.powers import POWERS, Power
from ostiary.model.access import Level, ServerAccess, ToolAccess
from ostiary.model.audit import ToolReach
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

_LONG = 4000
"""Characters of one tool's objects, stores and destinations that are looked at."""
_WITNESSES = 3
"""Tools told in full for one power; the others are named."""

TRANSITIVE_POWER = Rule(
    id="transitive-power",
    title="Reaches further than its tools say",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Follows what tools touch to what acts on it: write access to a database that is also a "
        "message bus, files that reach client configuration, start-up files or a web root, the "
        "socket of a container daemon, pipelines, DNS, rights that grant rights, a mailbox that "
        "resets passwords. Neighbours of the server are counted in where they are known. It says "
        "what is possible and does not say that anything is wrong with the code."
    ),
    attack=(
        "Whoever steers the model gains the second power through the first, past every rule that "
        "looks at the tool's own name and level."
    ),
    remedy="Break the chain at its weakest link: narrow the account, the folder or the tool.",
    references=(
        "CWE-269",
        "ASI02:2026",
        "ASI03:2026",
        "LLM03:2026",
        "CoSAI-MCP-T9",
        "SAFE-T1302",
        "AISVS-1.0:10.1.3",
    ),
)


_ELSEWHERE = frozenset({"remote service", "web page"})
"""What the levels of requests call the other side, where nothing more is known of it."""


@dataclass(frozen=True, slots=True)
class _Holder:
    """A tool as a link of a chain."""

    server: str
    """Empty for the audited server."""
    kind: str
    access: ToolAccess
    words: str
    """Everything it touches, in words."""
    place: Location

    @property
    def name(self) -> str:
        own = visible(self.access.tool, NAME)
        return f"{own} of {visible(self.server, NAME)}" if self.server else own


def powers(
    tools: tuple[ToolReach, ...], neighbours: tuple[ServerAccess, ...] = ()
) -> tuple[Finding, ...]:
    """What follows from the reach of a server's tools, one finding for each power and link."""
    own = [_own(one) for one in tools]
    others = [_neighbour(server, tool) for server in neighbours for tool in server.tools]
    found: list[Finding] = []
    for power in POWERS:
        holders = list({one.name: one for one in own[::-1] if _holds(power, one)}.values())[::-1]
        if holders:
            found += _found(power, holders, own + others)
    return tuple(found)


def _own(tool: ToolReach) -> _Holder:
    bits = [*tool.stores, *(one.host for one in tool.destinations)]
    place = Location(
        file=tool.place.file,
        line=tool.place.line,
        column=tool.place.column,
        part=f"tool {tool.access.tool}",
    )
    return _Holder("", "", tool.access, _words(tool.access, bits), place)


def _neighbour(server: ServerAccess, tool: ToolAccess) -> _Holder:
    place = Location(server=server.name, part=f"tool {tool.tool}")
    return _Holder(server.name, server.kind, tool, _words(tool, [server.kind]), place)


def _words(access: ToolAccess, more: list[str]) -> str:
    bits = [thing for one in access.capabilities for thing in one.objects] + more
    return " ; ".join(bits)[:_LONG]


def _holds(power: Power, one: _Holder) -> bool:
    if _sure(one.access, power.levels) is None:
        return False
    if power.anywhere:
        return (one.access.places_files or Confidence.LOW) > Confidence.LOW
    if power.within and not set(power.within) & set(one.access.data):
        return False
    if set(power.data) & set(one.access.data) and not _is_elsewhere(power, one.access):
        return True
    return bool(power.pattern and one.words) and _matches(power.pattern, one.words)


def _is_elsewhere(power: Power, access: ToolAccess) -> bool:
    """Whether what it does is done to a service elsewhere, whatever data that is about."""
    able = (one for one in access.capabilities if one.level in power.levels)
    things = {thing for one in able if one.confidence > Confidence.LOW for thing in one.objects}
    return bool(things) and things <= _ELSEWHERE


def _sure(access: ToolAccess, levels: tuple[Level, ...]) -> Confidence | None:
    """How surely it has one of these levels; guesses do not count."""
    found = [one.confidence for one in access.capabilities if one.level in levels]
    best = max(found, default=Confidence.LOW)
    return best if best > Confidence.LOW else None


def _matches(pattern: str, words: str) -> bool:
    return re.search(pattern, words, re.IGNORECASE) is not None


def _found(power: Power, holders: list[_Holder], every: list[_Holder]) -> Iterator[Finding]:
    if not power.neighbour:
        yield _finding(power, holders, None)
        return
    for link in every:
        others = [one for one in holders if one is not link]
        if others and _links(power, link):
            yield _finding(power, others, link)
            return


def _links(power: Power, link: _Holder) -> bool:
    return _sure(link.access, power.neighbour_levels) is not None and _matches(
        power.neighbour, link.words
    )


def _finding(power: Power, holders: list[_Holder], link: _Holder | None) -> Finding:
    first = holders[0]
    steps = [
        Evidence(f"{one.name} can {_does(power, one)}", one.place) for one in holders[:_WITNESSES]
    ]
    if link is not None:
        levels = _levels(power.neighbour_levels, link.access)
        steps.append(Evidence(f"{link.name} can {levels} {_things(link)}", link.place))
    steps.append(Evidence(power.because, Location()))
    steps.append(Evidence(f"so it comes to {power.gains}", Location()))
    named = ", ".join(one.name for one in holders[:_WITNESSES])
    more = f" and {len(holders) - _WITNESSES} more" if len(holders) > _WITNESSES else ""
    beside = f" together with {link.name}" if link is not None else ""
    come = "comes" if len(holders) == 1 and link is None else "come"
    levels_sure = [sure for one in holders if (sure := _sure(one.access, power.levels)) is not None]
    return TRANSITIVE_POWER.finding(
        f"{named}{more}{beside} {come} to {power.gains}: {power.because}",
        first.place,
        evidence=steps,
        severity=power.severity,
        confidence=min(power.confidence, max(levels_sure)),
        remedy=f"{power.cut[0].upper()}{power.cut[1:]}.",
        mark=f"{power.id}:{link.server if link else ''}",
    )


def _does(power: Power, one: _Holder) -> str:
    where = "any file at a path of the caller's choosing" if power.anywhere else _things(one)
    return f"{_levels(power.levels, one.access)} {where}"


def _levels(levels: tuple[Level, ...], access: ToolAccess) -> str:
    return " and ".join(
        one.level.value
        for one in access.capabilities
        if one.level in levels and one.confidence > Confidence.LOW
    )


def _things(one: _Holder) -> str:
    things = dict.fromkeys(
        thing for ability in one.access.capabilities for thing in ability.objects
    )
    return visible(", ".join(things), 120) or "something that is not named"
