"""Rules on who can come in and what leaks out: transports, tokens, secrets, limits; one a file."""

from __future__ import annotations

from ostiary.analyze.facts import Facts
from ostiary.model.check import Check

CHECKS: tuple[Check[Facts], ...] = ()
