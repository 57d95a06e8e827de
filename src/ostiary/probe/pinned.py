"""Network streams that go to checked addresses only and never outlast the budget."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2

from ostiary.probe.failure import Unreachable
from ostiary.probe.guarded_http import Address
from ostiary.probe.limits import Budget


class PinnedBackend(httpcore2.NetworkBackend):
    """Connects to the addresses a name was checked with; it never resolves a name itself."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._pins: dict[tuple[str, int], tuple[Address, ...]] = {}
        self._system = httpcore2.SyncBackend()

    def pinned(self, host: str, port: int) -> tuple[Address, ...] | None:
        """The addresses of an earlier check."""
        return self._pins.get((host, port))

    def pin(self, host: str, port: int, addresses: tuple[Address, ...]) -> None:
        """From now on ``host`` means ``addresses``."""
        self._pins[(host, port)] = addresses

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        del timeout  # the budget decides
        failure: Exception | None = None
        for address in self._pins.get((host, port), ()):
            try:
                stream = self._system.connect_tcp(
                    str(address), port, self._budget.left(), local_address, socket_options
                )
            except httpcore2.ConnectError as error:
                failure = error
            else:
                return BoundedStream(stream, self._budget)
        raise failure or Unreachable(f"{host} was never checked")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        del timeout, socket_options
        raise Unreachable(f"the local socket {path} is not called")


class BoundedStream(httpcore2.NetworkStream):
    """A stream whose every step has what is left of the time, and whose bytes are counted."""

    def __init__(self, inner: httpcore2.NetworkStream, budget: Budget) -> None:
        self._inner = inner
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        data = self._inner.read(max_bytes, self._budget.left())
        self._budget.take(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._inner.write(buffer, self._budget.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        del timeout
        secured = self._inner.start_tls(ssl_context, server_hostname, self._budget.left())
        return BoundedStream(secured, self._budget)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
