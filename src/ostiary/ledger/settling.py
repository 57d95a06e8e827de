"""Group commit: many waiters share one synchronisation with the disk, made in a thread."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

from ostiary.ledger.tail import Tail


class Settling:
    """How far a chain is on the disk."""

    def __init__(self, tail: Tail) -> None:
        self._tail = tail
        self._syncing: asyncio.Task[None] | None = None
        self._threads: ThreadPoolExecutor | None = None
        self.number = tail.number
        """Everything up to this number is on the disk."""

    async def wait(self, number: int) -> None:
        """Wait until ``number`` is on the disk. Raises
        :class:`~ostiary.model.event.RecordUnwritable`."""
        while number > self.number:
            self._tail.usable()
            if self._syncing is None:
                self._syncing = asyncio.get_running_loop().create_task(self._sync())
            await asyncio.shield(self._syncing)

    def now(self) -> None:
        """Bring everything to the disk without a thread. Raises
        :class:`~ostiary.model.event.RecordUnwritable`."""
        self._tail.sync()
        self.number = self._tail.number

    def close(self) -> None:
        """Wait for what is under way."""
        if self._threads is not None:
            self._threads.shutdown(wait=True)

    async def _sync(self) -> None:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        number = self._tail.number
        # The file may be left for a fresh one, and its descriptor used again, while the thread
        # waits for its turn.
        held = os.dup(self._tail.descriptor)
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, os.fdatasync, held)
            self.number = max(self.number, number)
        except OSError as error:
            raise self._tail.lost(error) from None
        finally:
            os.close(held)
            self._syncing = None
