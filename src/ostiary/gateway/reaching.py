"""Reaches an approved server the first time somebody needs it, and never before.

Until then nothing is fetched, started or resolved: a gateway for a hundred servers starts at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from ostiary.catalogue.failure import UnusableReference
from ostiary.gateway.ports import Era, Link, NoRoom, Opener, UpstreamFailure
from ostiary.gateway.prepare import CodeChanged, prepared
from ostiary.gateway.server_settings import ServerSettings
from ostiary.gateway.shown import Tell
from ostiary.gateway.upstream.bearer import NONE, Bearer
from ostiary.gateway.upstream.openers import open_upstream
from ostiary.gateway.upstream.stdio import BoxedCommand
from ostiary.model.approval import Approval
from ostiary.model.setting import BadSetting


class Reaching:
    """An opener that is made when it is first used. Tried again if that failed."""

    def __init__(
        self,
        approval: Approval,
        settings: ServerSettings,
        cache: Path,
        environ: Mapping[str, str],
        tell: Tell,
        *,
        bearer: Bearer = NONE,
    ) -> None:
        """``tell`` takes what is not as it was approved; ``bearer`` is the login at a remote
        server."""
        self._bearer = bearer
        self._approval = approval
        self._settings = settings
        self._cache = cache
        self._environ = environ
        self._tell = tell
        self._opener: Opener | None = None
        self._lock = asyncio.Lock()
        self._links: list[Link] = []
        self._starting = 0

    async def open(self, era: Era, session: str, headers: Mapping[str, str]) -> Link:
        """A link, once the server can be reached. Raises :class:`UpstreamFailure`."""
        opener = self._opener
        if opener is None:
            async with self._lock:
                opener = self._opener
                if opener is None:
                    self._opener = opener = await self._made()
        if self._approval.start.transport != "stdio":
            return await opener.open(era, session, headers)
        return await self._another(opener, era)

    async def _another(self, opener: Opener, era: Era) -> Link:
        """One more boxed copy, unless there are too many."""
        self._links = [one for one in self._links if one.ended is None]
        running = len(self._links) + self._starting
        if running >= self._settings.limits.copies:
            raise NoRoom(f"as many copies of it run as may ({running})")
        self._starting += 1
        try:
            link = await opener.open(era, "", {})
        finally:
            self._starting -= 1
        self._links.append(link)
        return link

    async def close(self) -> None:
        """Close what is open; a later use opens again."""
        opener, self._opener = self._opener, None
        if opener is not None:
            await opener.close()

    async def _made(self) -> Opener:
        approval, settings = self._approval, self._settings
        try:
            env = {name: one.resolve(self._environ).reveal() for name, one in settings.env.items()}
            headers = {
                name: one.resolve(self._environ).reveal() for name, one in settings.headers.items()
            }
            return open_upstream(
                approval,
                env=env,
                headers=headers,
                limits=settings.limits,
                command=await self._command(),
                bearer=self._bearer,
            )
        except (UnusableReference, BadSetting) as error:
            raise UpstreamFailure(
                f"its settings cannot be used: {error}", sent=False, status=503
            ) from None

    async def _command(self) -> BoxedCommand | None:
        start = self._approval.start
        if start.transport != "stdio":
            return None
        try:
            found = await asyncio.to_thread(prepared, self._approval, self._cache)
        except CodeChanged as changed:
            self._tell(self._approval.server, changed.problem)
            raise
        return BoxedCommand(
            argv=found.argv,
            env=dict(found.env),
            cwd=found.cwd,
            readable=(*found.readable, *map(Path, start.readable)),
            writable=tuple(map(Path, start.writable)),
            network=start.network,
        )
