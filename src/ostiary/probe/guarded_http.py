"""Which addresses a recording may call, and what a URL must look like to be called."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from ostiary.probe.failure import RefusedPlace, Unreachable

if TYPE_CHECKING:
    import ssl

Resolve = Callable[[str, int], Sequence[str]]
Address = IPv4Address | IPv6Address

RESOLVE_SECONDS = 10.0

_NEVER = tuple(
    (ip_network(network), why)
    for network, why in (
        ("169.254.0.0/16", "link-local, where clouds keep instance credentials"),
        ("168.63.129.16/32", "a cloud's metadata service"),
        ("100.100.100.200/32", "a cloud's metadata service"),
        ("192.0.0.192/32", "a cloud's metadata service"),
        ("fd00:ec2::254/128", "a cloud's metadata service"),
        ("fd20:ce::254/128", "a cloud's metadata service"),
        ("fe80::/10", "link-local"),
        ("0.0.0.0/8", "no address of a server"),
        ("::/128", "no address of a server"),
        ("224.0.0.0/4", "multicast"),
        ("ff00::/8", "multicast"),
        ("255.255.255.255/32", "broadcast"),
    )
)
"""Refused whatever is allowed: no MCP server of a user lives there."""

_PRIVATE = tuple(
    (ip_network(network), why)
    for network, why in (
        ("127.0.0.0/8", "loopback"),
        ("::1/128", "loopback"),
        ("10.0.0.0/8", "private"),
        ("172.16.0.0/12", "private"),
        ("192.168.0.0/16", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("fc00::/7", "private"),
        ("fec0::/10", "private"),
    )
)
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = IPv6Network("::/96")
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_.])?")
_IN_PATH = "/%:@!$&'()*+,;=~-._?[]"


def system_addresses(host: str, port: int) -> Sequence[str]:
    """The addresses the system's resolver gives. Raises :class:`Unreachable`."""
    answer: list[str] | OSError = OSError("no answer")

    def ask() -> None:
        nonlocal answer
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer = [str(one[4][0]) for one in found]
        except (OSError, UnicodeError) as error:
            answer = error if isinstance(error, OSError) else OSError(str(error))

    # The resolver has no time limit of its own; a daemon thread may outlive the question.
    asker = threading.Thread(target=ask, daemon=True)
    asker.start()
    asker.join(RESOLVE_SECONDS)
    if isinstance(answer, OSError):
        raise Unreachable(f"the name {host} cannot be resolved")
    return answer


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a recording may go."""

    allow_private: bool = False
    """Loopback, private networks and carrier-grade NAT too; never link-local or metadata."""
    resolve: Resolve = system_addresses
    tls: ssl.SSLContext | None = None
    """Trust other than the system's."""


@dataclass(frozen=True, slots=True)
class Place:
    """A URL taken apart once; every later step uses these parts and not the text."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query."""

    @property
    def origin(self) -> str:
        """Scheme, host and port, in words that hold no secret."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"http": 80, "https": 443}[self.scheme]
        return f"{self.scheme}://{host}" + ("" if self.port == usual else f":{self.port}")


def place(url: str) -> Place:
    """``url`` taken apart. Raises :class:`RefusedPlace` for what no client should call."""
    if any(char <= " " or char in '\x7f\\"<>^`{|}' for char in url):
        raise RefusedPlace("its URL holds characters that a URL may not hold", "mend the URL")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        raise RefusedPlace("its URL cannot be read", "mend the URL") from None
    if parts.scheme not in ("http", "https"):
        raise RefusedPlace("its URL is neither http nor https", "mend the URL")
    if "@" in parts.netloc:
        raise RefusedPlace(
            "its URL carries a user name or password", "move the credential to a header"
        )
    usual = 443 if parts.scheme == "https" else 80
    if port == 0:
        raise RefusedPlace("its URL names port 0", "mend the URL")
    path = quote(parts.path or "/", safe=_IN_PATH)
    query = f"?{quote(parts.query, safe=_IN_PATH)}" if parts.query else ""
    return Place(parts.scheme, _host(host), usual if port is None else port, path + query)


def _host(host: str) -> str:
    if ":" in host:
        try:
            return str(IPv6Address(host)) if "%" not in host else _no_host()
        except ValueError:
            return _no_host()
    try:
        plain = host.encode("ascii") if host.isascii() else host.encode("idna")
    except UnicodeError:
        return _no_host()
    name = plain.decode("ascii").lower()
    return name if _HOST.fullmatch(name) else _no_host()


def _no_host() -> str:
    raise RefusedPlace("its URL names no valid host", "mend the URL")


def addresses(where: Place, reach: Reach) -> tuple[Address, ...]:
    """The addresses of ``where``, every one checked.

    One refused address among several refuses the place: a name that resolves to both kinds is
    how rebinding works (CWE-350, CWE-918). Raises :class:`RefusedPlace` or :class:`Unreachable`.
    """
    try:
        found: Sequence[str] = (str(ip_address(where.host)),)
    except ValueError:
        found = reach.resolve(where.host, where.port)
    checked: list[Address] = []
    for text in found:
        try:
            address = ip_address(text.partition("%")[0])
        except ValueError:
            raise Unreachable(f"the name {where.host} resolves to no valid address") from None
        _check(address, where, reach)
        if address not in checked:
            checked.append(address)
    if not checked:
        raise Unreachable(f"the name {where.host} has no address")
    return tuple(checked)


def _check(address: Address, where: Place, reach: Reach) -> None:
    for one in (address, *embedded(address)):
        why = _never(one)
        if why:
            raise RefusedPlace(
                f"{where.host} is at {address}, which is {why}", "this address is never called"
            )
        why = _private(one)
        if why and not reach.allow_private:
            raise RefusedPlace(f"{where.host} is at {address}, which is {why}")


def is_private(address: Address) -> bool:
    """Whether an address is one that only ``allow_private`` opens."""
    return any(_private(one) for one in (address, *embedded(address)))


def embedded(address: Address) -> tuple[IPv4Address, ...]:
    """IPv4 addresses that packets to an IPv6 address may end at."""
    if isinstance(address, IPv4Address):
        return ()
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in (*_NAT64, _COMPATIBLE)) and int(address) > 1:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(one for one in found if one is not None)


def _never(address: Address) -> str:
    for network, why in _NEVER:
        if address.version == network.version and address in network:
            return why
    return ""


def _private(address: Address) -> str:
    for network, why in _PRIVATE:
        if address.version == network.version and address in network:
            return why
    if isinstance(address, IPv6Address) and embedded(address):
        return ""
    if not address.is_global or address.is_reserved:
        return "not on the public internet"
    return ""
