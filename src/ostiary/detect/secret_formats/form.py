"""The shape of one credential format, and what a closer look at a match can say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ostiary.model.grade import Confidence

UNKNOWN_BREADTH = "not known"


@dataclass(frozen=True, slots=True)
class Judged:
    """What looking at one matched value adds to its format."""

    confidence: Confidence
    breadth: str = UNKNOWN_BREADTH
    """What the credential opens, in words."""
    coarse: bool = False
    """True when it is known to open more than one purpose needs."""
    kind: str = ""
    """A more exact kind than the format's own; empty if there is none."""


@dataclass(frozen=True, slots=True)
class SecretFormat:
    """A credential that can be told by its form."""

    kind: str
    """What people call it, for example ``GitHub fine-grained token``."""
    pattern: str
    """RE2. The group named ``secret``, or the whole match if there is none, is the secret."""
    keywords: tuple[str, ...]
    """Lower case; the pattern is tried only on text that holds one of them."""
    confidence: Confidence = Confidence.HIGH
    breadth: str = UNKNOWN_BREADTH
    coarse: bool = False
    unbroken: int = 0
    """Characters without a blank among them that a match has at least."""
    judge: Callable[[str], Judged | None] | None = None
    """Looks at the whole match. ``None`` from it means: not a secret after all."""
