"""What an organisation wants of every server, beside the rules that hold for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ostiary.model.grade import Severity


class Topic(StrEnum):
    """What a goal can speak of, in the words of an audit."""

    LEVELS = "levels"
    DATA = "data"
    HOSTS = "hosts"
    COUNTRIES = "countries"
    CREDENTIALS = "credentials"
    CLASSES = "classes"
    LICENCES = "licences"
    RULES = "rules"
    STANDARDS = "standards"


@dataclass(frozen=True, slots=True)
class Term:
    """What may not be found of one topic, or the only things that may."""

    topic: Topic
    words: tuple[str, ...]
    only: bool = False
    """Whether everything else is forbidden, instead of these."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal of the reader's. It adds findings and questions, and takes nothing away."""

    id: str
    title: str
    why: str
    terms: tuple[Term, ...] = ()
    proofs: tuple[str, ...] = ()
    """Checks of origin that have to hold, as :class:`~ostiary.model.audit.Proof` names them."""
    complete: bool = False
    """Whether nothing may be left unchecked."""
    unknown_misses: bool = False
    """Whether what cannot be told misses the goal, instead of being a gap."""
    severity: Severity = Severity.HIGH
    refuse: bool = False
    """Whether missing it speaks against the server, and not only against one tool."""
    question: str = ""
    """What rules cannot decide, for a person or a model."""


class Met(StrEnum):
    """How a server stands to a goal."""

    MET = "met"
    MISSED = "missed"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Judged:
    """One goal, held against one server."""

    goal: Goal
    met: Met
    says: str = ""
    """Why it is not known; empty otherwise."""
