"""Parameters that are declared and that the code never looks at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import spaced
from ostiary.analyze.rules.hostile.saying import Told
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

SAFETY_IGNORED = Rule(
    id="ignored-safety-parameter",
    title="A parameter that promises safety is ignored",
    category=Category.CLAIM,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for declared parameters that promise to hold something back (a dry run, read-only, "
        "a "
        "confirmation, a limit of scope) and that the tool's code never reads."
    ),
    attack=(
        "The model or the person who set it believes that nothing was changed; it was. A client "
        "that lets calls through because of it lets the real thing through."
    ),
    remedy="Treat the tool as if the parameter were not there, and have each call confirmed.",
    references=("CWE-693", "CWE-451", "ASI02:2026", "CoSAI-MCP-T9"),
)
IGNORED = Rule(
    id="ignored-parameter",
    title="Declared parameters are ignored",
    category=Category.CLAIM,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.PEDANTIC,
    what="Looks for declared parameters that the tool's code never reads, in one finding a tool.",
    attack="The tool does something else than it was asked to, and says nothing.",
    remedy="Ask the author to use them or to take them out.",
    references=("CWE-451", "LLM09:2026"),
)

_SAFETY = re.compile(
    r"^(?:(?:is |as )?dry ?run|simulat\w*|preview(?: only)?|no ?op|what ?if|read ?only|confirm\w*|"
    r"(?:is )?confirmed|require confirmation|ask first|interactive|safe(?: mode)?|safe ?search|"
    r"sandbox\w*|validate only|check only|test mode|no (?:write|delete|network|execute)|"
    r"allow (?:write|delete|overwrite)s?|overwrite|force|recursive|backup|verify|enforce\w*"
    r"|strict)$"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a tool and kind."""
    safety, others = Told(SAFETY_IGNORED), Told(IGNORED)
    for reached in facts.reached:
        names = _ignored(reached)
        held = [name for name in names if _SAFETY.match(spaced(name).strip())]
        if held and safety.new(reached.entry.place):
            yield safety.at(
                reached.entry,
                reached.entry.place,
                f"{', '.join(held)} of {reached.entry.name} is declared and never read.",
                mark=f"{reached.entry.name} {' '.join(held)}",
            )
        rest = [name for name in names if name not in held]
        if rest and others.new(reached.entry.place):
            yield others.at(
                reached.entry,
                reached.entry.place,
                f"{', '.join(rest[:8])} of {reached.entry.name} is declared and never read.",
                mark=f"{reached.entry.name} {' '.join(rest)}",
            )


def _ignored(reached: Reached) -> list[str]:
    entry = reached.entry
    if entry.kind is not EntryKind.TOOL or entry.handler is None or not entry.parameters:
        return []
    if "*" in reached.reads or not entry.handler.function.body:
        return []
    ignored = [one.name for one in entry.parameters if one.name not in reached.reads]
    # Where nothing at all is read, the code that reads them was most likely not followed.
    return [] if len(ignored) == len(entry.parameters) > 1 else ignored


CHECK: Check[Facts] = Check((SAFETY_IGNORED, IGNORED), look)
