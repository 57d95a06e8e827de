"""``[gateway]`` of ``ostiary.toml``: where clients are listened for, and what they may use up."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.setting import BadSetting, Table

DEFAULT_LISTEN = "127.0.0.1:7411"
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::([0-9]{1,5}))?")
_ORIGIN = re.compile(r"(?:https?|[a-z][a-z0-9+.-]*)://[^\s/?#@]+")
_MOST = {"depth": 128}
"""Limits that cannot be set higher."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What clients may use up: ``[gateway.limits]``. All are at least 1."""

    body_bytes: int = 4 * 1024 * 1024
    """Bytes of one message."""
    depth: int = 64
    """Nested containers of one message."""
    header_bytes: int = 32 * 1024
    """Bytes of request line and headers together."""
    header_count: int = 100
    read_seconds: int = 20
    """From the first byte of a request to its last."""
    idle_seconds: int = 75
    """A connection may stay open between two requests."""
    connections: int = 4096
    requests_per_minute: int = 6000
    """Of one caller: so many at once, and refilled evenly."""
    calls: int = 1024
    """Requests in work at once, of all callers."""
    calls_per_caller: int = 128
    streams: int = 2048
    """Open event streams that wait for what servers say unasked, of all callers."""
    streams_per_caller: int = 1024
    recheck_seconds: int = 60
    """How often the token behind an open stream is looked at again."""
    keep_alive_seconds: int = 15
    """Silence after which a stream gets a comment, so that nobody on the way closes it."""
    stall_seconds: int = 60
    """A client that has not read for so long while something was to be sent is cut off."""
    linger_seconds: int = 60
    """A call goes on for so long after its client went away without cancelling (revisions up to
    2025-11-25)."""


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """``[gateway]``. See ``docs/settings.md`` for every option."""

    host: str = "127.0.0.1"
    port: int = 7411
    """0 lets the system choose."""
    unix: str = ""
    """Path of a socket to listen on instead of an address."""
    allowed_hosts: tuple[str, ...] = ()
    """Values of ``Host`` beside the loopback names, lower case; without a port, any port."""
    allowed_origins: tuple[str, ...] = ()
    """Values of ``Origin`` beside the gateway's own on loopback, lower case."""
    tls_certificate: str = ""
    tls_key: str = ""
    tls_proxy: bool = False
    """Something in front of us ends TLS."""
    limits: Limits = Limits()

    @property
    def loopback(self) -> bool:
        """Whether nobody outside this machine can connect."""
        return bool(self.unix) or is_loopback(self.host)

    @classmethod
    def from_table(cls, table: Mapping[str, JsonValue]) -> GatewaySettings:
        """Read the table. Raises :class:`~ostiary.model.setting.BadSetting`."""
        read = Table(table, "gateway")
        host, port, unix = _listen(read.text("listen", DEFAULT_LISTEN))
        made = cls(
            host=host,
            port=port,
            unix=unix,
            allowed_hosts=_lower(read, "allowed_hosts", _HOST, "a host name, with or without port"),
            allowed_origins=_lower(read, "allowed_origins", _ORIGIN, "SCHEME://HOST[:PORT]"),
            tls_certificate=read.text("tls_certificate"),
            tls_key=read.text("tls_key"),
            tls_proxy=read.flag("tls_proxy"),
            limits=_limits(read.table("limits")),
        )
        read.nothing_else()
        _refuse_exposed(made)
        return made


def is_loopback(host: str) -> bool:
    """Whether ``host`` is a loopback address or its usual name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _refuse_exposed(made: GatewaySettings) -> None:
    """Beyond loopback, tokens must not cross a network in clear, and the name must be known."""
    if bool(made.tls_certificate) != bool(made.tls_key):
        raise BadSetting("gateway.tls_key", "tls_certificate and tls_key belong together")
    if made.loopback:
        return
    if not made.tls_certificate and not made.tls_proxy:
        raise BadSetting(
            "gateway.listen",
            f"{made.host} can be reached from other machines, where tokens would travel in clear; "
            "set tls_certificate and tls_key, or tls_proxy = true if a proxy in front ends TLS",
        )
    if not made.allowed_hosts:
        raise BadSetting(
            "gateway.allowed_hosts",
            f"needed because {made.host} is no loopback address: name the host names that clients "
            "use, so that no other name can be pointed at the gateway (DNS rebinding)",
        )


def _listen(value: str) -> tuple[str, int, str]:
    if value.startswith("unix:"):
        path = value.removeprefix("unix:")
        if not path.startswith("/"):
            raise BadSetting("gateway.listen", "unix: needs an absolute path")
        return "", 0, path
    host, mark, port = value.rpartition(":")
    if not mark or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise BadSetting("gateway.listen", f"{value[:80]!r} is not HOST:PORT or unix:/PATH")
    if ":" in host and not (host.startswith("[") and host.endswith("]")):
        raise BadSetting("gateway.listen", "write an IPv6 address as [ADDRESS]:PORT")
    return host.strip("[]").lower(), int(port), ""


def _lower(read: Table, name: str, form: re.Pattern[str], what: str) -> tuple[str, ...]:
    found = tuple(one.lower() for one in read.texts(name))
    for one in found:
        if not form.fullmatch(one):
            raise read.bad(name, f"{one[:80]!r} is not {what}")
    return found


def _limits(table: JsonObject) -> Limits:
    read = Table(table, "gateway.limits")
    usual = Limits()
    given = {
        one.name: read.whole(one.name, getattr(usual, one.name), 1, _MOST.get(one.name))
        for one in fields(Limits)
    }
    read.nothing_else()
    return Limits(**given)
