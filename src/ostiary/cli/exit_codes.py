"""What the exit code of ``ostiary`` says."""

from __future__ import annotations

FINE, FOUND, WRONG_USE, INCOMPLETE, FOUND_AND_INCOMPLETE = range(5)
"""``FOUND`` says findings and nothing else; click would use it for its own errors."""
BUG = 70
"""Ostiary itself failed, so that a fault is never taken for a finding."""
INTERRUPTED = 130
