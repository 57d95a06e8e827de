"""Texts that steer a model, in code of languages whose flow is not followed.

Which tool such a text belongs to is not known there. So only what is grave in any place is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.analyze.verdict.coverage import not_followed
from ostiary.analyze.written.quoted import Quoted, quoted
from ostiary.detect import judge, planted_instruction, sensitive_file
from ostiary.detect.passage import Hit, Passage
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity

_SHORTEST: Final = 40
_DETECTORS: Final = (planted_instruction.DETECTOR, sensitive_file.DETECTOR)
_RULES: Final = tuple(rule for one in _DETECTORS for rule in one.rules)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each rule and text."""
    for one in facts.once(quoted):
        if len(one.text) < _SHORTEST or " " not in one.text:
            continue
        for hit in judge(Passage(one.text, part="text of the source")):
            if hit.rule in _RULES and _grave(hit):
                yield _told(one, hit)


def _grave(hit: Hit) -> bool:
    severity = hit.rule.severity if hit.severity is None else hit.severity
    persona = hit.rule.persona if hit.persona is None else hit.persona
    return severity >= Severity.HIGH and persona is Persona.DEFAULT


def _told(one: Quoted, hit: Hit) -> Finding:
    place = of_place(one.place)
    return hit.rule.finding(
        f"A text in {not_followed(one.place.file)} code: {hit.message}",
        place,
        evidence=(Evidence(hit.says or hit.message, place, hit.excerpt),),
        severity=hit.severity,
        confidence=Confidence.MEDIUM,
        mark=f"{one.place.file} {hit.mark or hit.message}",
    )


CHECK: Check[Facts] = Check(_RULES, look)
