"""Paths of any system as URIs (RFC 8089)."""

from __future__ import annotations

from urllib.parse import quote

_KEPT = "/-._~!$&'()*+,;=@"


def file_uri(path: str) -> str:
    """``path`` as a URI: ``file:///…`` when absolute, on POSIX or Windows, else relative.

    Bytes that are not UTF-8 (surrogates in ``path``) come back as the bytes they were.
    """
    drive = len(path) > 2 and path[0].isalpha() and path[0].isascii() and path[1] == ":"
    if drive and path[2] in "/\\":
        return f"file:///{path[0]}:{_quoted(path[2:].replace(chr(92), '/'))}"
    if path.startswith("\\\\"):
        return f"file:{_quoted(path.replace(chr(92), '/'))}"
    if path.startswith("/"):
        return f"file://{_quoted(path)}"
    return _quoted(path)


def _quoted(path: str) -> str:
    return quote(
        path.encode("utf-8", "surrogateescape" if _escaped(path) else "replace"), safe=_KEPT
    )


def _escaped(path: str) -> bool:
    """Whether every surrogate of ``path`` stands for an undecodable byte (PEP 383)."""
    return all("\udc80" <= char <= "\udcff" for char in path if "\ud800" <= char <= "\udfff")
