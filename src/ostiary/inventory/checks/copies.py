"""Where a server is configured, as locations and evidence: one for each copy."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.inventory.redact import shown_command
from ostiary.inventory.secret_places import place
from ostiary.model.check import Installation
from ostiary.model.client import ConfigFile, ServerEntry
from ostiary.model.finding import Evidence, Location
from ostiary.model.server import Server
from ostiary.model.visible import visible


def where(server: Server, part: str = "") -> Location:
    """The first place that configures the server and has it switched on, else the first."""
    entry = next((one for one in server.entries if one.enabled), server.entries[0])
    return place(entry, part=part)


def copies(entries: Iterable[ServerEntry], part: str = "") -> tuple[Evidence, ...]:
    """One step of evidence for each entry, with the command or address as it may be shown."""
    return tuple(
        Evidence(
            f"{entry.client} has it as {visible(entry.name)}{_state(entry)}",
            place(entry, part=part),
            shown_command(entry),
        )
        for entry in entries
    )


def _state(entry: ServerEntry) -> str:
    return "" if entry.enabled else ", switched off"


def of_file(one: ConfigFile, pointer: str = "", line: int | None = None) -> Location:
    """A place in a configuration file outside its servers."""
    return Location(file=one.path, client=one.client, pointer=pointer, line=line)


def files(installation: Installation) -> dict[str, ConfigFile]:
    """The configuration files by path; a file that several clients read counts once."""
    return {one.path: one for client in reversed(installation.clients) for one in client.files}


def live(server: Server) -> tuple[ServerEntry, ...]:
    """The entries that are switched on; all of them if none is."""
    return tuple(entry for entry in server.entries if entry.enabled) or server.entries


def listed(names: Iterable[str], limit: int = 6) -> str:
    """Names as a phrase: at most ``limit`` of them, then how many more there are."""
    shown = [visible(name) for name in names]
    more = len(shown) - limit
    return ", ".join(shown[:limit]) + (f" and {more} more" if more > 0 else "")
