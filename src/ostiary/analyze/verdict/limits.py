"""Conditions of use, and which finding each of them holds in check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ostiary.analyze.declare.surface import ANY
from ostiary.analyze.verdict.flaw import Flaw, flaw_of
from ostiary.model.access import Level
from ostiary.model.audit import Limits, ToolReach
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence
from ostiary.model.visible import NAME, visible

HARMFUL = (Level.EXECUTE, Level.DESTROY, Level.SPEND, Level.ADMINISTER)
_CHANGES = (Level.WRITE, Level.SEND, *HARMFUL)
_FIXED = "fixed"

NOTES = {
    Flaw.ESCAPE: "let its box see only the folders it shall work in (--read DIR, --write DIR)",
    Flaw.EXPOSED: "run it behind the gateway over standard input, or bind it to 127.0.0.1",
    Flaw.ORIGIN: "run it behind the gateway over standard input, so that no page reaches it",
    Flaw.INSTALL: "install it without its scripts, as ostiary approve does, and never by hand",
    Flaw.SUPPLY: "approve exactly this version, and look again before taking another",
    Flaw.EXHAUSTION: "bound what one call may cost (--limit seconds=N, --limit bytes=N, "
    "--limit calls=N)",
    Flaw.REQUEST: "let its box reach no network, or only the hosts named here",
}
"""What holds a kind of flaw in check from outside the server."""


def tools_of(finding: Finding, tools: Iterable[ToolReach]) -> tuple[str, ...]:
    """Names of the tools that a finding is about: its part, or a step of its path, says
    ``tool NAME``."""
    parts = {finding.location.part, *(step.location.part for step in finding.evidence)}
    names = {one.access.tool for one in tools}
    return tuple(sorted(name for name in names if any(_is_about(part, name) for part in parts)))


def is_named(tool: ToolReach) -> bool:
    """Whether it is one tool, and not whatever one handler answers."""
    return not tool.access.tool.startswith(ANY)


def _is_about(part: str, tool: str) -> bool:
    return part == f"tool {tool}" or part.startswith(f"tool {tool},")


def note_for(finding: Finding) -> str:
    """What, outside the server, holds this finding in check; empty if nothing does."""
    flaw = flaw_of(finding)
    if flaw in (Flaw.POWER, Flaw.AUTHORITY):
        remedy = finding.remedy.rstrip(".")
        return f"{remedy[:1].lower()}{remedy[1:]}"
    return NOTES.get(flaw, "")


def limits(
    held: Sequence[Finding],
    off: Iterable[str],
    tools: tuple[ToolReach, ...],
    folders: tuple[str, ...] = (),
    *,
    everything_read: bool,
    reaches_out: bool = False,
    foreign: bool = False,
) -> Limits:
    """The conditions under which the findings in ``held`` do no harm.

    ``off`` are tools to leave out. ``folders`` are those its configuration names.
    ``everything_read`` says whether its destinations can be all that there are; ``reaches_out``
    whether code that no tool leads to reaches out besides, and ``foreign`` whether it runs with
    packages of others that may.
    """
    switched = set(off)
    kept = tuple(one for one in tools if one.access.tool not in switched)
    hosts, known = hosts_of(kept)
    notes = dict.fromkeys(note for one in held if (note := note_for(one)))
    if folders:
        notes.pop(NOTES[Flaw.ESCAPE], None)
    powerful = [_power(one) for one in kept]
    notes.update(dict.fromkeys(said for said in powerful if said))
    return Limits(
        read_only=bool(kept) and everything_read and not any(_changes(one) for one in kept),
        tools_off=tuple(sorted(switched)),
        hosts=hosts,
        hosts_known=known and everything_read and not reaches_out and not (foreign and not hosts),
        paths=folders,
        notes=tuple(notes),
        reaches_out=reaches_out or any(one.destinations for one in kept),
    )


def hosts_of(tools: Iterable[ToolReach]) -> tuple[tuple[str, ...], bool]:
    """Fixed destinations, and whether there are no others."""
    found = [where for one in tools for where in one.destinations]
    hosts = {one.host for one in found if one.how == _FIXED and one.host}
    return tuple(sorted(hosts)), all(one.how == _FIXED and one.host for one in found)


def harmful(tool: ToolReach) -> tuple[Level, ...]:
    """Levels of lasting harm that a tool is known to have."""
    return tuple(
        one.level
        for one in tool.access.capabilities
        if one.level in HARMFUL and one.confidence > Confidence.LOW
    )


def _changes(tool: ToolReach) -> bool:
    return tool.handler is None or any(one.level in _CHANGES for one in tool.access.capabilities)


def _power(tool: ToolReach) -> str:
    levels = harmful(tool)
    if not levels:
        return ""
    words = " and ".join(level.value for level in levels)
    return f"have every call of {visible(tool.access.tool, NAME)} confirmed: it can {words}"
