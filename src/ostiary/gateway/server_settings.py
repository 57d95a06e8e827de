"""What an operator sets for one approved server: where its secrets are, and how far it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from ostiary.catalogue.secret_reference import Reference, references
from ostiary.gateway.login_settings import LoginSettings
from ostiary.gateway.upstream.bounds import Limits
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.setting import BadSetting

_OWN = {"env", "headers", "login"}
_START = {"command", "url", "cwd", "network", "read", "write", "transport"}
"""Read by ``ostiary approve``; the gateway goes by what was approved."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Settings of one server; all of them may be left out."""

    env: Mapping[str, Reference] = field(default_factory=dict)
    """References by name of variable: ``env:NAME`` or ``file:PATH``."""
    headers: Mapping[str, Reference] = field(default_factory=dict)
    """References by name of header."""
    login: LoginSettings = field(default_factory=LoginSettings)
    """How to log in at it."""
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def from_table(cls, name: str, table: JsonObject, base: Path) -> ServerSettings:
        """The settings in ``[servers.NAME]`` of a file in the folder ``base``. Raises
        :class:`BadSetting`."""
        where = f"servers.{name}"
        known = _OWN | _START | {one.name for one in fields(Limits)}
        for key in table:
            if key not in known:
                words = ", ".join(sorted(known))
                raise BadSetting(f"{where}.{key}", f"there is no such setting; there are {words}")
        return cls(
            env=_references(f"{where}.env", table.get("env", {}), base),
            headers=_references(f"{where}.headers", table.get("headers", {}), base),
            login=LoginSettings.from_table(f"{where}.login", table.get("login", {}), base),
            limits=Limits.from_table(table, where),
        )


def _references(where: str, value: JsonValue, base: Path) -> dict[str, Reference]:
    if not isinstance(value, dict):
        raise BadSetting(where, 'a table of references is needed, such as { TOKEN = "env:TOKEN" }')
    return references(where, value, base)
