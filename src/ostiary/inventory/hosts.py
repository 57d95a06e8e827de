"""Hosts in addresses: this machine, this network, or the world."""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from urllib.parse import urlsplit

_PRIVATE_ENDS = (
    ".local",
    ".lan",
    ".internal",
    ".home",
    ".corp",
    ".intranet",
    ".home.arpa",
    ".svc",
    ".cluster.local",
    ".test",
)
_HERE = frozenset(
    {"localhost", "host.docker.internal", "host.containers.internal", "ip6-localhost"}
)


class Reach(StrEnum):
    """How far a call to a host goes."""

    HERE = "this machine"
    NEAR = "this network"
    FAR = "the internet"
    UNKNOWN = "unknown"


def host_of(url: str) -> str:
    """The host a browser would call, lower case; empty if there is none."""
    try:
        return (urlsplit(url.strip().replace("\\", "/")).hostname or "").rstrip(".")
    except ValueError:
        return ""


def scheme_of(url: str) -> str:
    """The scheme in lower case."""
    return url.strip().partition(":")[0].lower()


def reach_of(host: str) -> Reach:
    """Where a host is, as far as its name or number tells. Nothing is looked up."""
    if not host or any(sign in host for sign in "${}%"):
        return Reach.UNKNOWN
    if host in _HERE or host.endswith(".localhost"):
        return Reach.HERE
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        near = host.endswith(_PRIVATE_ENDS) or "." not in host
        return Reach.NEAR if near and not host.isdigit() else Reach.FAR
    mapped = getattr(number, "ipv4_mapped", None)
    number = mapped or number
    if number.is_loopback or number.is_unspecified:
        return Reach.HERE
    return Reach.NEAR if number.is_private or number.is_link_local else Reach.FAR
