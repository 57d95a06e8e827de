"""How a target is acquired, said without what acquiring needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ostiary.supply.artifact.bounds import Bounds

Progress = Callable[[str], None]
"""Is told what is done now."""


@dataclass(frozen=True, slots=True)
class AcquireOptions:
    """How to acquire."""

    cache: Path
    bounds: Bounds = field(default_factory=Bounds)
    wall_seconds: float = 180.0
    """For one tool or request."""
    may_fetch: bool = True
    """Whether anything may be asked of the network."""
    attestation: Path | None = None
    """A Sigstore bundle or an attestation that the reader has."""
