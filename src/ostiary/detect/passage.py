"""The nouns of detection: a passage that a model would read, a hit in it, and a detector."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Rule

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Passage:
    """A text a model would read, and where it stands."""

    text: str
    part: str = ""
    """The part of the surface in words, for example ``tool search, description``."""
    pointer: str = ""
    """JSON pointer (RFC 6901) inside the item."""
    kind: str = "tool"
    """``tool``, ``prompt``, ``resource``, ``template`` or ``instructions``."""
    field: str = "description"
    """What the text is to its item: ``name``, ``title``, ``description``,
    ``schema-description``, ``schema-key``, ``enum``, ``default``, ``examples``, ``const``,
    ``pattern``, ``annotations``, ``_meta``, ``uri`` …"""
    owner: str = ""
    """Name of the tool or other item it belongs to."""
    parameters: frozenset[str] = NOBODY
    """Parameters that the item declares."""
    siblings: frozenset[str] = NOBODY
    """Names of all tools of the same server; one set shared by its passages."""
    foreign: frozenset[str] = NOBODY
    """Names of tools of other servers that the same model sees."""
    foreign_servers: frozenset[str] = NOBODY
    """Names of those servers."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing a detector saw in one passage. ``None`` means: as the rule says."""

    rule: Rule
    message: str
    """What is wrong here, in one sentence, without the place."""
    excerpt: str = ""
    """The text itself, made visible, short, free of secrets."""
    says: str = ""
    """What the excerpt shows, in words."""
    mark: str = ""
    """Tells hits of one rule in one passage apart and survives rewording around it."""
    severity: Severity | None = None
    confidence: Confidence | None = None
    persona: Persona | None = None


@dataclass(frozen=True, slots=True)
class Detector:
    """One file's offer to the registry tuple. ``look`` is pure, linear and never raises."""

    rules: tuple[Rule, ...]
    look: Callable[[Passage], Iterable[Hit]]
