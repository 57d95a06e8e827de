"""HTTP of a login: one request to one checked and pinned address, no redirect, bounded."""

from __future__ import annotations

import json
import re
import ssl
from dataclasses import dataclass

import httpcore2
import httpx2

from ostiary import __version__
from ostiary.gateway.login.wanted import CannotLogIn
from ostiary.probe import guarded_http as guard
from ostiary.probe.failure import ProbeFailure
from ostiary.probe.guarded_http import Address, Place, Resolve
from ostiary.probe.limits import Budget, ProbeLimits
from ostiary.probe.pinned import PinnedBackend

SECONDS = 15.0
"""For one request, from the look-up of the name to the last byte."""
MOST_BYTES = 512 * 1024
_SENT = ("accept", "authorization", "content-type", "mcp-protocol-version")
_CODE = re.compile(r"[a-z_]{1,60}")


@dataclass(slots=True)
class Guarded:
    """Sends the requests of one login."""

    private: bool
    tls: ssl.SSLContext | None = None
    resolve: Resolve = guard.system_addresses
    last: str = ""
    """What answered last, in words: an origin, a status, and the error code of RFC 6749."""

    def send(self, request: httpx2.Request) -> httpx2.Response:
        """The answer to ``request``. Raises :class:`CannotLogIn`."""
        budget = Budget(ProbeLimits(total_seconds=SECONDS, total_bytes=MOST_BYTES))
        url = str(request.url)
        try:
            where, found = self.checked(url)
            backend = PinnedBackend(budget)
            backend.pin(where.host, where.port, found)
            with httpcore2.ConnectionPool(
                ssl_context=self.tls or httpcore2.default_ssl_context(),
                network_backend=backend,
                http2=False,
                retries=0,
            ) as pool:
                got = pool.handle_request(_request(request, where))
                try:
                    _refuse_coded(got, where)
                    body = b"".join(got.iter_stream())
                finally:
                    got.close()
        except ProbeFailure as failure:
            raise CannotLogIn(f"{_origin(url)}: {failure}; {failure.remedy}") from None
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError) as bad:
            raise CannotLogIn(f"no answer of {_origin(url)} ({type(bad).__name__})") from None
        self.last = f"{where.origin} answered HTTP {got.status}{_error_code(body)}"
        return httpx2.Response(got.status, headers=got.headers, content=body, request=request)

    def checked(self, url: str) -> tuple[Place, tuple[Address, ...]]:
        """``url`` taken apart, and its addresses. Raises :class:`ProbeFailure` and
        :class:`CannotLogIn`."""
        where = guard.place(url)
        found = guard.addresses(where, guard.Reach(self.private, self.resolve))
        for address in found:
            loopback = any(one.is_loopback for one in (address, *guard.embedded(address)))
            if where.scheme != "https" and not loopback:
                raise CannotLogIn(
                    f"{where.origin} is not https: whatever is sent there can be read and changed"
                )
        return where, found

    def opened(self, url: str) -> str:
        """``url`` as a browser may be sent to it. Raises :class:`CannotLogIn`."""
        try:
            where, _ = self.checked(url)
        except ProbeFailure as refusal:
            raise CannotLogIn(f"the authorization address is refused: {refusal}") from None
        return where.origin + where.target


def _refuse_coded(answer: httpcore2.Response, where: Place) -> None:
    """A compressed answer, which nobody asked for, could grow without bound (CWE-409)."""
    for name, value in answer.headers:
        if name.lower() == b"content-encoding" and value.strip().lower() != b"identity":
            raise CannotLogIn(f"{where.origin} compresses its answer, though asked not to")


def _request(request: httpx2.Request, where: Place) -> httpcore2.Request:
    headers = {
        "Host": where.origin.partition("://")[2],
        "User-Agent": f"ostiary/{__version__}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
    }
    headers |= {name: request.headers[name] for name in _SENT if name in request.headers}
    if request.method == "POST":
        headers["Content-Length"] = str(len(request.content))
    return httpcore2.Request(
        method=request.method,
        url=httpcore2.URL(
            scheme=where.scheme, host=where.host, port=where.port, target=where.target
        ),
        headers=[(name.encode(), value.encode()) for name, value in headers.items()],
        content=request.content,
    )


def _error_code(body: bytes) -> str:
    """The ``error`` of an answer that says no (RFC 6749, section 5.2), where it is a plain word."""
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    code = said.get("error") if isinstance(said, dict) else None
    return f" ({code})" if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _origin(url: str) -> str:
    try:
        return guard.place(url).origin
    except ProbeFailure:
        return "an address of the server's metadata"
