"""How an approved server is started or called, with every secret left where it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ostiary.inventory.redact import masked
from ostiary.inventory.servers import merge
from ostiary.inventory.words import is_relative
from ostiary.model.approval import Approval, Start
from ostiary.model.client import Concealed, Scope, ServerEntry, Setting, Transport
from ostiary.model.server import RunsOn, Server
from ostiary.supply.withhold import arguments, is_secret

BEHIND = "ostiary"
"""Client id of everything behind the gateway: it shares one model."""
_HERE = ("${workspaceFolder", "${workspaceRoot", "${CLAUDE_PROJECT_DIR")


class CannotApprove(Exception):
    """A server cannot be approved as it is. The message says why and what to do."""


def start_of(server: Server) -> Start:
    """How ``server`` is started or called. Raises :class:`CannotApprove` where that would put a
    secret into the lock, or cannot be repeated by a gateway."""
    entry = server.entries[0]
    if server.transport is Transport.BUILTIN:
        raise CannotApprove(f"{server.name} is part of its client; a gateway cannot start it")
    if server.runs_on is RunsOn.REMOTE or (entry.url and not entry.argv):
        return _called(server, entry)
    if not entry.argv:
        raise CannotApprove(f"{server.name} has neither a command nor a url")
    _, kept_back = arguments(entry.argv)
    if kept_back:
        raise CannotApprove(
            f"{server.name}: {', '.join(kept_back)} on its command line holds a secret or a "
            "variable, which cannot be written into a lock; give it in an environment variable, "
            "which most servers take too, and approve that command with --command"
        )
    return Start(
        transport="stdio",
        command=entry.argv,
        cwd=_folder(entry),
        env=tuple(sorted({one.name for one in entry.env})),
    )


def _called(server: Server, entry: ServerEntry) -> Start:
    url = entry.url or ""
    if masked(url) != url or "${" in url:
        raise CannotApprove(
            f"{server.name}: its url holds a secret or a variable, which cannot be written into a "
            "lock; give it in a header, and approve the bare url with --url"
        )
    if server.transport is Transport.WEBSOCKET:
        raise CannotApprove(f"{server.name}: WebSocket is no transport of MCP that is relayed")
    sse = server.transport is Transport.SSE
    headers = tuple(sorted({one.name for one in entry.headers}))
    return Start(transport="sse" if sse else "http", url=url, headers=headers)


def _folder(entry: ServerEntry) -> str:
    """The working folder, where the command depends on it."""
    if entry.cwd:
        return entry.cwd
    depends = any(is_relative(word) or word.startswith(_HERE) for word in entry.argv)
    return (entry.project or "") if depends else ""


def server_of(approval: Approval, environment: dict[str, str] | None = None) -> Server:
    """The server that was approved, as the rest of Ostiary knows servers.

    ``environment`` holds the values of its variables or headers; without it they have none.
    """
    return given_server(approval.server, approval.start, approval.key, environment or {})


def given_server(
    name: str, start: Start, key: str = "", values: dict[str, str] | None = None
) -> Server:
    """A server from how it is started. Its key is made from that where none is given."""
    given = values or {}
    entry = ServerEntry(
        client=BEHIND,
        file="ostiary.lock",
        scope=Scope.CAPTURED,
        name=name,
        transport=Transport(start.transport),
        argv=start.command,
        url=start.url or None,
        env=_settings(start.env, given),
        headers=_settings(start.headers, given),
        cwd=start.cwd or None,
        project=start.cwd or None,
    )
    made = merge((entry,))[0]
    return replace(made, name=name, key=key or made.key)


def with_token(server: Server, token: str) -> Server:
    """``server`` as it is called with the token of a login, unless it is given a credential."""
    entry = server.entries[0]
    if not token or any(one.name.lower() == "authorization" for one in entry.headers):
        return server
    header = Setting("Authorization", Concealed(f"Bearer {token}"))
    known = replace(entry, headers=(*entry.headers, header))
    return replace(server, entries=(known, *server.entries[1:]))


def _settings(names: tuple[str, ...], values: dict[str, str]) -> tuple[Setting, ...]:
    return tuple(
        Setting(name, Concealed(values[name]) if name in values else None) for name in names
    )


@dataclass(frozen=True, slots=True)
class Needed:
    """A variable or header that the gateway has to be told where to find."""

    kind: str
    """``env`` or ``headers``."""
    name: str
    suggestion: str
    """A reference to write into the settings; free of secrets."""


def needed_of(server: Server) -> tuple[Needed, ...]:
    """What a server's configuration gives it that the lock does not hold."""
    entry = server.entries[0]
    return tuple(
        Needed(kind, one.name, _suggestion(one))
        for kind, settings in (("env", entry.env), ("headers", entry.headers))
        for one in sorted(settings, key=lambda setting: setting.name)
    )


def _suggestion(setting: Setting) -> str:
    value = setting.value.reveal() if setting.value is not None else ""
    plain = value and value.isprintable() and not is_secret(value, setting.name)
    if plain and len(value) <= 200:
        return f"literal:{value}"
    name = "".join(char if char.isascii() and char.isalnum() else "_" for char in setting.name)
    return f"env:{name.upper()}"
