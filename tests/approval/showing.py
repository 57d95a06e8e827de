"""Surfaces of approved servers for tests."""

from __future__ import annotations

from dataclasses import replace

from ostiary.approval.surfaces import surface_of
from ostiary.model.approval import Approval, ApprovedItem
from ostiary.model.surface import Surface


def shown(approval: Approval, *items: ApprovedItem) -> Surface:
    """What a server shows: what was approved, or ``items`` instead of it."""
    one = replace(approval, items=items) if items else approval
    return replace(surface_of(one), source="live")
