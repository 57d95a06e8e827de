"""Bounded requests to a package index: https only, except to where the index itself lies."""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from ostiary.supply.artifact.acquired import Unobtainable

if TYPE_CHECKING:
    import httpx2

_REDIRECTS = 5
_LOCAL = ("localhost", "127.0.0.1", "::1")


def get(
    address: str, most: int, seconds: float, accept: str = "*/*", *, near: str = ""
) -> tuple[str, str, bytes]:
    """Content type, final address and content. What an index names has to be at https; ``near`` is
    an address that the user has set up, beside which files of this machine and plain http are
    allowed too. Raises :class:`Unobtainable`."""
    _check(address, near)
    if urlsplit(address).scheme == "file":
        return _from_disk(address, most)
    with _opened(address, seconds, accept, near) as answer:
        data = b"".join(_bounded(answer, most, seconds))
        return answer.headers.get("content-type", ""), str(answer.url), data


def save(address: str, target: Path, most: int, seconds: float, *, near: str = "") -> None:
    """Write what lies at ``address`` to a new file. Raises :class:`Unobtainable`, OSError."""
    _check(address, near)
    if urlsplit(address).scheme == "file":
        target.write_bytes(_from_disk(address, most)[2])
        return
    with _opened(address, seconds, "*/*", near) as answer, target.open("xb") as file:
        for data in _bounded(answer, most, seconds):
            file.write(data)


@contextmanager
def _opened(address: str, seconds: float, accept: str, near: str) -> Iterator[httpx2.Response]:
    import httpx2  # noqa: PLC0415 - slow to load, and a folder needs no network

    shown = _shown(address)
    try:
        with _client(seconds) as client:
            for _ in range(_REDIRECTS):
                _check(address, near)
                with client.stream("GET", address, headers={"accept": accept}) as answer:
                    if answer.is_redirect:
                        address = urljoin(address, answer.headers.get("location", ""))
                        continue
                    if answer.status_code != httpx2.codes.OK:
                        raise Unobtainable(f"{shown} answered {answer.status_code}")
                    yield answer
                    return
            raise Unobtainable(f"{shown} leads from one address to the next without end")
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        name = type(error).__name__
        raise Unobtainable(f"{shown} could not be asked: {name}", "check the network") from None


def _client(seconds: float) -> httpx2.Client:
    """Trusts what the system trusts, and the authority that pip is told to trust."""
    import httpx2  # noqa: PLC0415

    authority = os.environ.get("PIP_CERT") or os.environ.get("REQUESTS_CA_BUNDLE")
    context = ssl.create_default_context()
    if authority:
        with suppress(OSError):
            context.load_verify_locations(authority)
    return httpx2.Client(timeout=min(seconds, 30.0), follow_redirects=False, verify=context)


def _check(address: str, near: str) -> None:
    """A page of an index must not make us read this machine's files or ask its services."""
    parts, beside = urlsplit(address), urlsplit(near)
    if parts.scheme == "https":
        return
    same = bool(near) and (parts.scheme, parts.netloc) == (beside.scheme, beside.netloc)
    if same and (parts.scheme == "file" or parts.hostname in _LOCAL):
        return
    raise Unobtainable(f"{_shown(address)} is not an https address, and is not asked")


def _shown(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"[:300]


def _bounded(answer: httpx2.Response, most: int, seconds: float) -> Iterator[bytes]:
    size, end = 0, time.monotonic() + seconds
    for data in answer.iter_bytes():
        size += len(data)
        if size > most:
            raise Unobtainable(f"{_shown(str(answer.url))} sends more than {most} bytes")
        if time.monotonic() > end:
            raise Unobtainable(f"{_shown(str(answer.url))} takes longer than {seconds:g} s")
        yield data


def _from_disk(address: str, most: int) -> tuple[str, str, bytes]:
    path = Path(unquote(urlsplit(address).path))
    try:
        if path.is_dir():
            path = path / "index.html"
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise Unobtainable(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > most:
        raise Unobtainable(f"{path} is larger than {most} bytes")
    return "text/html", address, data
