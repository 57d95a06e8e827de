"""Tells clients that listen when what they may use has changed: a lock, a policy, a server."""

from __future__ import annotations

from collections.abc import Callable

from ostiary.gateway.sessions import Session, Sessions
from ostiary.gateway.upstreams import Upstreams
from ostiary.wire.methods import LIST_CHANGED

Version = tuple[object, ...]


class Changes:
    """Compares what is in force with what each session was told last."""

    def __init__(
        self, sessions: Sessions, upstreams: Callable[[], Upstreams], policy: Callable[[], str]
    ) -> None:
        self._sessions = sessions
        self._upstreams = upstreams
        self._policy = policy
        self._told: dict[str, Version] = {}

    async def announce(self) -> None:
        """Send ``list_changed`` to every session that listens and whose lists may differ."""
        listening = [one for one in self._sessions.all() if one.listeners]
        self._told = {one.id: self._told[one.id] for one in listening if one.id in self._told}
        for session in listening:
            now = self._version(session)
            if self._told.setdefault(session.id, now) != now:
                self._told[session.id] = now
                await self._tell(session)

    def _version(self, session: Session) -> Version:
        upstreams = self._upstreams()
        if not session.endpoint:
            return upstreams.version, self._policy()
        upstream = upstreams.get(session.endpoint)
        return upstream.shown.version if upstream else -1, self._policy()

    async def _tell(self, session: Session) -> None:
        for method in LIST_CHANGED:
            await session.push({"jsonrpc": "2.0", "method": method})
