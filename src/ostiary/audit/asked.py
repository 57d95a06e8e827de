"""One thing that a worker is asked for, within which bounds. Said without importing what reads."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.audit.cache import Cache
from ostiary.audit.order import Adviser, Order
from ostiary.model.audit import Context

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one target may take."""

    seconds: float = 45.0
    """Of processor time, for reading its code: what a busy machine does beside counts less."""
    patience: float = 6.0
    """Times longer, by the clock, after which a worker that reads is given up."""
    fetching: float = 600.0
    """Seconds for everything that is fetched."""
    memory: int = 3 * 1024 * _MEBIBYTE
    """Bytes of address space while its code is read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a worker does: a target, or two that are compared."""

    given: str
    order: Order
    bounds: Bounds = field(default_factory=Bounds)
    cache: Cache | None = None
    fresh: bool = False
    """Whether what the cache has is made again."""
    against: str = ""
    """The earlier version, to compare with; empty for none."""
    earlier: tuple[str, ...] = ()
    """Revisions of it, oldest first, whose declarations are recovered."""
    context: Context = field(default_factory=Context)
    """The reader of a comparison, or the one whom a model advises."""
    adviser: Adviser | None = None
    """Who is asked about the result."""

    @property
    def patience(self) -> float:
        """Seconds of the clock after which a worker that reads is given up."""
        bodies = 1 + bool(self.against) + len(self.earlier)
        return self.bounds.patience * bodies * self.bounds.seconds
