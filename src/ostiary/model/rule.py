"""A rule: what a check looks for, why it matters and how to mend it. Its text is its doc page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity


class Category(StrEnum):
    """What kind of trouble a rule reports. Reports group by it."""

    POISON = "poison"
    """An instruction planted for the model."""
    INFLUENCE = "influence"
    """Text or names that court the model's choice: softer than poison, not malware."""
    CONCEALMENT = "concealment"
    """Content a person does not see and a model does."""
    COLLISION = "collision"
    """Names that overlap across or inside servers."""
    CLAIM = "claim"
    """What a server says of itself against the evidence."""
    REACH = "reach"
    """More power than needed, or powers that are dangerous together."""
    SECRET = "secret"
    """A credential where others can read it."""
    SUPPLY = "supply"
    """Where the code comes from."""
    TRANSPORT = "transport"
    """How the server is reached."""
    CONSENT = "consent"
    """Who is asked before something runs."""
    CONFIGURATION = "configuration"
    """A configuration that cannot mean what its author thinks."""
    DRIFT = "drift"
    """A change since the surface was last seen."""
    QUALITY = "quality"
    """Sloppiness that a model or a user will trip over."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a check can find. Every text here is shown to people and in ``docs/rules.md``."""

    id: str
    """Kebab-case and permanent, for example ``hidden-characters``."""
    title: str
    """At most eight words, no full stop."""
    category: Category
    severity: Severity
    """The usual severity; a check may lower or raise it for one finding and says why there."""
    confidence: Confidence
    persona: Persona
    """The quietest persona that sees the rule."""
    what: str
    """What it looks for, and what it leaves alone."""
    attack: str
    """What it lets an attacker do."""
    remedy: str
    """The next step for the person who reads it."""
    references: tuple[str, ...]
    """Standard ids with their edition, as in :mod:`ostiary.model.standards`."""

    def finding(
        self,
        message: str,
        location: Location,
        *,
        evidence: Iterable[Evidence] = (),
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        persona: Persona | None = None,
        consequence: str | None = None,
        remedy: str | None = None,
        mark: str | None = None,
    ) -> Finding:
        """A finding of this rule; whatever is not given is the rule's own.

        ``mark`` is what tells two findings of this rule at one place apart and stays equal while
        line numbers move; without it the message serves.
        """
        return Finding(
            rule=self.id,
            title=self.title,
            category=self.category.value,
            severity=self.severity if severity is None else severity,
            confidence=self.confidence if confidence is None else confidence,
            persona=self.persona if persona is None else persona,
            message=message,
            location=location,
            evidence=tuple(evidence),
            consequence=consequence or self.attack,
            remedy=remedy or self.remedy,
            references=self.references,
            mark=mark or message,
        )
