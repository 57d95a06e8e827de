"""What a change means for power: levels, data and labels that were gained or lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ostiary.flow.levels import tool_access
from ostiary.model.access import Capability, Level, ToolAccess
from ostiary.model.change import Change
from ostiary.model.grade import Confidence, Severity
from ostiary.model.surface import Tool
from ostiary.surface.excerpt import excerpt

VERBS = {
    Level.READ: "reads",
    Level.WRITE: "writes",
    Level.DESTROY: "destroys",
    Level.EXECUTE: "executes",
    Level.SEND: "sends data out",
    Level.SPEND: "spends",
    Level.ADMINISTER: "administers",
}
_GRAVE = frozenset({Level.DESTROY, Level.EXECUTE, Level.SEND, Level.SPEND, Level.ADMINISTER})


def gained_levels(before: ToolAccess, after: ToolAccess) -> list[Capability]:
    """Capabilities above reading that are there now and were not there before."""
    return [
        one
        for one in after.capabilities
        if one.level is not Level.READ and before.has(one.level) is None
    ]


def powers(server: str, part: str, before: ToolAccess, after: ToolAccess) -> Iterator[Change]:
    """Levels, data classes and labels that one tool gained, and levels it lost."""
    for one in gained_levels(before, after):
        says = f"now {VERBS[one.level]}{_objects(one)}"
        yield Change(server, part, says, _weight(one), "", _basis(one), "power")
    for level in before.levels():
        if level is not Level.READ and after.has(level) is None:
            says = f"no longer {VERBS[level]}, as far as can be told"
            yield Change(server, part, says, Severity.INFO, kind="power")
    data = [one.value for one in after.data if one not in before.data]
    if data:
        says = f"now handles {', '.join(data)}"
        yield Change(server, part, says, Severity.MEDIUM, kind="power")
    yield from _labels(server, part, before, after)


def _labels(server: str, part: str, before: ToolAccess, after: ToolAccess) -> Iterator[Change]:
    if before.untrusted is None and after.untrusted is not None:
        says = "its results now carry content that strangers wrote"
        yield Change(server, part, says, Severity.MEDIUM, kind="power")
    if before.private is None and after.private is not None:
        says = "its results now carry data that is not public"
        yield Change(server, part, says, Severity.MEDIUM, kind="power")
    if before.outward is None and after.outward is not None:
        says = "can now carry data to a place of the caller's choosing"
        yield Change(server, part, says, Severity.MEDIUM, kind="power")


def _weight(gained: Capability) -> Severity:
    """Words alone are looked at; a schema that takes what the power needs is withheld."""
    by_schema = any(basis.kind == "schema" for basis in gained.basis)
    return Severity.HIGH if by_schema and gained.confidence > Confidence.LOW else Severity.MEDIUM


def _objects(one: Capability) -> str:
    return f" ({', '.join(one.objects[:4])})" if one.objects else ""


def _basis(one: Capability) -> str:
    return excerpt("; ".join(basis.says for basis in one.basis))


def admitted(tool: Tool) -> Severity:
    """How much a tool that was not there before weighs."""
    severity = Severity.LOW
    for one in tool_access(tool).capabilities:
        if one.level in _GRAVE and one.confidence > Confidence.LOW:
            return Severity.HIGH if one.level is not Level.SEND else Severity.MEDIUM
        if one.level is not Level.READ:
            severity = Severity.MEDIUM
    return severity


def server_powers(
    server: str, before: tuple[Tool, ...], candidates: Iterable[tuple[str, Level, Severity]]
) -> Iterator[Change]:
    """Levels that no tool of the server had before. Candidates: tool, gained level, severity."""
    wanted: dict[Level, list[tuple[str, Severity]]] = {}
    for name, level, severity in candidates:
        wanted.setdefault(level, []).append((name, severity))
    for tool in before:
        if not wanted:
            return
        for level in tool_access(tool).levels():
            wanted.pop(level, None)
    for level in Level:
        if level in wanted:
            tools = ", ".join(excerpt(name, 80) for name, _ in wanted[level][:5])
            more = len(wanted[level]) - 5
            also = f" and {more} more" if more > 0 else ""
            severity = max(one for _, one in wanted[level])
            says = f"the server now {VERBS[level]}, through {tools}{also}"
            yield Change(server, "powers", says, severity, kind="power")
