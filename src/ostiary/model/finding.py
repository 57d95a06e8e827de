"""A finding: where, what, why here, what it allows, how to mend it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from ostiary.model.grade import Confidence, Persona, Severity


@dataclass(frozen=True, slots=True)
class Location:
    """One place. A finding about a configuration has a file; one about a surface has a part."""

    file: str | None = None
    """Path as the scanned system would write it."""
    line: int | None = None
    """From 1."""
    column: int | None = None
    """From 1."""
    pointer: str = ""
    """JSON pointer (RFC 6901) inside the file or the recorded surface."""
    client: str | None = None
    """Client id."""
    server: str | None = None
    """Server name as a person would say it."""
    part: str = ""
    """The part of the surface in words, for example ``tool read_file, description``."""

    def words(self) -> str:
        """The place in one line, for people."""
        where = self.file or ""
        if where and self.line is not None:
            where = f"{where}:{self.line}"
        bits = [bit for bit in (self.server, self.part) if bit]
        if not bits:
            return where or self.client or "this machine"
        named = ", ".join(bits)
        return f"{named} ({where})" if where else named


@dataclass(frozen=True, slots=True)
class Evidence:
    """One step of the path from what was read to what is claimed."""

    says: str
    """What this step shows, in words."""
    location: Location
    excerpt: str = ""
    """The text itself, already made visible and free of secrets."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of one rule at exactly one primary location."""

    rule: str
    title: str
    category: str
    severity: Severity
    confidence: Confidence
    persona: Persona
    message: str
    """What is wrong here, in one sentence."""
    location: Location
    evidence: tuple[Evidence, ...]
    """The path of evidence, in reading order."""
    consequence: str
    """What it lets an attacker do on this machine, with these neighbours."""
    remedy: str
    references: tuple[str, ...]
    mark: str

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits, equal for the same flaw in a later scan although lines moved."""
        place = self.location
        key = "\x1f".join(
            (
                self.rule,
                place.server or "",
                place.client or "",
                place.part,
                place.pointer,
                self.mark,
            )
            if place.server
            else (self.rule, place.file or "", place.client or "", place.pointer, self.mark)
        )
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def with_consequence(self, consequence: str) -> Finding:
        """The same finding, with what it allows said for this machine."""
        return replace(self, consequence=consequence)


def order(finding: Finding) -> tuple[int, int, str, str, int, str, str]:
    """Sort key: worst and surest first, then by place; total, so output never varies."""
    place = finding.location
    return (
        -finding.severity,
        -finding.confidence,
        place.server or "",
        place.file or "",
        place.line or 0,
        finding.rule,
        finding.fingerprint,
    )
