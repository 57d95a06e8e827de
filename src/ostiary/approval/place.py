"""What ``ostiary.toml`` says about approvals and servers; the rest of it is not looked at."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ostiary.approval.start import CannotApprove, given_server
from ostiary.catalogue.failure import UnusableReference
from ostiary.catalogue.secret_reference import Reference, references
from ostiary.catalogue.settings import ApprovalSettings
from ostiary.inventory.words import split
from ostiary.model.approval import Start
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.server import Server
from ostiary.model.setting import BadSetting

SETTINGS = "ostiary.toml"
_LARGEST = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """One folder of settings and approvals."""

    settings: ApprovalSettings
    folder: Path
    servers: Mapping[str, JsonObject] = field(default_factory=dict)
    """The tables ``[servers.NAME]`` as they were read."""

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
        start = Start(
            transport="stdio" if command else "http",
            command=command,
            url=url,
            cwd=str(self.folder / cwd) if command else "",
            env=self.names(name, "env"),
            headers=self.names(name, "headers"),
        )
        return given_server(name, start)

    def _references(self, name: str, part: str) -> tuple[Reference, ...]:
        table = self.servers.get(name, {}).get(part, {})
        where = f"servers.{name}.{part}"
        if not isinstance(table, dict):
            raise BadSetting(
                where, 'a table of references is needed, such as { TOKEN = "env:TOKEN" }'
            )
        return tuple(references(where, table, self.folder).values())


def read_place(file: Path | None, folder: Path, state: Path) -> Place:
    """The settings in ``file``, or in ``ostiary.toml`` of ``folder`` if there is one.

    ``state`` is Ostiary's own folder. Raises :class:`BadSetting` and :class:`CannotApprove`.
    """
    path = file or folder / SETTINGS
    try:
        with path.open("rb") as handle:
            data = handle.read(_LARGEST + 1)
    except FileNotFoundError:
        if file is not None:
            raise CannotApprove(f"there is no {file}") from None
        data = b""
    except OSError as error:
        raise CannotApprove(f"{path} cannot be read: {error.strerror}") from None
    document = _parsed(data, path)
    base = path.absolute().parent
    servers = _table(document.get("servers", {}), "servers")
    return Place(
        settings=ApprovalSettings.from_table(
            _table(document.get("approvals", {}), "approvals"), base, state
        ),
        folder=base,
        servers={name: _table(value, f"servers.{name}") for name, value in servers.items()},
    )


def _parsed(data: bytes, path: Path) -> JsonObject:
    if len(data) > _LARGEST:
        raise CannotApprove(f"{path} is larger than {_LARGEST:,} bytes, which no settings are")
    try:
        document: JsonObject = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(path.name, f"it is not TOML: {error}") from None
    return document


def _table(value: JsonValue, name: str) -> JsonObject:
    if not isinstance(value, dict):
        raise BadSetting(name, f"a table is needed, [{name}]")
    return value


def _command(where: str, value: JsonValue) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return split(value)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return tuple(str(one) for one in value)
    raise BadSetting(f"{where}.command", "a list of words is needed: the program, its arguments")
