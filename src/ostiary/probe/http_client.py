"""HTTP within limits: pinned addresses, redirects one by one, bounded bodies, no ambient trust.

Environment proxies, cookies, netrc and automatic redirects do not exist at this level.
"""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin

import httpcore2

from ostiary import __version__
from ostiary.model.visible import one_line
from ostiary.probe.failure import (
    Ended,
    Garbage,
    NoAnswer,
    RefusedPlace,
    TooMuch,
    Unreachable,
)
from ostiary.probe.guarded_http import Place, Reach, addresses, is_private, place
from ostiary.probe.limits import Budget
from ostiary.probe.pinned import PinnedBackend

MOST_REDIRECTS = 3
_LOOK = "call the URL by hand and look at what answers"
_FOLLOWED = (301, 302, 307, 308)
_CHUNK = 1024 * 1024
_OURS = frozenset(
    {
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "te",
        "trailer",
        "upgrade",
        "expect",
        "accept",
        "accept-encoding",
        "content-type",
        "user-agent",
        "mcp-session-id",
        "mcp-protocol-version",
        "mcp-method",
    }
)
"""Headers a configuration may not set: they belong to the transport."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of one HTTP answer, and its body as it comes."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; of a repeated header the last one."""
    where: Place
    chunks: Iterator[bytes]
    """The body, decompressed."""

    @property
    def kind(self) -> str:
        """The media type in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def body(self, most: int) -> bytes:
        """The whole body. Raises :class:`~ostiary.probe.failure.TooMuch` beyond ``most`` bytes."""
        data = bytearray()
        for chunk in self.chunks:
            data += chunk
            if len(data) > most:
                raise TooMuch(f"its answer is larger than {most:,} bytes")
        return bytes(data)


class HttpClient:
    """Requests to one server. ``headers`` go to its origin and to no other."""

    def __init__(
        self, where: Place, headers: Mapping[str, str], reach: Reach, budget: Budget
    ) -> None:
        self.where = where
        self._own = _given(headers)
        self._reach = reach
        self._budget = budget
        self._backend = PinnedBackend(budget)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=reach.tls,
            network_backend=self._backend,
            max_connections=8,
            http2=False,
            retries=0,
        )

    @property
    def sends_headers(self) -> bool:
        """Whether the configuration's own headers are sent."""
        return bool(self._own)

    @contextlib.contextmanager
    def send(
        self, method: str, headers: Mapping[str, str], body: bytes = b"", at: Place | None = None
    ) -> Iterator[Answer]:
        """One request, redirects followed. Raises :class:`~ostiary.probe.failure.ProbeFailure`."""
        with self.translated():
            where, own, reach = at or self.where, self._own, self._reach
            if where.origin != self.where.origin:
                own = {}
            for _ in range(MOST_REDIRECTS + 1):
                private = self._pin(where, reach)
                response = self._once(method, {**own, **headers}, body, where)
                try:
                    answer = _head(response, where, self._budget)
                    aim = _aim(answer)
                    if aim is None:
                        if at is None and 200 <= answer.status < 300:
                            self.where, self._own = where, own
                        yield answer
                        return
                finally:
                    response.close()
                if aim.origin != where.origin:
                    own = {}
                    headers = _without_session(headers)
                # A public server must not send us into a private network, allowed or not.
                reach = reach if private else replace(reach, allow_private=False)
                where = aim
            raise RefusedPlace(f"it redirects more than {MOST_REDIRECTS} times", "mend the URL")

    def close(self) -> None:
        """Close all connections. Never raises."""
        with contextlib.suppress(Exception):
            self._pool.close()

    def _pin(self, where: Place, reach: Reach) -> bool:
        """Check and pin the place once; whether it is a private one."""
        known = self._backend.pinned(where.host, where.port)
        checked = addresses(where, reach if known is None else _as_pinned(reach, known))
        if known is None:
            self._backend.pin(where.host, where.port, checked)
        return any(is_private(one) for one in checked)

    def _once(
        self, method: str, headers: Mapping[str, str], body: bytes, where: Place
    ) -> httpcore2.Response:
        host = where.origin.partition("://")[2]
        sent = {"Host": host, "User-Agent": f"ostiary/{__version__}", **headers}
        sent["Accept-Encoding"] = "gzip"
        if method == "POST":
            sent["Content-Length"] = str(len(body))
        return self._pool.handle_request(
            httpcore2.Request(
                method=method,
                url=httpcore2.URL(
                    scheme=where.scheme, host=where.host, port=where.port, target=where.target
                ),
                headers=[(name.encode(), value.encode()) for name, value in sent.items()],
                content=body,
                extensions={"timeout": {"pool": self._budget.left()}},
            )
        )

    @contextlib.contextmanager
    def translated(self) -> Iterator[None]:
        """Errors of the HTTP layer as failures of this room."""
        try:
            yield
        except httpcore2.TimeoutException:
            self._budget.left()
            raise NoAnswer("it did not answer in time") from None
        except httpcore2.ConnectError as error:
            raise Unreachable(
                f"no connection to {self.where.origin}: {one_line(str(error))}"
            ) from None
        except httpcore2.NetworkError as error:
            raise Ended(f"it broke off the connection: {one_line(str(error))}", _LOOK) from None
        except httpcore2.RemoteProtocolError as error:
            raise Ended(f"its HTTP answer is broken: {one_line(str(error))}", _LOOK) from None
        except httpcore2.LocalProtocolError:
            raise RefusedPlace(
                "a configured header is no valid HTTP header", "mend the headers"
            ) from None


def _as_pinned(reach: Reach, known: tuple[object, ...]) -> Reach:
    """``reach`` with a resolver that repeats the pinned answer."""
    return replace(reach, resolve=lambda _host, _port: [str(one) for one in known])


def _given(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _OURS}


def _without_session(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "mcp-session-id"}


def _head(response: httpcore2.Response, where: Place, budget: Budget) -> Answer:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }
    coding = headers.get("content-encoding", "identity").strip().lower()
    return Answer(response.status, headers, where, _decoded(response, coding, budget))


def _decoded(response: httpcore2.Response, coding: str, budget: Budget) -> Iterator[bytes]:
    """The body, decompressed in bounded steps that count towards the budget (CWE-409)."""
    if coding in ("", "identity"):
        yield from response.iter_stream()
        return
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise Garbage(f"its answer is encoded as {one_line(coding, 40)!r}, which nobody asked for")
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        for chunk in response.iter_stream():
            rest = chunk
            while rest and not unzip.eof:
                piece = unzip.decompress(rest, _CHUNK)
                rest = unzip.unconsumed_tail
                budget.take(len(piece))
                budget.left()
                yield piece
    except zlib.error:
        raise Garbage("its compressed answer cannot be decompressed") from None
    if not unzip.eof:
        raise Garbage("its compressed answer ends in the middle")


def _aim(answer: Answer) -> Place | None:
    """Where a redirect leads, or ``None`` for any other answer."""
    if not 300 <= answer.status < 400:
        return None
    location = answer.headers.get("location", "")
    if answer.status not in _FOLLOWED or not location:
        raise Garbage(f"it answered HTTP {answer.status}, which a client of MCP does not follow")
    try:
        aim = place(urljoin(answer.where.origin + answer.where.target, location))
    except (RefusedPlace, ValueError) as refusal:
        raise RefusedPlace(f"it redirects, and {refusal}", "") from None
    if answer.where.scheme == "https" and aim.scheme == "http":
        raise RefusedPlace(f"it redirects from https to {aim.origin}", "")
    return aim
