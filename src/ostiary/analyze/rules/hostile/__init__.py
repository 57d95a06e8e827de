"""Rules on code that works against the person who runs it, one a file."""

from __future__ import annotations

from ostiary.analyze.facts import Facts
from ostiary.model.check import Check

CHECKS: tuple[Check[Facts], ...] = ()
