"""What a model that was asked adds to an audit: explanations and questions, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AdviceKind(StrEnum):
    """What a model may do."""

    EXPLANATION = "explanation"
    """Says more of a finding; the finding stays as it is."""
    QUESTION = "question"
    """Something that a person has to look at; until then it is not checked."""


@dataclass(frozen=True, slots=True)
class Advised:
    """One thing a model said. It is a stranger's text."""

    kind: AdviceKind
    says: str
    finding: str = ""
    """Fingerprint of the finding that it is about; empty for none."""
    file: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything that one program said about one target."""

    command: str
    """Its name, without its arguments: they may hold a key."""
    digest: str
    """``sha256:`` over the program that ran."""
    prompts: str
    """``sha256:`` over the questions that it was handed."""
    model: str = ""
    """What it calls itself: a claim."""
    entries: tuple[Advised, ...] = ()
    problem: str = ""
    """Why nothing of it was taken; empty if it was."""
