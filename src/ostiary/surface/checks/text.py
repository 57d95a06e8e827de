"""Every detector of text on every passage of a surface."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.detect import DETECTORS, judge
from ostiary.detect.passage import Hit, Passage
from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.surface.passages import passages


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """A finding for each hit; the same hit in one place is told once."""
    surface = subject.surface
    seen: set[tuple[str, str, str, str]] = set()
    for passage in passages(surface, subject.neighbours):
        for hit in judge(passage):
            key = (hit.rule.id, passage.part, passage.pointer, hit.mark or hit.message)
            if key not in seen:
                seen.add(key)
                yield _finding(hit, passage, surface.server, surface.source)


def _finding(hit: Hit, passage: Passage, server: str, source: str) -> Finding:
    captured = source not in ("live", "memory")
    place = Location(
        file=source if captured else None,
        server=server,
        part=passage.part,
        pointer=passage.pointer,
    )
    return hit.rule.finding(
        f"{passage.part[:1].upper()}{passage.part[1:]}: {hit.message}",
        place,
        evidence=(Evidence(hit.says or hit.message, place, hit.excerpt),),
        severity=hit.severity,
        confidence=hit.confidence,
        persona=hit.persona,
        mark=hit.mark or hit.message,
    )


CHECK: Check[Neighbourhood] = Check(
    tuple(rule for detector in DETECTORS for rule in detector.rules), look
)
