"""HTTP+SSE, revision 2024-11-05: answers come on one long GET, requests go to its endpoint."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from urllib.parse import urljoin

from ostiary.gateway.ports import Answer, Interim, UpstreamFailure
from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.duplex import Duplex
from ostiary.gateway.upstream.events import EventStream
from ostiary.gateway.upstream.heads import Heads
from ostiary.gateway.upstream.http_pool import Pool
from ostiary.gateway.upstream.refusals import refused
from ostiary.gateway.upstream.trouble import TooSlow
from ostiary.model.json import JsonObject
from ostiary.probe import guarded_http
from ostiary.probe.failure import ProbeFailure
from ostiary.probe.guarded_http import Place
from ostiary.wire import strict_json
from ostiary.wire.sse import Event


class SseLink:
    """One event stream and the endpoint it named. Ends with the stream."""

    def __init__(
        self, pool: Pool, heads: Heads, limits: Limits, stream: EventStream, target: str
    ) -> None:
        self._pool = pool
        self._heads = heads
        self._limits = limits
        self._stream = stream
        self._target = target
        self._open = asyncio.Event()
        self._open.set()
        self._duplex = Duplex(pool.name, limits, write=self._write, queued=False, flow=self._flow)
        self._reading = asyncio.get_running_loop().create_task(self._read())

    @classmethod
    async def start(cls, pool: Pool, heads: Heads, limits: Limits) -> SseLink:
        """Open the stream and learn the endpoint. Raises
        :class:`~ostiary.gateway.ports.UpstreamFailure`."""
        most, seconds = limits.answer_bytes, limits.connect_seconds
        reply = await pool.listen(heads.get({}), most, seconds)
        if not reply.streamed:
            raise refused(pool.name, reply, "", heads.bearer)
        stream = EventStream(
            pool.name, reply, strict_json.Limits(limits.answer_bytes, limits.answer_depth)
        )
        try:
            async with asyncio.timeout(seconds):
                first = await stream.event(None)
            target = _target(pool, first)
        except TimeoutError:
            stream.close()
            raise TooSlow(f"{pool.name} named no endpoint within {seconds:g} s") from None
        except BaseException:
            stream.close()
            raise
        return cls(pool, heads, limits, stream, target)

    @property
    def ended(self) -> str | None:
        return self._duplex.ended

    async def request(
        self, message: JsonObject, headers: Mapping[str, str], interim: Interim
    ) -> Answer:
        del headers  # this revision has none
        return await self._duplex.request(message, interim)

    async def send(self, message: JsonObject, headers: Mapping[str, str]) -> None:
        del headers  # this revision has none
        await self._duplex.send(message)

    def listen(self, unasked: Interim) -> None:
        self._duplex.listen(unasked)

    async def close(self) -> None:
        self._duplex.end("was closed by the gateway")
        self._reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reading

    async def _write(self, data: bytes) -> None:
        reply = await self._pool.exchange(
            self._heads.post_to(self._target, data),
            self._limits.answer_bytes,
            self._limits.answer_seconds,
        )
        reply.close()
        if not 200 <= reply.status < 300:
            raise refused(self._pool.name, reply, "", self._heads.bearer)

    def _flow(self, on: bool) -> None:
        if on:
            self._open.set()
        else:
            self._open.clear()

    async def _read(self) -> None:
        why = "closed its event stream"
        try:
            while (event := await self._stream.event(None)) is not None:
                if event.name == "message":
                    self._duplex.deliver(event.data)
                if not self._open.is_set():
                    await self._open.wait()
        except UpstreamFailure:
            why = "broke off its event stream"
        finally:
            self._stream.close()
            self._duplex.end(why)


def _target(pool: Pool, event: Event | None) -> str:
    """Path and query that the first event names; on the stream's own origin and nowhere else."""
    if event is None or event.name != "endpoint":
        raise UpstreamFailure(
            f"{pool.name} opened an event stream that names no endpoint", sent=False
        )
    base = pool.where.origin + pool.where.target
    try:
        named = event.data.decode("ascii").strip()
        if not named.isprintable():
            raise ValueError("control characters, which joining would leave out")
        where: Place = guarded_http.place(urljoin(base, named))
    except (ProbeFailure, ValueError):
        raise UpstreamFailure(
            f"{pool.name} names an endpoint that is no URL to call", sent=False
        ) from None
    if where.origin != pool.where.origin:
        raise UpstreamFailure(
            f"{pool.name} names an endpoint at another origin, where nothing is sent", sent=False
        )
    return where.target
