"""What a target's code declares beside what was stated of it: the subject of rules that compare."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.analyze.facts import Facts
from ostiary.model.surface import Surface


@dataclass(frozen=True, slots=True)
class Declared:
    """One target's declarations."""

    facts: Facts
    surface: Surface
    """What the code declares."""
    stated: Surface | None = None
    """What the running server listed, or a recording of it; ``None`` where nobody asked it."""
