"""What an operator sets for one approved server: where its secrets are, and how far it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.setting import BadSetting

_KEYS = {"env", "headers", "allow_private", "ca_file", "command", "url", "cwd", "network", "read"}


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Settings of one server; all of them may be left out."""

    env: Mapping[str, str] = field(default_factory=dict)
    """References by name of variable: ``env:NAME`` or ``file:PATH``."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """References by name of header."""
    allow_private: bool = False
    """Whether a remote server may lie at a private or loopback address."""
    ca_file: str = ""
    """Certificates to trust besides the system's."""
    raw: JsonObject = field(default_factory=dict, hash=False)
    """The whole table, for ``ostiary approve``."""

    @classmethod
    def from_table(cls, name: str, table: JsonObject) -> ServerSettings:
        """The settings in ``[servers.NAME]``. Raises :class:`BadSetting`."""
        where = f"servers.{name}"
        for key in table:
            if key not in _KEYS:
                known = ", ".join(sorted(_KEYS))
                raise BadSetting(f"{where}.{key}", f"there is no such setting; there are {known}")
        private = table.get("allow_private", False)
        ca_file = table.get("ca_file", "")
        if not isinstance(private, bool):
            raise BadSetting(f"{where}.allow_private", "true or false is needed")
        if not isinstance(ca_file, str):
            raise BadSetting(f"{where}.ca_file", "a path is needed, as a string")
        return cls(
            env=_references(f"{where}.env", table.get("env", {})),
            headers=_references(f"{where}.headers", table.get("headers", {})),
            allow_private=private,
            ca_file=ca_file,
            raw=table,
        )


def _references(where: str, value: JsonValue) -> dict[str, str]:
    if not isinstance(value, dict):
        raise BadSetting(where, 'a table of references is needed, such as { TOKEN = "env:TOKEN" }')
    found = {}
    for name, reference in value.items():
        if not isinstance(reference, str):
            raise BadSetting(f"{where}.{name}", 'a reference is needed, such as "env:TOKEN"')
        found[name] = reference
    return found
