"""What a planted instruction could do on this machine, with these neighbours."""

from __future__ import annotations

from ostiary.model.access import ClientAccess
from ostiary.model.finding import Finding


def with_neighbours(finding: Finding, accesses: tuple[ClientAccess, ...]) -> Finding:
    """``finding`` with its consequence completed; unchanged where neighbours do not matter."""
    return finding
