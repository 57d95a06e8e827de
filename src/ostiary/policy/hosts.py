"""Finds every host that a text names, in the form in which hosts compare (CWE-184, CWE-918)."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

LONGEST_HOST = 253
"""Characters (RFC 1035, 2.3.4)."""

_URL = re.compile(
    r"(?:(?:https?|wss?|ftp):[/\\]*|[a-z][a-z0-9+.\-]{0,30}:[/\\]{2})[^\s<>\"'`]+", re.IGNORECASE
)
_MAIL = re.compile(r"(?<=@)[^\s@<>\"'`,;:/()\[\]]+")
_BARE = re.compile(r"(?:[a-z0-9_\-]+\.)+[a-z0-9\-]{2,}\.?(?::[0-9]+)?", re.IGNORECASE)
_NAMED = re.compile(r"host|domain|url|uri|endpoint|server|site|address|(?:^|_)ip$")
_SHORT = 100
"""Characters of a name up to which the answer about it is kept."""
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")
_FILE = re.compile(r"file:", re.IGNORECASE)


class NoHost(ValueError):
    """A text names a host in a way that can be read as another host; the message says why."""


def urls(text: str) -> tuple[str, ...]:
    """Every URL in a text, as it stands there."""
    folded = _folded(text)
    if ":" not in folded:
        return ()
    return tuple(dict.fromkeys(hit[0].rstrip(").,;]") for hit in _URL.finditer(folded)))


def hosts(name: str, text: str) -> tuple[str, ...]:
    """The hosts in ``text``, the argument ``name``: of its URLs, of mail addresses, and the text
    itself where the argument is meant to hold a host. Raises :class:`NoHost`."""
    folded = _folded(text)
    found: list[str] = []
    # Most texts hold neither sign, and looking for the signs is much quicker.
    if ":" in folded:
        found += [host_of(hit[0]) for hit in _URL.finditer(folded) if not _FILE.match(hit[0])]
    if "@" in folded:
        found += [host_name(one) for hit in _MAIL.finditer(folded) if (one := hit[0].strip("."))]
    if not found and names_host(name):
        found += _meant(folded.strip())
    return tuple(dict.fromkeys(one for one in found if one)) if found else ()


def names_host(name: str) -> bool:
    """Whether an argument of this name is meant to hold a host."""
    return _names_host(name) if len(name) < _SHORT else _says_host(name)


@lru_cache(maxsize=4096)
def _names_host(name: str) -> bool:
    return _says_host(name)


def _says_host(name: str) -> bool:
    return _NAMED.search(name.rsplit(".", 1)[-1].casefold()) is not None


def _meant(text: str) -> list[str]:
    """The host that a text without a scheme stands for, if it does."""
    begin = text.lstrip("/\\")
    if not begin or any(char.isspace() for char in begin):
        return []
    authority = re.split(r"[/\\?#]", begin, maxsplit=1)[0]
    bare = authority.rsplit(":", 1)[0] if authority.count(":") == 1 else authority
    looks = _BARE.fullmatch(authority) or bare == "localhost" or _NUMBER.fullmatch(bare)
    if looks or authority.startswith("[") or text[:2] in ("//", "\\\\"):
        return [host_of(f"x://{begin}")]
    try:
        return [str(ipaddress.ip_address(authority))]
    except ValueError:
        return []


def _folded(text: str) -> str:
    """``text`` as a URL parser sees it: wide forms folded, invisible characters gone."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return "".join(char for char in plain if unicodedata.category(char) != "Cf")


def host_of(url: str) -> str:
    """The host of one URL. Raises :class:`NoHost` where parsers disagree which it is."""
    rest = url.split(":", 1)[1].lstrip("/\\")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "\\" in authority or authority.count("@") > 1:
        raise NoHost("a URL whose host can be read in more than one way")
    return host_name(_without_port(authority.rpartition("@")[2]))


def _without_port(authority: str) -> str:
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.rpartition(":")[0] if ":" in authority else authority


def host_name(raw: str) -> str:
    """A host in the form in which it compares: lower case, in ASCII, an address in its usual
    form. Raises :class:`NoHost`."""
    host = unquote(raw).rstrip(".").casefold()
    if len(host) > LONGEST_HOST:
        raise NoHost("a host name that is longer than host names are")
    address = _address(host)
    if address:
        return address
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise NoHost("a host name with characters that host names cannot have") from None


def _address(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return _numbers(host)


def _numbers(host: str) -> str:
    """An IPv4 address written as resolvers also take it: ``0x7f.1``, ``2130706433`` (inet_aton)."""
    parts = host.split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return ""
    values = [_value(part) for part in parts]
    *heads, last = values
    if any(head > 255 for head in heads) or last >= 256 ** (5 - len(parts)):
        raise NoHost("a host written as numbers that are no address")
    whole = last + sum(head << (24 - 8 * at) for at, head in enumerate(heads))
    return str(ipaddress.ip_address(whole))


def _value(part: str) -> int:
    if len(part) > 20:
        raise NoHost("a host written as numbers that are no address")
    if part[:2] in ("0x", "0X"):
        return int(part[2:] or "0", 16)
    if part.startswith("0") and len(part) > 1:
        try:
            return int(part, 8)
        except ValueError:
            raise NoHost("a host written as numbers that are no address") from None
    return int(part)


def domains(host: str) -> frozenset[str]:
    """The host itself and every domain above it; an address only itself."""
    if _NUMBER.fullmatch(host.rpartition(".")[2]) or ":" in host:
        return frozenset({host})
    parts = host.split(".")
    return frozenset(".".join(parts[at:]) for at in range(len(parts)))
