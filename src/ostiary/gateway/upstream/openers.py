"""One way to a server: what :func:`open_upstream` makes of an approval."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from ostiary.gateway.ports import Era, Link, Opener, UpstreamFailure
from ostiary.gateway.upstream import addresses
from ostiary.gateway.upstream.addresses import Resolve
from ostiary.gateway.upstream.bearer import NONE, Bearer
from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.guarded import GuardedOpener
from ostiary.gateway.upstream.heads import Heads
from ostiary.gateway.upstream.http_pool import Pool, trust
from ostiary.gateway.upstream.http_sse import SseLink
from ostiary.gateway.upstream.stdio import BoxedCommand, Boxes, StdioLink
from ostiary.gateway.upstream.streamable import StreamableLink
from ostiary.host.bubblewrap import Bubblewrap
from ostiary.model.approval import Approval
from ostiary.model.setting import BadSetting
from ostiary.probe import guarded_http
from ostiary.probe.failure import ProbeFailure


class HttpOpener:
    """Links to one Streamable HTTP or HTTP+SSE server over one pool of connections."""

    def __init__(
        self,
        pool: Pool,
        own: Mapping[str, str],
        limits: Limits,
        *,
        old: bool,
        bearer: Bearer = NONE,
    ) -> None:
        """``own`` are the settings' headers. ``old`` servers speak HTTP+SSE."""
        self._bearer = bearer
        self.pool = pool
        self._own = own
        self._limits = limits
        self._old = old
        self._links: weakref.WeakSet[StreamableLink | SseLink] = weakref.WeakSet()

    async def open(self, era: Era, session: str, headers: Mapping[str, str]) -> Link:
        heads = self._heads_for(headers)
        link: StreamableLink | SseLink
        if self._old:
            if era is not Era.HANDSHAKE:
                raise UpstreamFailure(
                    f"{self.pool.name} speaks HTTP+SSE, which belongs to the handshake era",
                    sent=False,
                )
            link = await SseLink.start(self.pool, heads, self._limits)
        else:
            link = StreamableLink(self.pool, heads, self._limits, era, session)
        self._links.add(link)
        return link

    async def close(self) -> None:
        """Hang up everywhere. Sessions stay, so that another process can resume them."""
        for link in tuple(self._links):
            await (link.close() if isinstance(link, SseLink) else link.leave())
        self.pool.close()

    def _heads_for(self, headers: Mapping[str, str]) -> Heads:
        try:
            return Heads(self.pool.where, _merged(self._own, headers), self._bearer)
        except ValueError as error:
            raise UpstreamFailure(f"{self.pool.name}: {error}", sent=False) from None


class StdioOpener:
    """Boxed processes, one for each link."""

    def __init__(self, name: str, command: BoxedCommand, limits: Limits, boxes: Boxes) -> None:
        self._name = name
        self._command = command
        self._limits = limits
        self._boxes = boxes
        self._links: weakref.WeakSet[StdioLink] = weakref.WeakSet()
        self._closed = False

    async def open(self, era: Era, session: str, headers: Mapping[str, str]) -> Link:
        del era, session, headers  # of HTTP
        if self._closed:
            raise UpstreamFailure(f"{self._name} is no longer used", sent=False, status=503)
        link = await StdioLink.start(self._name, self._command, self._limits, self._boxes)
        self._links.add(link)
        if self._closed:
            await link.close()
        return link

    async def close(self) -> None:
        self._closed = True
        await asyncio.gather(*(link.close() for link in tuple(self._links)))


def open_upstream(
    approval: Approval,
    *,
    env: Mapping[str, str],
    headers: Mapping[str, str],
    limits: Limits,
    command: BoxedCommand | None = None,
    boxes: Boxes | None = None,
    resolve: Resolve = addresses.system,
    clock: Callable[[], float] = time.monotonic,
    bearer: Bearer = NONE,
) -> GuardedOpener:
    """How to reach an approved server.

    ``env`` and ``headers`` hold the values of what the approval names; other names in them are
    left out. ``command`` is the prepared package of a stdio server, without which the approved
    command runs as it stands. ``bearer`` is the login at a remote server. Raises
    :class:`~ostiary.model.setting.BadSetting`.
    """
    name = approval.server
    within = limits.within(approval.bounds)
    inner: Opener
    if approval.start.transport == "stdio":
        inner = _stdio(approval, env, within, command, boxes or Bubblewrap())
    else:
        inner = _http(approval, headers, within, resolve, bearer)
    return GuardedOpener(inner, name, within, clock)


def _stdio(
    approval: Approval,
    env: Mapping[str, str],
    limits: Limits,
    command: BoxedCommand | None,
    boxes: Boxes,
) -> StdioOpener:
    name, start = approval.server, approval.start
    given = _named(env, start.env, f"servers.{name}.env")
    chosen = command or BoxedCommand(
        argv=start.command,
        cwd=start.cwd or None,
        readable=tuple(map(Path, start.readable)),
        writable=tuple(map(Path, start.writable)),
        network=start.network,
    )
    whole = replace(chosen, env={**chosen.env, **given})
    return StdioOpener(name, whole, limits, boxes)


def _http(
    approval: Approval,
    headers: Mapping[str, str],
    limits: Limits,
    resolve: Resolve,
    bearer: Bearer,
) -> HttpOpener:
    name, start = approval.server, approval.start
    own = _named(headers, start.headers, f"servers.{name}.headers")
    try:
        where = guarded_http.place(start.url)
        Heads(where, own)
    except (ProbeFailure, ValueError) as error:
        raise BadSetting(f"servers.{name}.url", str(error)) from None
    if limits.ca_file:
        try:
            trust(limits.ca_file)
        except OSError:
            why = "cannot be read as certificates in PEM form"
            raise BadSetting(f"servers.{name}.ca_file", why) from None
    pool = Pool(name, where, limits, resolve)
    return HttpOpener(pool, own, limits, old=start.transport == "sse", bearer=bearer)


def _named(values: Mapping[str, str], names: tuple[str, ...], where: str) -> dict[str, str]:
    missing = [name for name in names if name not in values]
    if missing:
        raise BadSetting(where, f"has no value for {', '.join(missing)}, which the approval names")
    return {name: values[name] for name in names}


def _merged(own: Mapping[str, str], caller: Mapping[str, str]) -> dict[str, str]:
    """The caller's credentials take the place of the settings' own of the same name."""
    given = {name.lower() for name in caller}
    return {**{n: v for n, v in own.items() if n.lower() not in given}, **caller}
