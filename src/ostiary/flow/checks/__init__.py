"""Checks on what can be reached: dangerous unions, contradicted claims, breadth."""

from __future__ import annotations

from ostiary.flow.subject import Access
from ostiary.model.check import Check

CHECKS: tuple[Check[Access], ...] = ()
"""Every check of this room, in the order of the report."""
