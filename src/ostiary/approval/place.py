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
from ostiary.files.place import home_resolved
from ostiary.inventory.words import split
from ostiary.model.approval import Start
from ostiary.model.json import JsonObject
from ostiary.model.server import Server
from ostiary.model.setting import Table


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
        """Where the variables and headers of a server are. Raises
        :class:`~ostiary.model.setting.BadSetting`."""
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
        return self._table(name).flag("allow_private")

    def server(self, name: str) -> Server | None:
        """The server that ``[servers.NAME]`` starts or calls, if it says how. Raises
        :class:`~ostiary.model.setting.BadSetting`."""
        read = self._table(name)
        command, url = _command(read), read.text("url")
        if not command and not url:
            return None
        if command and url:
            raise read.bad("url", "there is a command too; a server has one of them")
        transport = read.text("transport", "stdio" if command else "http")
        if transport not in (("stdio",) if command else ("http", "sse")):
            raise read.bad("transport", "must be stdio for a command, http or sse for a url")
        start = Start(
            transport=transport,
            command=command,
            url=url,
            cwd=str(self.folder / read.text("cwd")) if command else "",
            env=self.names(name, "env"),
            headers=self.names(name, "headers"),
        )
        return given_server(name, start)

    def network(self, name: str) -> bool | None:
        """Whether the settings give a server's box the network; ``None`` if they do not say."""
        read = self._table(name)
        return None if read.value("network") is None else read.flag("network")

    def paths(self, name: str, part: str) -> tuple[str, ...] | None:
        """What the settings let a server's box ``read`` or ``write``; ``None`` if they do not say.
        Raises :class:`~ostiary.model.setting.BadSetting`."""
        read = self._table(name)
        if read.value(part) is None:
            return None
        unknown = read.bad(part, "names a home that is not known")
        found = {str(home_resolved(self.folder, one, unknown)) for one in read.texts(part)}
        return tuple(sorted(found))

    def _references(self, name: str, part: str) -> tuple[Reference, ...]:
        table = self._table(name).table(part)
        return tuple(references(f"servers.{name}.{part}", table, self.folder).values())

    def _table(self, name: str) -> Table:
        return Table(self.servers.get(name, {}), f"servers.{name}")


def _command(read: Table) -> tuple[str, ...]:
    value = read.value("command")
    if value is None:
        return ()
    if isinstance(value, str):
        return split(value)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return tuple(str(one) for one in value)
    raise read.bad("command", "must be a list of words: the program, its arguments")


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
