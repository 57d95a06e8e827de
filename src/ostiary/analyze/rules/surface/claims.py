"""A tool that says it only reads, and code that does more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.declare.entry import Entry
from ostiary.analyze.facts import Reached
from ostiary.analyze.rules.flows import part_of
from ostiary.analyze.rules.surface.acts import DELETES, SENDS, SPENDS, WRITES, Act, acts
from ostiary.analyze.stated import Declared
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.json import JsonObject
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import EXCERPT, NAME, visible

RULE = Rule(
    id="claim-against-code",
    title="Its code does more than it says",
    category=Category.CLAIM,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for a tool that is annotated as reading only (`readOnlyHint`), described as "
        "reading only, annotated as not destructive, or named as one that reads, while its code "
        "deletes, writes, runs, sends or spends. The way from the declaration to the place is "
        "followed through the code. Files of the tool's own (a cache, a temporary file) and "
        "requests that may be searches are left alone. What does not destroy is medium."
    ),
    attack=(
        "Clients run tools that claim to read without asking anybody. What this one really does "
        "then happens unseen, at the word of whoever can put text before the model."
    ),
    remedy=(
        "Do not let a client trust the claim: have it ask before each call, or leave the tool "
        "out. Tell the author which line speaks against which claim."
    ),
    references=("CWE-451", "SAFE-T1406", "ASI09:2026", "MCP02:2025", "CoSAI-MCP-T9"),
)
_GRAVE: Final = frozenset({DELETES, SENDS, SPENDS})
_SAYS: Final = re.compile(
    r"\b(?:this\s+(?:tool|operation|function)\s+(?:is\s+(?:strictly\s+)?read[- ]only|"
    r"(?:only\s+reads|never\s+(?:writes|changes|modifies|deletes)|"
    r"does\s+not\s+(?:modify|change|write|alter|delete)))|"
    r"\A\W*read[- ]only\b|\(read[- ]only\)|\bread[- ]only\s+(?:tool|operation)|"
    r"(?:has|with)\s+no\s+side[- ]effects)\b",
    re.IGNORECASE,
)
_PARTLY: Final = re.compile(r"\b(?:mode|unless|except|if|when|by default)\b", re.IGNORECASE)
_READING: Final = "get list read search find view show fetch describe count check query lookup"
_READS: Final = frozenset(_READING.split())
_WORD: Final = re.compile(r"[a-z]+|[A-Z][a-z]*")


@dataclass(frozen=True, slots=True)
class _Claim:
    """What the tool says of itself, and which acts speak against it."""

    says: str
    excerpt: str
    against: frozenset[str] | None
    """``None`` for whatever is more than reading."""
    severity: Severity


def look(subject: Declared) -> Iterator[Finding]:
    """At most one finding a tool: its strongest claim with all that speaks against it."""
    for reached in subject.facts.tools:
        if reached.entry.internal or reached.entry.handler is None:
            continue
        every = list(acts(subject.facts, reached))
        for claim in _claims(reached.entry) if every else ():
            against = [one for one in every if claim.against is None or one.act in claim.against]
            if against:
                yield _finding(reached, claim, against)
                break


def _claims(entry: Entry) -> Iterator[_Claim]:
    hints: JsonObject = entry.annotations
    if hints.get("readOnlyHint") is True:
        yield _Claim("is annotated as reading only", "readOnlyHint: true", None, Severity.HIGH)
    text = entry.description[:20_000]
    found = _SAYS.search(text)
    if found and not _PARTLY.search(text[found.start() : found.end() + 30]):
        excerpt = text[max(0, found.start() - 40) : found.end() + 40]
        yield _Claim("is described as reading only", excerpt, None, Severity.HIGH)
    if hints.get("destructiveHint") is False and hints.get("readOnlyHint") is not True:
        yield _Claim(
            "is annotated as not destructive",
            "destructiveHint: false",
            frozenset({DELETES}),
            Severity.MEDIUM,
        )
    words = _WORD.findall(entry.name)
    if words and words[0].lower() in _READS:
        yield _Claim("is named as one that reads", entry.name, _GRAVE, Severity.MEDIUM)


def _finding(reached: Reached, claim: _Claim, against: list[Act]) -> Finding:
    entry = reached.entry
    part = part_of(entry)
    where = Location(file=entry.place.file, line=entry.place.line, part=part)
    grave = [one for one in against if one.act in _GRAVE]
    first = (grave or against)[0]
    softer = not grave and all(one.act == WRITES for one in against)
    severity = min(claim.severity, Severity.MEDIUM) if softer else claim.severity
    evidence = [Evidence(f"It {claim.says}", where, visible(claim.excerpt, EXCERPT))]
    for one in against:
        place = one.effect.place
        evidence.append(
            Evidence(
                f"{visible(one.effect.callee.removeprefix('*.'), NAME)} {one.says}",
                Location(file=place.file, line=place.line, column=place.column, part=part),
            )
        )
    return RULE.finding(
        f"Tool {visible(entry.name, NAME)} {claim.says}, and its code {first.says}.",
        where,
        evidence=evidence,
        severity=severity,
        mark=f"{entry.name} {claim.says}",
    )


CHECK: Check[Declared] = Check((RULE,), look)
