"""Asks identity providers, with the client that records servers: checked and pinned addresses,
bounded time and size, no redirect. Off the event loop; nothing of it is loaded before it is used.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ostiary import __version__
from ostiary.identity.fetching import CannotFetch, Question

if TYPE_CHECKING:
    import ssl

    from ostiary.probe.guarded_http import Address, Place, Resolve

SECONDS = 8.0
"""For one question, from the look-up of the name to the last byte."""
MOST_BYTES = 512 * 1024
AT_ONCE = 16


class ProviderFetch:
    """Implements :class:`~ostiary.identity.fetching.Fetch`. Used by one event loop."""

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """``tls`` is trust other than the system's, ``resolve`` another resolver."""
        self._tls = tls
        self._resolve = resolve
        self._seconds = seconds
        self._places = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, question: Question) -> bytes:
        """The body of the answer. Raises :class:`CannotFetch`."""
        async with self._places:
            return await _in_thread(lambda: self._ask(question))

    def _ask(self, question: Question) -> bytes:
        import httpcore2  # noqa: PLC0415 - only who uses a provider pays for it

        from ostiary.probe import guarded_http as guard  # noqa: PLC0415
        from ostiary.probe.failure import ProbeFailure  # noqa: PLC0415
        from ostiary.probe.limits import Budget, ProbeLimits  # noqa: PLC0415
        from ostiary.probe.pinned import PinnedBackend  # noqa: PLC0415

        if self._tls is None:
            self._tls = httpcore2.default_ssl_context()
        budget = Budget(ProbeLimits(total_seconds=self._seconds, total_bytes=MOST_BYTES))
        reach = guard.Reach(
            question.private or question.loopback, self._resolve or guard.system_addresses
        )
        try:
            where = guard.place(question.url)
            found = guard.addresses(where, reach)
            _check(question, where, found)
            backend = PinnedBackend(budget)
            backend.pin(where.host, where.port, found)
            with httpcore2.ConnectionPool(
                ssl_context=self._tls, network_backend=backend, http2=False, retries=0
            ) as pool:
                response = pool.handle_request(_request(httpcore2, question, where))
                try:
                    return _body(response.status, response.headers, response.iter_stream(), where)
                finally:
                    response.close()
        except ProbeFailure as failure:
            raise CannotFetch(str(failure)) from None
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError) as bad:
            raise CannotFetch(
                f"no answer of {_origin(question.url)} ({type(bad).__name__})"
            ) from None


def _check(question: Question, where: Place, found: tuple[Address, ...]) -> None:
    """Hold the addresses, all of them, to what the question allows. The worst kinds were refused
    before, whatever it allows."""
    from ostiary.probe.guarded_http import embedded, is_private  # noqa: PLC0415

    for address in found:
        loopback = any(one.is_loopback for one in (address, *embedded(address)))
        if loopback and not question.loopback:
            raise CannotFetch(f"{where.host} is at {address}, which is loopback")
        if not loopback and is_private(address) and not question.private:
            raise CannotFetch(f"{where.host} is at {address}, which is private")
        if where.scheme != "https" and not loopback:
            raise CannotFetch(f"{where.origin} is not https")


def _request(httpcore2: Any, question: Question, where: Place) -> Any:
    headers = {
        "Host": where.origin.partition("://")[2],
        "User-Agent": f"ostiary/{__version__}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
    }
    if question.authorization:
        headers["Authorization"] = question.authorization
    if question.form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers["Content-Length"] = str(len(question.form))
    return httpcore2.Request(
        method="GET" if question.form is None else "POST",
        url=httpcore2.URL(
            scheme=where.scheme, host=where.host, port=where.port, target=where.target
        ),
        headers=[(name.encode(), value.encode()) for name, value in headers.items()],
        content=question.form or b"",
    )


def _body(
    status: int, headers: list[tuple[bytes, bytes]], chunks: Iterable[bytes], where: Place
) -> bytes:
    if 300 <= status < 400:
        raise CannotFetch(f"{where.origin} redirects, which is not followed", status)
    if status != 200:
        raise CannotFetch(f"{where.origin} answered HTTP {status}", status)
    if any(name.lower() == b"content-encoding" and value != b"identity" for name, value in headers):
        raise CannotFetch(f"{where.origin} compresses its answer, though asked not to")
    return b"".join(chunks)


def _origin(url: str) -> str:
    return "://".join(urlsplit(url)[:2])


async def _in_thread(work: Callable[[], bytes]) -> bytes:
    """``work`` in a thread of its own, which neither a stop nor the ledger's threads wait for."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[bytes] = loop.create_future()

    def settle(result: bytes | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result or b"")

    def run() -> None:
        result: bytes | None = None
        error: CannotFetch | None = None
        try:
            result = work()
        except CannotFetch as failure:
            error = failure
        except Exception as fault:  # noqa: BLE001 - told, not lost with the thread
            error = CannotFetch(f"asking failed ({type(fault).__name__})")
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="identity provider", daemon=True).start()
    return await future
