"""What to start or call, with exactly the values it was granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ostiary.model.client import Transport


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
        """``text`` without any value that was granted."""
        for value in sorted((*self.env.values(), *self.headers.values()), key=len, reverse=True):
            if len(value) >= 6:
                text = text.replace(value, "***")
        return text
