"""Checks on one surface among its neighbours, one a file, listed here."""

from __future__ import annotations

from ostiary.model.check import Check, Neighbourhood
from ostiary.surface.checks import text

CHECKS: tuple[Check[Neighbourhood], ...] = (text.CHECK,)
