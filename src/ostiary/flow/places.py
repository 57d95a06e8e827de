"""Where a finding of this room stands."""

from __future__ import annotations

from ostiary.flow.subject import Access
from ostiary.model.access import ServerAccess
from ostiary.model.client import ServerEntry
from ostiary.model.finding import Location
from ostiary.model.server import Server
from ostiary.model.visible import NAME, visible


def tool_place(server: ServerAccess, tool: str) -> Location:
    """The place of one tool of one server."""
    return Location(server=server.name, part=f"tool {visible(tool, NAME)}")


def record_of(access: Access, server: ServerAccess) -> Server | None:
    """The launch behind an access, if the scan has it."""
    return next((one for one in access.installation.servers if one.key == server.server), None)


def entry_place(entry: ServerEntry) -> Location:
    """The place where a configuration file names a server."""
    return Location(
        file=entry.file,
        line=entry.line,
        column=entry.column,
        pointer=entry.pointer,
        client=entry.client,
        server=entry.name,
    )


def server_place(access: Access, server: ServerAccess, client: str | None = None) -> Location:
    """The first configuration entry of a server (of one client), else its name alone."""
    record = record_of(access, server)
    entries = sorted(
        (one for one in (record.entries if record else ()) if client in (None, one.client)),
        key=lambda one: (not one.enabled, one.client, one.file, one.line or 0),
    )
    if entries:
        return entry_place(entries[0])
    return Location(server=server.name, client=client)
