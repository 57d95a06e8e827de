"""Which address a connection goes to: the very one that was checked (CWE-350, CWE-918)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address

from ostiary.gateway.upstream.trouble import Unreachable
from ostiary.probe import guarded_http
from ostiary.probe.failure import ProbeFailure
from ostiary.probe.guarded_http import Place, Reach

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def system(host: str, port: int) -> Sequence[str]:
    """What the system's resolver says. Raises :class:`OSError`."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


async def checked(
    name: str, where: Place, resolve: Resolve, *, allow_private: bool
) -> tuple[str, ...]:
    """The addresses of ``where``. One that is refused among them refuses them all.
    Raises :class:`~ostiary.gateway.upstream.trouble.Unreachable`."""
    found: Sequence[str] = ()
    if not _is_literal(where.host):
        try:
            found = await resolve(where.host, where.port)
        except (OSError, UnicodeError):
            raise Unreachable(f"{name}: the name {where.host} cannot be resolved") from None
    reach = Reach(allow_private=allow_private, resolve=lambda _host, _port: found)
    try:
        return tuple(str(one) for one in guarded_http.addresses(where, reach))
    except ProbeFailure as refusal:
        raise Unreachable(f"{name}: {refusal}") from None


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
