"""Answers that break the protocol without losing anything: noise, ids used twice, early ends."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.surface.place import place, shows

RULE = Rule(
    id="protocol-irregular",
    title="Server breaks the protocol while it answers",
    category=Category.QUALITY,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.STRICT,
    what=(
        "Reports what a server did against the protocol while its surface was recorded: text on "
        "standard output that is no message, ids that were never asked or answered twice, an end "
        "on a request it should refuse. Whatever was declared was read all the same; what could "
        "not be read is told as not checked."
    ),
    attack=(
        "Two programs that read a broken stream differently see two different servers, and a "
        "check that reads one of them says nothing about the other."
    ),
    remedy=(
        "Report it to the author. Write logs to standard error, answer each id once, and refuse "
        "unknown methods with error -32601."
    ),
    references=("AISVS-1.0:10.4.1", "CoSAI-MCP-T7"),
)


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """One finding for a surface, with each irregularity as evidence."""
    surface = subject.surface
    if not surface.irregular:
        return
    at = place(surface, "conversation")
    first, more = surface.irregular[0], len(surface.irregular) - 1
    rest = f" (and {more} more)" if more else ""
    yield RULE.finding(
        f"{surface.server} broke the protocol while it was recorded: {first}{rest}.",
        at,
        evidence=[shows(one, at) for one in surface.irregular[:20]],
        mark="irregular",
    )


CHECK = Check((RULE,), look)
