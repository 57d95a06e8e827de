"""What ``ostiary.toml`` says of the servers that may be approved."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ostiary.approval.start import given_server
from ostiary.catalogue.failure import UnusableReference
from ostiary.catalogue.login_form import LoginBook
from ostiary.catalogue.logins import login_for
from ostiary.catalogue.secret_reference import Reference, references
from ostiary.catalogue.settings import ApprovalSettings
from ostiary.inventory.words import split
from ostiary.model.approval import Start
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.server import Server
from ostiary.model.setting import BadSetting


@dataclass(frozen=True, slots=True)
class Place:
    """One folder of settings and approvals."""

    settings: ApprovalSettings
    folder: Path
    servers: Mapping[str, JsonObject] = field(default_factory=dict)
    """The tables ``[servers.NAME]`` as they stand there."""
    logins: LoginBook = field(default_factory=LoginBook)
    """The logins at remote servers."""

    def known(self, name: str) -> tuple[Reference, ...]:
        """Where the variables and headers of a server are. Raises :class:`BadSetting`."""
        return (*self._references(name, "env"), *self._references(name, "headers"))

    def names(self, name: str, part: str) -> tuple[str, ...]:
        """The variables (``env``) or ``headers`` that the settings give a server, sorted."""
        return tuple(
            sorted(one.name.rpartition(f".{part}.")[2] for one in self._references(name, part))
        )

    def values(
        self, name: str, environ: Mapping[str, str]
    ) -> tuple[dict[str, str], tuple[str, ...]]:
        """The values there are now, by name, and why others cannot be had. Never prints one."""
        found: dict[str, str] = {}
        lacking: list[str] = []
        for part in ("env", "headers"):
            for one in self._references(name, part):
                try:
                    found[one.name.rpartition(f".{part}.")[2]] = one.resolve(environ).reveal()
                except UnusableReference as problem:
                    lacking.append(str(problem))
        return found, tuple(lacking)

    def token(self, name: str, url: str) -> str:
        """The token of the login at a server; empty if there is none for this address."""
        login = login_for(self.logins, name, url)
        return login.access if login is not None else ""

    def allow_private(self, name: str) -> bool:
        """Whether a server may be called at a private address."""
        return self.servers.get(name, {}).get("allow_private") is True

    def server(self, name: str) -> Server | None:
        """The server that ``[servers.NAME]`` starts or calls, if it says how. Raises
        :class:`BadSetting`."""
        table = self.servers.get(name, {})
        where = f"servers.{name}"
        command, url = _command(where, table.get("command")), table.get("url", "")
        if not isinstance(url, str):
            raise BadSetting(f"{where}.url", "a text is needed")
        if not command and not url:
            return None
        if command and url:
            raise BadSetting(where, "has both a command and a url; a server has one of them")
        cwd = table.get("cwd", "")
        if not isinstance(cwd, str):
            raise BadSetting(f"{where}.cwd", "the path of a folder is needed, as text")
        transport = table.get("transport", "stdio" if command else "http")
        if transport not in (("stdio",) if command else ("http", "sse")):
            raise BadSetting(f"{where}.transport", "stdio for a command; http or sse for a url")
        start = Start(
            transport=str(transport),
            command=command,
            url=url,
            cwd=str(self.folder / cwd) if command else "",
            env=self.names(name, "env"),
            headers=self.names(name, "headers"),
        )
        return given_server(name, start)

    def network(self, name: str) -> bool | None:
        """Whether the settings give a server's box the network; ``None`` if they do not say."""
        value = self.servers.get(name, {}).get("network")
        if value is None or isinstance(value, bool):
            return value
        raise BadSetting(f"servers.{name}.network", "true or false is needed")

    def paths(self, name: str, part: str) -> tuple[str, ...] | None:
        """What the settings let a server's box ``read`` or ``write``; ``None`` if they do not say.
        Raises :class:`BadSetting`."""
        value = self.servers.get(name, {}).get(part)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise BadSetting(f"servers.{name}.{part}", "a list of paths is needed")
        try:
            return tuple(sorted({str(self.folder / Path(str(one)).expanduser()) for one in value}))
        except RuntimeError:
            raise BadSetting(f"servers.{name}.{part}", "names a home that is not known") from None

    def _references(self, name: str, part: str) -> tuple[Reference, ...]:
        table = self.servers.get(name, {}).get(part, {})
        where = f"servers.{name}.{part}"
        if not isinstance(table, dict):
            raise BadSetting(
                where, 'a table of references is needed, such as { TOKEN = "env:TOKEN" }'
            )
        return tuple(references(where, table, self.folder).values())


def _command(where: str, value: JsonValue) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return split(value)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return tuple(str(one) for one in value)
    raise BadSetting(f"{where}.command", "a list of words is needed: the program, its arguments")


def server_tables(path: Path) -> dict[str, JsonObject]:
    """The tables ``[servers.NAME]`` of a settings file that was found to be sound; none without a
    file."""
    try:
        document: JsonObject = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    servers = document.get("servers")
    found = servers if isinstance(servers, dict) else {}
    return {name: table for name, table in found.items() if isinstance(table, dict)}
