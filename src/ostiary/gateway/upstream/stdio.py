"""A boxed server spoken to over its standard streams: one JSON-RPC message a line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ostiary.gateway.ports import Answer, Interim, SessionForgotten
from ostiary.gateway.upstream.bounds import MIB, Limits
from ostiary.gateway.upstream.duplex import Duplex
from ostiary.gateway.upstream.lines import LineReader, TooLongLine
from ostiary.gateway.upstream.trouble import Unreachable
from ostiary.host.box import BoxSpec, BoxUnavailable
from ostiary.host.box import Limits as BoxLimits
from ostiary.host.bubblewrap import BoxedServer
from ostiary.model.json import JsonObject

_threads = ThreadPoolExecutor(max_workers=32, thread_name_prefix="boxes")
"""Where boxes are made and ended; neither may hold up the event loop."""
_LAST_MOMENT = 1.0
"""Seconds in which a server that closed its output is expected to end."""


@dataclass(frozen=True, slots=True)
class BoxedCommand:
    """What is started in a box, prepared: nothing is fetched or expanded any more."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict, hash=False)
    cwd: str | None = None
    readable: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    network: bool = False

    def spec(self, limits: Limits) -> BoxSpec:
        """The box for it."""
        return BoxSpec(
            argv=self.argv,
            env=self.env,
            cwd=self.cwd,
            readable=self.readable,
            writable=self.writable,
            network=self.network,
            limits=BoxLimits.lasting(limits.memory_mib * MIB, limits.processes),
        )


class Boxes(Protocol):
    """Whoever makes boxes."""

    def start(self, spec: BoxSpec) -> BoxedServer:
        """Start a program. Raises :class:`~ostiary.host.box.BoxUnavailable`."""


class _Input(asyncio.BaseProtocol):
    """The writing end. Knows whether the server is slow to read."""

    def __init__(self) -> None:
        self.clear = asyncio.Event()
        self.clear.set()
        self.paused = False
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def pause_writing(self) -> None:
        self.paused = True
        self.clear.clear()

    def resume_writing(self) -> None:
        self.paused = False
        self.clear.set()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.resume_writing()
        if not self.lost.done():
            self.lost.set_result(None)


class _Output(asyncio.Protocol):
    """The reading end."""

    def __init__(self, take: Callable[[bytes], None], gone: Callable[[], None]) -> None:
        self._take = take
        self._gone = gone
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        self._take(data)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if not self.lost.done():
            self.lost.set_result(None)
        self._gone()


class StdioLink:
    """One boxed process. Ends with it."""

    def __init__(self, name: str, limits: Limits, box: BoxedServer) -> None:
        self._name = name
        self._limits = limits
        self._box = box
        self._lines = LineReader(limits.answer_bytes)
        self._duplex = Duplex(name, limits, write=self._write, queued=True, flow=self._read_on)
        self._input: _Input | None = None
        self._output: _Output | None = None
        self._writer: asyncio.WriteTransport | None = None
        self._reader: asyncio.ReadTransport | None = None
        self._burial: asyncio.Task[None] | None = None
        self._why: str | None = None

    @classmethod
    async def start(
        cls, name: str, command: BoxedCommand, limits: Limits, boxes: Boxes
    ) -> StdioLink:
        """Start a process in a box. Raises :class:`~ostiary.gateway.ports.UpstreamFailure`."""
        loop = asyncio.get_running_loop()
        making = loop.run_in_executor(_threads, boxes.start, command.spec(limits))
        try:
            box = await asyncio.wait_for(asyncio.shield(making), limits.start_seconds)
        except BoxUnavailable as error:
            remedy = f"; {error.remedy}" if error.remedy else ""
            raise Unreachable(
                f"{name} was not started, because no box could be made for it: {error}{remedy}"
            ) from None
        except (TimeoutError, asyncio.CancelledError) as late:
            making.add_done_callback(_undo)
            if isinstance(late, asyncio.CancelledError):
                raise
            raise Unreachable(
                f"{name} was not started within {limits.start_seconds:g} s", 504
            ) from None
        link = cls(name, limits, box)
        await link._connect()
        return link

    @property
    def ended(self) -> str | None:
        return self._duplex.ended

    @property
    def dropped(self) -> int:
        """Lines that answered nothing and belonged to nobody."""
        return self._duplex.dropped

    async def request(
        self, message: JsonObject, headers: Mapping[str, str], interim: Interim
    ) -> Answer:
        del headers  # of HTTP
        return await self._duplex.request(message, interim)

    async def send(self, message: JsonObject, headers: Mapping[str, str]) -> None:
        del headers  # of HTTP
        await self._duplex.send(message)

    def listen(self, unasked: Interim) -> None:
        self._duplex.listen(unasked)

    async def close(self) -> None:
        """Close the server's input, give it a moment, then end its box."""
        self._duplex.ended = self._duplex.ended or "was closed by the gateway"
        await asyncio.shield(self._buried(self._limits.close_seconds))

    # The streams.

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        writer, self._input = await loop.connect_write_pipe(_Input, self._box.stdin)
        self._writer = writer
        reader, self._output = await loop.connect_read_pipe(
            lambda: _Output(self._take, self._gone), self._box.stdout
        )
        self._reader = reader

    def _write(self, data: bytes) -> Awaitable[None] | None:
        if self._input is None or self._input.paused:
            return self._write_later(data)
        self._write_now(data)
        return None

    async def _write_later(self, data: bytes) -> None:
        """Write when the server has read enough of what was written before."""
        while self._input is not None and self._input.paused:
            await self._input.clear.wait()
        self._write_now(data)

    def _write_now(self, data: bytes) -> None:
        if self._input is None or self._writer is None:
            raise SessionForgotten(f"{self._name} was not started")
        if self._input.lost.done() or self._writer.is_closing():
            raise SessionForgotten(f"{self._name} takes no input any more")
        self._writer.write(data + b"\n")

    def _take(self, data: bytes) -> None:
        try:
            for line in self._lines.feed(data):
                self._duplex.deliver(line)
        except TooLongLine as error:
            self._why = f"wrote an endless line ({error})"
            if self._reader is not None:
                self._reader.close()

    def _read_on(self, on: bool) -> None:
        reader = self._reader
        if reader is None or reader.is_closing():
            return
        if on:
            reader.resume_reading()
        else:
            reader.pause_reading()

    def _gone(self) -> None:
        """Its output is closed: it ended, or is of no use any more."""
        self._duplex.ended = self._duplex.ended or self._why or "closed its output"
        self._buried(0.0 if self._why else _LAST_MOMENT)

    # The end.

    def _buried(self, grace: float) -> asyncio.Task[None]:
        if self._burial is None:
            self._burial = asyncio.get_running_loop().create_task(self._bury(grace))
        return self._burial

    async def _bury(self, grace: float) -> None:
        loop = asyncio.get_running_loop()
        if self._writer is not None:
            self._writer.close()
        told = await loop.run_in_executor(_threads, self._box.wait, grace)
        if self._duplex.ended == "closed its output" and told:
            self._duplex.ended = told
        # The loop lets go of both pipes before another thread closes them.
        if self._writer is not None and self._input is not None:
            if not self._input.lost.done():
                self._writer.abort()
            await self._input.lost
        if self._reader is not None and self._output is not None:
            self._reader.close()
            await self._output.lost
        await loop.run_in_executor(_threads, self._box.stop)
        self._duplex.end(self._duplex.ended or "ended")


def _undo(making: asyncio.Future[BoxedServer]) -> None:
    """End a box that came too late."""
    if not making.cancelled() and making.exception() is None:
        _threads.submit(making.result().stop)
