"""Rules on code, one a file, listed here."""

from __future__ import annotations

from ostiary.analyze.facts import Facts
from ostiary.analyze.rules import supply
from ostiary.model.check import Check

CHECKS: tuple[Check[Facts], ...] = (*supply.CHECKS,)
