"""Plays the suite's client scenarios with a gateway between the tested client and its server.

The suite starts a command for each scenario. Starting a client and a gateway for each would take
minutes, so the command (``hand_over.py``) only hands its scenario to this process, where one
gateway runs: the scenario's server is looked at, approved under a name of its own, and played
against through the gateway.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

from everything.driver import play
from everything.logging_in import Person
from gateway.approving import approval_of
from gateway.running import POLICY, Place, Running, started
from ostiary.model.approval import Approval, Start

PYTHON = sys.executable
MOST_SCENARIOS = 130
"""Played against one gateway."""
COMMAND = Path(__file__).with_name("hand_over.py")
LONGEST = 50.0
"""Seconds for one scenario; the suite gives up after sixty."""
TAKEN_UP = "lock: taken up"


class Behind:
    """The client and the gateway together, as one client for the suite to test."""

    def __init__(self, gateway: Running | None, path: Path) -> None:
        """Without a gateway, the client is tested alone."""
        self._gateway = gateway
        self._path = path
        self._number = 0
        self._waiting: list[tuple[Approval, asyncio.Future[None]]] = []
        self._news = asyncio.Event()

    async def serve(self, ready: threading.Event, stop: asyncio.Event) -> None:
        """Take scenarios until ``stop``."""
        approving = asyncio.create_task(self._approve())
        server = await asyncio.start_unix_server(self._take, self._path, limit=2**20)
        async with server:
            ready.set()
            await stop.wait()
        approving.cancel()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        job = json.loads(await reader.readline())
        problem = ""
        try:
            async with asyncio.timeout(LONGEST):
                await self._play(job["url"], job["environment"])
        except Exception:  # noqa: BLE001 - whatever it is, the suite is told
            problem = traceback.format_exc()
        writer.write(json.dumps({"problem": problem}).encode())
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()

    async def _play(self, url: str, environment: dict[str, str]) -> None:
        if self._gateway is None:
            await play(url, environment)
        else:
            await self._play_behind(self._gateway, url, environment)

    async def _play_behind(self, gateway: Running, url: str, environment: dict[str, str]) -> None:
        self._number += 1
        name = f"scenario-{self._number}"
        start = Start("http", url=url)
        if environment["MCP_CONFORMANCE_SCENARIO"].startswith("auth/"):
            person = Person(name, url, environment, gateway)
            await person.play(self._taken)
            return
        seen = await asyncio.to_thread(approval_of, name, start, gateway.place.cache)
        await self._taken(seen)
        await play(gateway.endpoint(name), {**environment, "DRIVER_TOKEN": gateway.token})

    async def _taken(self, seen: Approval) -> None:
        """Approve what was seen, and wait until the gateway goes by it."""
        taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((seen, taken))
        self._news.set()
        await taken

    async def _approve(self) -> None:
        """Write the lock for all who wait at once, and wait until the gateway goes by it."""
        gateway = self._gateway
        while gateway is not None:
            await self._news.wait()
            self._news.clear()
            waiting, self._waiting = self._waiting, []
            before = _times_taken_up(gateway)
            gateway.place.approve([seen for seen, _ in waiting])
            while _times_taken_up(gateway) == before:
                await asyncio.sleep(0.02)
            for _, taken in waiting:
                taken.set_result(None)


def _times_taken_up(gateway: Running) -> int:
    return sum(TAKEN_UP in line for line in gateway.said)


@contextlib.contextmanager
def under_test(folder: Path, *, gateway: bool) -> Iterator[tuple[list[str], dict[str, str]]]:
    """The command for the suite, and what its environment needs: a client behind a gateway, or
    alone."""
    if not gateway:
        with _playing(None, folder) as command:
            yield command
        return
    place = Place(folder)
    listen = '[gateway]\nlisten = "127.0.0.1:0"\n'
    servers = "".join(
        f"[servers.scenario-{number}]\nallow_private = true\n"
        for number in range(1, MOST_SCENARIOS)
    )
    place.make(POLICY + listen + servers)
    place.approve([])
    with started(place) as running, _playing(running, folder) as command:
        yield command


@contextlib.contextmanager
def _playing(gateway: Running | None, folder: Path) -> Iterator[tuple[list[str], dict[str, str]]]:
    path = folder / "scenarios.sock"
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()
    behind = Behind(gateway, path)
    thread = threading.Thread(target=loop.run_until_complete, args=(behind.serve(ready, stop),))
    thread.start()
    try:
        assert ready.wait(30)
        yield [PYTHON, "-I", "-S", str(COMMAND)], {"HAND_OVER": str(path)}
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(60)
        loop.run_until_complete(_settled())
        loop.close()


async def _settled() -> None:
    mine = asyncio.current_task()
    rest = [task for task in asyncio.all_tasks() if task is not mine]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
