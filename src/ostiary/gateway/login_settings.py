"""``[servers.NAME.login]``: how the gateway introduces itself where a server asks for a login."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ostiary.catalogue.secret_reference import Reference, reference
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.setting import BadSetting
from ostiary.wire.bearer_challenge import scopes_of

METHODS = ("client_secret_basic", "client_secret_post")
_KNOWN = ("client_id", "client_secret", "method", "issuer", "client_document", "scopes", "port")


@dataclass(frozen=True, slots=True)
class LoginSettings:
    """All of them may be left out: then the gateway registers itself."""

    client_id: str = ""
    """Of a client that was registered by hand."""
    client_secret: Reference | None = None
    """Its secret: ``env:NAME`` or ``file:PATH``."""
    method: str = METHODS[0]
    """How the secret is sent to the token endpoint."""
    issuer: str = ""
    """The authorization server that knows ``client_id``; no other is told of it."""
    client_document: str = ""
    """The URL of a client ID metadata document, used where the authorization server takes one."""
    scopes: tuple[str, ...] = ()
    """Asked for beside those that the server names."""
    port: int = 0
    """Port of the address on this machine where the browser comes back; 0 takes any."""

    @classmethod
    def from_table(cls, where: str, table: JsonValue, base: Path) -> LoginSettings:
        """The settings in ``table``. Raises :class:`BadSetting`."""
        if not isinstance(table, dict):
            raise BadSetting(where, "a table is needed")
        for key in table:
            if key not in _KNOWN:
                words = ", ".join(sorted(_KNOWN))
                raise BadSetting(f"{where}.{key}", f"there is no such setting; there are {words}")
        secret = table.get("client_secret")
        found = cls(
            client_id=_text(where, table, "client_id"),
            client_secret=None
            if secret is None
            else reference(f"{where}.client_secret", secret, base),
            method=_text(where, table, "method") or METHODS[0],
            issuer=_text(where, table, "issuer"),
            client_document=_text(where, table, "client_document"),
            scopes=_scopes(where, table.get("scopes", [])),
            port=_port(where, table.get("port", 0)),
        )
        _check(where, found)
        return found


def _check(where: str, found: LoginSettings) -> None:
    if found.method not in METHODS:
        raise BadSetting(f"{where}.method", f"must be {' or '.join(METHODS)}")
    if found.client_secret is not None and not found.client_id:
        raise BadSetting(f"{where}.client_secret", "needs a client_id beside it")
    if found.client_secret is not None and not found.issuer:
        raise BadSetting(
            f"{where}.issuer",
            "must name the authorization server that knows the client; else any server could have "
            "the secret sent elsewhere",
        )
    if found.client_document:
        try:
            parts = urlsplit(found.client_document)
            sound = parts.scheme == "https" and parts.hostname and parts.path not in ("", "/")
        except ValueError:
            sound = False
        if not sound or found.client_id:
            raise BadSetting(
                f"{where}.client_document",
                "must be an https URL with a path, and excludes client_id",
            )


def _text(where: str, table: JsonObject, name: str) -> str:
    value = table.get(name, "")
    if not isinstance(value, str) or not value.isprintable() or len(value) > 2000:
        raise BadSetting(f"{where}.{name}", "must be a text")
    return value


def _scopes(where: str, value: JsonValue) -> tuple[str, ...]:
    texts = [one for one in value if isinstance(one, str)] if isinstance(value, list) else [""]
    found = scopes_of(" ".join(texts))
    if not isinstance(value, list) or len(found) != len(value):
        raise BadSetting(f"{where}.scopes", "must be a list of scopes, each once")
    return found


def _port(where: str, value: JsonValue) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 65535:
        raise BadSetting(f"{where}.port", "must be a port, or 0 for any")
    return value
