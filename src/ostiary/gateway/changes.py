"""Tells clients that listen when what they may use has changed: a lock, a policy, a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

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
        self._telling: dict[str, asyncio.Task[None]] = {}

    async def announce(self) -> None:
        """Send ``list_changed`` to every session that listens and whose lists may differ. Nobody
        waits for a client that reads slowly; it is told what is new then once it has read."""
        listening = [one for one in self._sessions.all() if one.listeners]
        self._told = {one.id: self._told[one.id] for one in listening if one.id in self._told}
        versions: dict[str, Version] = {}
        for session in listening:
            if session.endpoint not in versions:
                versions[session.endpoint] = self._version(session.endpoint)
            now = versions[session.endpoint]
            if session.id not in self._telling and self._told.setdefault(session.id, now) != now:
                self._told[session.id] = now
                telling = asyncio.ensure_future(self._tell(session))
                self._telling[session.id] = telling
                telling.add_done_callback(partial(self._was_told, session.id))

    def _was_told(self, session: str, telling: asyncio.Task[None]) -> None:
        del self._telling[session]
        if not telling.cancelled():
            # A client that cannot be told is gone, which its own connection finds out.
            telling.exception()

    def _version(self, endpoint: str) -> Version:
        upstreams = self._upstreams()
        if not endpoint:
            return upstreams.version, self._policy()
        upstream = upstreams.get(endpoint)
        return upstream.shown.version if upstream else -1, self._policy()

    async def _tell(self, session: Session) -> None:
        for method in LIST_CHANGED:
            await session.push({"jsonrpc": "2.0", "method": method})
