"""What one server can do: from its surface, else from its package, else nothing is known."""

from __future__ import annotations

from urllib.parse import urlsplit

from ostiary.flow.audited import told_by, with_code
from ostiary.flow.kinds import kind_of
from ostiary.flow.known import Known, known, tools_of
from ostiary.flow.levels import tool_access
from ostiary.model.access import ServerAccess, ToolAccess
from ostiary.model.audited import Audited
from ostiary.model.server import Pin, RunsOn, Server
from ostiary.model.surface import Surface

_FROM = {"live": "surface", "memory": "memory"}
_BRIDGES = frozenset({"npm:mcp-remote", "npm:supergateway", "pypi:mcp-proxy", "npm:mcp-proxy"})
"""Packages that only carry another server, named by a URL in their arguments."""

_PINS = {
    Pin.DIGEST: "pinned to a digest",
    Pin.EXACT: "one exact version",
    Pin.RANGE: "a range of versions",
    Pin.FLOATING: "whatever version is newest at start",
    Pin.LOCAL: "a program on this machine",
    Pin.UNKNOWN: "of unknown version",
}


def server_access(
    server: Server | None,
    surface: Surface | None,
    holds: tuple[str, ...] = (),
    audited: Audited | None = None,
) -> ServerAccess:
    """The access of one server. At least one of ``server`` and ``surface`` should be given.

    ``holds`` are the names of the credentials that the configuration hands to it; ``audited`` is
    what an audit told of exactly what it starts. A server of which nothing is known has no tools
    and says so in its note: unknown, never none.
    """
    record = _known(server) if server else None
    if surface is None and audited is not None:
        tools, known_from, kind = audited.tools, "audit", audited.server
    elif surface is not None:
        tools = tuple(tool_access(tool) for tool in surface.tools)
        known_from = _FROM.get(surface.source, "captured")
        if audited is not None:
            tools = with_code(tools, audited)
        kind = audited.server if audited else record.kind if record else kind_of(tools)
    elif record is not None:
        tools, known_from, kind = tools_of(record), "known package", record.kind
    else:
        tools, known_from, kind = (), "nothing", "unknown"
    return ServerAccess(
        server=server.key if server else surface.key if surface else "",
        name=server.name if server else surface.server if surface else "",
        kind=kind,
        known_from=known_from,
        tools=tools,
        holds=holds,
        note=_joined(_note(server, surface, record, tools), audited, tools),
    )


def _joined(note: str, audited: Audited | None, tools: tuple[ToolAccess, ...]) -> str:
    if audited is None:
        return note
    told = told_by(tools, audited)
    return f"{note}; {told}" if note else told


def known_server(server: Server) -> str:
    """The name under which a server is known, or the empty string."""
    record = _known(server)
    return record.names[0] if record else ""


def _known(server: Server) -> Known | None:
    return next((found for name in _names(server) if (found := known(name)) is not None), None)


def _names(server: Server) -> tuple[str, ...]:
    """Every name the table may have for a launch, best first."""
    names: list[str] = []
    package = server.launch.package
    if package is not None:
        names.append(f"{package.ecosystem}:{_plain(package.ecosystem, package.name)}")
    if package is None or names[0] in _BRIDGES:
        addresses = (*(entry.url or "" for entry in server.entries), *server.launch.arguments)
        names.extend(f"url:{host}" for host in map(_host, addresses) if host)
    return tuple(dict.fromkeys(names))


def _plain(ecosystem: str, name: str) -> str:
    """A package name in the form the table uses."""
    name = name.strip().lower()
    if ecosystem == "pypi":
        return name.split("[", 1)[0].replace("_", "-")
    if ecosystem == "oci":
        name = name.split("@", 1)[0].removeprefix("docker.io/").removeprefix("library/")
        head, slash, last = name.rpartition("/")
        return head + slash + last.split(":", 1)[0]
    return name


def _host(address: str) -> str:
    if "://" not in address:
        return ""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _note(
    server: Server | None,
    surface: Surface | None,
    record: Known | None,
    tools: tuple[ToolAccess, ...],
) -> str:
    parts: list[str] = []
    if server is not None:
        parts.append(_runs(server))
    if surface is None and record is None and not tools:
        parts.append("what it can do is not known: its surface was not read")
    elif surface is not None and not tools and surface.missing:
        parts.append("its tools could not be read")
    elif surface is not None and not tools:
        parts.append("it declares no tools")
    if record is not None and record.note:
        parts.append(record.note)
    return "; ".join(parts)


def _runs(server: Server) -> str:
    """Where the server runs and what that means (here: with the user's own rights)."""
    if server.runs_on is RunsOn.REMOTE:
        hosts = [_host(entry.url) for entry in server.entries if entry.url]
        where = hosts[0] if hosts and hosts[0] else "somebody else's machine"
        return f"runs at {where}: what it is given leaves this machine"
    runner = server.launch.runner
    if runner in ("docker", "podman"):
        return f"runs here in a container ({_pin(server)})"
    if runner in ("builtin", "unknown", ""):
        return ""
    return f"runs here as a program with your rights ({_pin(server)}): its code may do anything"


def _pin(server: Server) -> str:
    package = server.launch.package
    return _PINS.get(package.pin, "of unknown version") if package else _PINS[Pin.LOCAL]
