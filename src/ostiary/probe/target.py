"""What to start or call, with exactly the values it was granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ostiary.model.client import Transport

SHORTEST_SECRET = 6
"""Shorter values occur in any text and are no secrets."""


@dataclass(frozen=True, slots=True)
class Target:
    """One server to record. ``env`` and ``headers`` may hold secrets and never print."""

    key: str
    """Key of the :class:`~ostiary.model.server.Server`."""
    name: str
    transport: Transport
    argv: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    cwd: str | None = None
    url: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def mask(self, text: str) -> str:
        """``text`` without any value that was granted, whole or cut off by an ellipsis."""
        for value in sorted((*self.env.values(), *self.headers.values()), key=len, reverse=True):
            if len(value) < SHORTEST_SECRET:
                continue
            text = text.replace(value, "***")
            for cut in range(len(value) - 1, SHORTEST_SECRET - 1, -1):
                text = text.replace(f"{value[:cut]}…", "***…")
        return text
