"""What a package's word for its source repository means."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def same_repository(one: str, other: str) -> bool:
    """Pure."""
    return bool(_plain(one)) and _plain(one) == _plain(other)


def address_of(text: str) -> str:
    """Pure. The https address that a package's word for its repository means; empty if none."""
    place = _place(text)
    return f"https://{place}" if place else ""


def _plain(address: str) -> str:
    """``host/owner/name`` in lower case; forges fold case."""
    return _place(address).lower()


def _place(address: str) -> str:
    text = address.strip().removeprefix("git+")
    short = re.fullmatch(r"(?:github:)?([\w.-]+/[\w.-]+)", text)
    if short is not None:  # npm's short form
        text = f"https://github.com/{short[1]}"
    text = re.sub(r"^(?:ssh://)?git@([^:/]+)[:/]", r"https://\1/", text)
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    path = re.split(r"/(?:-/)?(?:tree|blob)/", parts.path, maxsplit=1)[0]
    path = path.strip("/").removesuffix(".git")
    return f"{host}/{path}" if host and path else ""
