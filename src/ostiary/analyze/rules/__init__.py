"""Rules on code, one a file, listed here."""

from __future__ import annotations

from ostiary.analyze.facts import Facts
from ostiary.analyze.rules import (
    code_evaluation,
    command_injection,
    exposure,
    hostile,
    query_injection,
    request_forgery,
    supply,
)
from ostiary.model.check import Check

CHECKS: tuple[Check[Facts], ...] = (
    command_injection.CHECK,
    code_evaluation.CHECK,
    query_injection.CHECK,
    request_forgery.CHECK,
    *exposure.CHECKS,
    *hostile.CHECKS,
    *supply.CHECKS,
)
