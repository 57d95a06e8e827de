"""Archives that are made to harm whoever unpacks them."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.supplied import Supplied, Trait
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import EXCERPT, NAME, visible

RULE = Rule(
    id="hostile-archive",
    title="Archive is made to harm its reader",
    category=Category.SUPPLY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Reports entries that would be written outside the folder, links that lead out of it, "
        "devices, one path stored twice with different content, and contents that grow beyond "
        "bounds. None was written: the archive was read entry by entry. Odd names and other "
        "traits that ordinary tools produce are told to strict readers."
    ),
    attack=(
        "Unpacking it with an ordinary tool overwrites files elsewhere, fills the disk, or shows "
        "a reviewer another file than the one that is installed."
    ),
    remedy="Do not unpack it. Report it to the index that serves it.",
    references=("CWE-22", "CWE-59", "CWE-400", "MCP04:2025", "SAFE-T1003", "CoSAI-MCP-T11"),
)

_GRAVE = {
    "path escape": Severity.CRITICAL,
    "link out": Severity.CRITICAL,
    "device": Severity.HIGH,
    "bomb": Severity.HIGH,
    "absolute path": Severity.HIGH,
    "twice": Severity.HIGH,
}
_MOST = 20


def look(supplied: Supplied) -> Iterator[Finding]:
    """One finding for each kind of trait."""
    kinds = dict.fromkeys(one.kind for one in supplied.traits)
    for kind in kinds:
        yield _finding(kind, [one for one in supplied.traits if one.kind == kind])


def _finding(kind: str, traits: list[Trait]) -> Finding:
    severity = _GRAVE.get(kind)
    first = traits[0]
    more = f" ({len(traits)} entries)" if len(traits) > 1 else ""
    return RULE.finding(
        f"{visible(first.path, NAME)}: {visible(first.says, EXCERPT)}{more}.",
        Location(file=first.path),
        evidence=[
            Evidence(visible(one.says, EXCERPT), Location(file=one.path)) for one in traits[:_MOST]
        ],
        severity=Severity.LOW if severity is None else severity,
        persona=Persona.STRICT if severity is None else None,
        mark=kind,
    )


CHECK = Check((RULE,), look)
