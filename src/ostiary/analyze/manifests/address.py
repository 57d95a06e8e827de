"""Where a dependency comes from, without credentials: hosts of indexes, addresses of the rest."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_USER = re.compile(r"(?<=://)[^/@\s]*@")
_DIRECT = re.compile(
    r"(?:git|hg|svn|bzr)(?:\+[a-z]+)?:|https?:|git@|ssh:|github:|gitlab:|bitbucket:|gist:", re.I
)
_SHORTHAND = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+(?:#.*)?\Z")


def without_user(url: str) -> str:
    """``url`` without user name, password, query."""
    return _USER.sub("", url[:2000]).partition("?")[0]


def shown(wanted: str) -> str:
    """A range as written; an address without its credentials."""
    return without_user(wanted) if "://" in wanted else wanted[:2000]


def host_of(url: str) -> str:
    """The host a URL names, in lower case; empty if it names none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def origin(url: str) -> str:
    """The host alone for plain web addresses, as lock files name an index; else the address."""
    plain = url.startswith(("http://", "https://"))
    if plain and not url.partition("#")[0].partition("?")[0].endswith(".git"):
        return host_of(url)
    return without_user(url)


def is_direct(wanted: str) -> bool:
    """Whether a range is no range but an address of its own: git, a URL, a forge's shorthand."""
    return bool(_DIRECT.match(wanted) or _SHORTHAND.match(wanted))


def is_local(wanted: str) -> bool:
    """Whether it names something beside the manifest: a folder, a link, a workspace member."""
    return wanted.startswith(("file:", "link:", "workspace:", "portal:", ".", "/", "~/"))
