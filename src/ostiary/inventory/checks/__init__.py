"""Checks on what is configured: one file each, in the order they run."""

from __future__ import annotations

from ostiary.model.check import Check, Installation

CHECKS: tuple[Check[Installation], ...] = ()
