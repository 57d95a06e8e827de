"""What one server can do: from its surface, else from its package, else nothing is known."""

from __future__ import annotations

from ostiary.model.access import ServerAccess
from ostiary.model.server import Server
from ostiary.model.surface import Surface


def server_access(
    server: Server | None, surface: Surface | None, holds: tuple[str, ...] = ()
) -> ServerAccess:
    """The access of one server. At least one of ``server`` and ``surface`` should be given.

    ``holds`` are the names of the credentials that the configuration hands to it.
    """
    key = server.key if server else surface.key if surface else ""
    name = server.name if server else surface.server if surface else ""
    return ServerAccess(
        server=key, name=name, kind="unknown", known_from="nothing", tools=(), holds=holds
    )
