"""One way to a server: what :func:`open_upstream` makes of an approval."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from pathlib import Path

from ostiary.gateway.ports import Era, Link, Opener, UpstreamFailure
from ostiary.gateway.upstream import addresses
from ostiary.gateway.upstream.addresses import Resolve
from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.heads import Heads
from ostiary.gateway.upstream.http_pool import Pool
from ostiary.gateway.upstream.stdio import BoxedCommand, Boxes, StdioLink
from ostiary.gateway.upstream.streamable import StreamableLink
from ostiary.host.bubblewrap import Bubblewrap
from ostiary.model.approval import Approval
from ostiary.model.setting import BadSetting
from ostiary.probe import guarded_http
from ostiary.probe.failure import ProbeFailure
from ostiary.probe.guarded_http import Place


class HttpOpener:
    """Links to one Streamable HTTP server over one pool of connections."""

    def __init__(
        self, name: str, where: Place, own: Mapping[str, str], limits: Limits, resolve: Resolve
    ) -> None:
        self.pool = Pool(name, where, limits, resolve)
        self._own = own
        self._limits = limits
        self._heads: dict[tuple[tuple[str, str], ...], Heads] = {}
        self._links: set[StreamableLink] = set()

    async def open(self, era: Era, session: str, headers: Mapping[str, str]) -> Link:
        link = StreamableLink(self.pool, self._heads_for(headers), self._limits, era, session)
        self._links = {one for one in self._links if one.ended is None} | {link}
        return link

    async def close(self) -> None:
        """Hang up everywhere. Sessions stay, so that another process can resume them."""
        for link in tuple(self._links):
            await link.leave()
        self._links.clear()
        self.pool.close()

    def _heads_for(self, headers: Mapping[str, str]) -> Heads:
        try:
            return Heads(self.pool.where, _merged(self._own, headers))
        except ValueError as error:
            raise UpstreamFailure(f"{self.pool.name}: {error}", sent=False) from None


class StdioOpener:
    """Boxed processes, one for each link."""

    def __init__(self, name: str, command: BoxedCommand, limits: Limits, boxes: Boxes) -> None:
        self._name = name
        self._command = command
        self._limits = limits
        self._boxes = boxes
        self._links: set[StdioLink] = set()
        self._closed = False

    async def open(self, era: Era, session: str, headers: Mapping[str, str]) -> Link:
        del era, session, headers  # of HTTP
        if self._closed:
            raise UpstreamFailure(f"{self._name} is no longer used", sent=False, status=503)
        link = await StdioLink.start(self._name, self._command, self._limits, self._boxes)
        self._links = {one for one in self._links if one.ended is None} | {link}
        return link

    async def close(self) -> None:
        self._closed = True
        links, self._links = self._links, set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*(link.close() for link in links))


def open_upstream(
    approval: Approval,
    *,
    env: Mapping[str, str],
    headers: Mapping[str, str],
    limits: Limits,
    command: BoxedCommand | None = None,
    boxes: Boxes | None = None,
    resolve: Resolve = addresses.system,
) -> Opener:
    """How to reach an approved server.

    ``env`` and ``headers`` hold the values of what the approval names; other names in them are
    left out. ``command`` is the prepared package of a stdio server, without which the approved
    command runs as it stands. Raises :class:`~ostiary.model.setting.BadSetting`.
    """
    name, start = approval.server, approval.start
    within = limits.within(approval.bounds)
    if start.transport == "stdio":
        given = _named(env, start.env, f"servers.{name}.env")
        chosen = command or BoxedCommand(
            argv=start.command,
            cwd=start.cwd or None,
            readable=tuple(map(Path, start.readable)),
            writable=tuple(map(Path, start.writable)),
            network=start.network,
        )
        whole = BoxedCommand(
            chosen.argv,
            {**chosen.env, **given},
            chosen.cwd,
            chosen.readable,
            chosen.writable,
            chosen.network,
        )
        return StdioOpener(name, whole, within, boxes or Bubblewrap())
    own = _named(headers, start.headers, f"servers.{name}.headers")
    try:
        where = guarded_http.place(start.url)
        Heads(where, own)
    except (ProbeFailure, ValueError) as error:
        raise BadSetting(f"servers.{name}.url", str(error)) from None
    return HttpOpener(name, where, own, within, resolve)


def _named(values: Mapping[str, str], names: tuple[str, ...], where: str) -> dict[str, str]:
    missing = [name for name in names if name not in values]
    if missing:
        raise BadSetting(where, f"has no value for {', '.join(missing)}, which the approval names")
    return {name: values[name] for name in names}


def _merged(own: Mapping[str, str], caller: Mapping[str, str]) -> dict[str, str]:
    """The caller's credentials take the place of the settings' own of the same name."""
    given = {name.lower() for name in caller}
    return {**{n: v for n, v in own.items() if n.lower() not in given}, **caller}
