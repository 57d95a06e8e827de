"""Closes conversations that nobody has used for a while, so that idle clients cost next to nothing.

The session stays: the next request opens the conversation again.
"""

from __future__ import annotations

from ostiary.gateway.leg import Leg
from ostiary.gateway.sessions import Sessions

IDLE_SECONDS = 1800.0


class Resting:
    """Looks at all conversations from time to time."""

    def __init__(self, sessions: Sessions, seconds: float = IDLE_SECONDS) -> None:
        self._sessions = sessions
        self._seconds = seconds
        self._seen: dict[Leg, tuple[int, float]] = {}

    async def look(self, now: float) -> int:
        """Close what has rested long enough; how many were closed. ``now`` never goes back."""
        standing: dict[Leg, tuple[int, float]] = {}
        closed = 0
        for session in self._sessions.all():
            for leg in list(session.legs.values()):
                used, since = self._seen.get(leg, (-1, now))
                if leg.closed or session.listeners or leg.waiting or used != leg.used:
                    standing[leg] = (leg.used, now)
                elif now - since < self._seconds:
                    standing[leg] = (used, since)
                else:
                    await leg.close()
                    closed += 1
        self._seen = standing
        return closed
