"""Writes one chain: each event is with the operating system before its append returns."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ostiary.ledger.chain import CHECKPOINT, SEGMENT, TOMBSTONE
from ostiary.ledger.head import FORMAT, Head, checkpoint_message, write_head
from ostiary.ledger.keys import SigningKey
from ostiary.ledger.line import LARGEST_LINE, encode, encode_own, joined, link
from ostiary.ledger.retention import removable
from ostiary.ledger.segment import file_of
from ostiary.ledger.settings import Durability, LedgerSettings
from ostiary.model.event import Event, EventKind, RecordUnwritable
from ostiary.model.json import JsonObject

JUMP = 2.0
"""Seconds between the wall clock and the steady clock from which on a jump is noted."""

Clock = Callable[[], float]


class Receipt(NamedTuple):
    """Where an event stands in the record."""

    number: int
    hash: str
    writer: str


@dataclass(slots=True)
class Place:
    """Where a chain stands when it is taken up."""

    folder: Path
    writer: str
    chain: str
    segment: int
    number: int
    mark: bytes
    lock: int
    """Descriptor that holds the lock; closed with the ledger."""


class Ledger:
    """One writer's chain. Used from one thread; :func:`~ostiary.ledger.opening.open_ledger` makes
    it."""

    def __init__(
        self,
        settings: LedgerSettings,
        key: SigningKey,
        place: Place,
        *,
        wall: Clock,
        steady: Clock,
        witness: Callable[[], JsonObject],
    ) -> None:
        self._settings = settings
        self._key = key
        self._place = place
        self._wall = wall
        self._steady = steady
        self._witness = witness
        self._disk = settings.durability is Durability.DISK
        self._number = place.number
        self._mark = place.mark
        self._fd = -1
        self._path = file_of(place.folder, place.segment)
        self._size = 0
        self._opened = steady()
        self._checkpointed = place.number
        self._deadline = 0.0
        self._seal_at = 0
        self._drift = wall() - steady()
        self._missed = 0
        self._torn = False
        self._broken = ""
        self._closed = False
        self._synced = place.number
        self._syncing: asyncio.Task[None] | None = None
        self._threads: ThreadPoolExecutor | None = None
        self.head_behind = ""
        """Why the head file could not be written last time; empty if it could."""
        self.notes: list[str] = []
        """What people should know about how it was opened, one sentence each."""

    @property
    def writer(self) -> str:
        return self._place.writer

    @property
    def number(self) -> int:
        """Number of the last record."""
        return self._number

    @property
    def hash(self) -> str:
        """Hash of the last record, in hex."""
        return self._mark.decode()

    def append(self, event: Event) -> Receipt:
        """Record ``event``. It has left the process on return. Raises :class:`RecordUnwritable`;
        then nothing was recorded, and a later call may succeed."""
        now = self._steady()
        if (
            self._number >= self._seal_at
            or now >= self._deadline
            or self._size >= self._settings.segment_bytes
            or not -JUMP < self._wall() - now - self._drift < JUMP
        ):
            self._attend(now)
        try:
            body = encode(self._number + 1, event)
        except (ValueError, TypeError, RecursionError) as error:
            raise RecordUnwritable(f"the event cannot be written as JSON: {error}") from None
        mark = self._put(body)
        return Receipt(self._number, mark, self._place.writer)

    async def settled(self, receipt: Receipt) -> None:
        """Wait until ``receipt`` is on the disk, if the settings ask for that; waiters share one
        synchronisation. Raises :class:`RecordUnwritable`."""
        if not self._disk:
            return
        while receipt.number > self._synced:
            self._usable()
            if self._syncing is None:
                self._syncing = asyncio.get_running_loop().create_task(self._sync())
            await asyncio.shield(self._syncing)

    def tick(self) -> None:
        """Write what is due: a checkpoint, a rotation. Never raises; :meth:`append` will."""
        with suppress(RecordUnwritable):
            now = self._steady()
            if now >= self._deadline or self._missed:
                self._attend(now)

    async def run(self) -> None:
        """Call :meth:`tick` in time, until cancelled."""
        while True:
            await asyncio.sleep(self._settings.checkpoint_seconds)
            self.tick()

    def checkpoint(self) -> None:
        """Sign everything so far. Raises :class:`RecordUnwritable`."""
        self._watch()
        self._seal()

    def close(self) -> None:
        """Sign the end of the record and let go of it. Raises :class:`RecordUnwritable` if the end
        could not be signed; it is closed all the same. May be called again."""
        if self._closed:
            return
        try:
            if not self._broken:
                if self._missed:
                    self._confess()
                self._seal(closed=True)
        finally:
            self._closed = True
            if self._threads is not None:
                self._threads.shutdown(wait=True)
            if self._fd >= 0:
                with suppress(OSError):
                    os.fdatasync(self._fd)
                os.close(self._fd)
            os.close(self._place.lock)
            self._fd = -1

    def resume(self, size: int) -> None:
        """Go on at the end of the segment that is there, ``size`` bytes long."""
        self._fd = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW)
        self._size = size
        self._plan(self._steady())

    def begin(self, segment: int, damaged: JsonObject | None = None) -> None:
        """Go on in a fresh segment. Raises :class:`RecordUnwritable`, and goes on in the old one.

        ``damaged`` says what is wrong with the one before, for whoever verifies."""
        path = file_of(self._place.folder, segment)
        header: JsonObject = {
            "format": FORMAT,
            "writer": self._place.writer,
            "chain": self._place.chain,
            "segment": segment,
            "previous": self._mark.decode(),
            "key": self._key.public,
            "witness": self._witness(),
        }
        if damaged is not None:
            header["damaged"] = damaged
        old = (self._fd, self._path, self._size)
        stood = (self._number, self._mark)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            fresh = os.open(path, flags, 0o600)
        except OSError as error:
            raise self._failed(f"cannot make {path}", error) from None
        try:
            self._fd, self._path, self._size = fresh, path, 0
            self._put(encode_own(self._number + 1, SEGMENT, self._wall(), header))
            self._sync_new(old[0])
        except (RecordUnwritable, OSError) as error:
            self._fd, self._path, self._size = old
            self._number, self._mark = stood
            self._torn = False
            os.close(fresh)
            with suppress(OSError):
                path.unlink()
            if isinstance(error, OSError):
                raise self._lost(error) from None
            raise
        if old[0] >= 0:
            os.close(old[0])
        self._place.segment = segment
        self._opened = self._steady()

    def note(self, method: str, why: str, detail: JsonObject) -> None:
        """Record something about the record itself. Raises :class:`RecordUnwritable`."""
        event = Event(
            EventKind.GATEWAY, self._wall(), method=f"ledger/{method}", why=why, detail=detail
        )
        self._put(encode(self._number + 1, event))

    def _put(self, body: bytes) -> str:
        """Write one line and move the chain on. Raises :class:`RecordUnwritable`."""
        if self._torn or self._broken or self._fd < 0:
            self._repair()
        if len(body) > LARGEST_LINE - 128:
            raise RecordUnwritable("the event is larger than a record may be")
        mark = link(self._mark, body)
        line = joined(mark, body)
        try:
            written = os.write(self._fd, line)
        except OSError as error:
            self._torn = True
            raise self._failed(f"cannot write to {self._path}", error) from None
        if written != len(line):
            self._torn = True
            raise self._failed(f"cannot write to {self._path}", None)
        self._number += 1
        self._mark = mark
        self._size += written
        return mark.decode()

    def _failed(self, what: str, error: OSError | None) -> RecordUnwritable:
        """The refusal for a failed write. The file is mended now, or before the next append."""
        self._missed += 1
        self._seal_at = 0
        if self._torn:
            with suppress(RecordUnwritable):
                self._repair()
        reason = (error.strerror if error is not None else "") or "the disk is full"
        return RecordUnwritable(f"{what}: {reason}; free the disk, nothing is forwarded until then")

    def _repair(self) -> None:
        """Cut what a failed write left behind. Raises :class:`RecordUnwritable`."""
        self._usable()
        try:
            os.ftruncate(self._fd, self._size)
        except OSError as error:
            raise RecordUnwritable(
                f"cannot mend {self._path}: {error.strerror}; free the disk"
            ) from None
        self._torn = False

    def _usable(self) -> None:
        if self._closed or self._fd < 0:
            raise RecordUnwritable("the record is closed")
        if self._broken:
            raise RecordUnwritable(self._broken)

    def _attend(self, now: float) -> None:
        """Everything that is not needed at every append."""
        self._usable()
        if self._missed:
            self._confess()
        drift = self._wall() - now
        if not -JUMP < drift - self._drift < JUMP:
            ahead = drift - self._drift
            self._drift = drift
            way = "forward" if ahead > 0 else "back"
            self.note("clock", f"the clock was set {way}, or the machine slept", {"seconds": ahead})
        self._drift = drift
        settings = self._settings
        aged = now - self._opened >= settings.segment_hours * 3600
        if self._size >= settings.segment_bytes or aged:
            self._watch()
            self._seal()
            self.begin(self._place.segment + 1)
            self._seal()
            self.retain()
        elif self._number > self._checkpointed and self._due(now):
            self._watch()
            self._seal()
        self._plan(now)

    def _due(self, now: float) -> bool:
        since = self._number - self._checkpointed
        return now >= self._deadline or since >= self._settings.checkpoint_records

    def _plan(self, now: float) -> None:
        settings = self._settings
        self._seal_at = self._checkpointed + settings.checkpoint_records
        rotate = self._opened + settings.segment_hours * 3600
        self._deadline = min(now + settings.checkpoint_seconds, rotate)

    def _confess(self) -> None:
        missed, self._missed = self._missed, 0
        try:
            self.note(
                "unwritable",
                f"{missed} attempts to record something failed before this record",
                {"attempts": missed},
            )
        except RecordUnwritable:
            self._missed += missed
            raise

    def retain(self) -> None:
        """Remove what is older than the settings keep, after a signed record that says so.
        Raises :class:`RecordUnwritable`, and then removes nothing."""
        days = self._settings.keep_days
        if not days:
            return
        place = self._place
        try:
            old = removable(place.folder, place.segment, self._wall() - days * 86_400)
        except OSError:
            return
        if not old:
            return
        through: JsonObject = {
            "through": old[-1].number,
            "mark": old[-1].mark,
            "segments": [old[0].segment, old[-1].segment],
            "keep_days": days,
        }
        self._put(encode_own(self._number + 1, TOMBSTONE, self._wall(), through))
        self._seal()
        for one in old:
            with suppress(OSError):
                one.path.unlink()

    def _watch(self) -> None:
        """Notice that the file under us was cut, grown, replaced or removed by somebody else."""
        reason = ""
        try:
            ours, there = os.fstat(self._fd), self._path.lstat()
        except OSError:
            reason = "the file was removed while it was written"
        else:
            if (ours.st_ino, ours.st_dev) != (there.st_ino, there.st_dev):
                reason = "the file was replaced while it was written"
            elif ours.st_size != self._size:
                reason = f"the file has {ours.st_size} bytes where {self._size} were written"
        if reason:
            segment = self._place.segment
            self.begin(segment + 1, {"segment": segment, "reason": reason})

    def _seal(self, *, closed: bool = False) -> None:
        """A checkpoint, and the head file after it."""
        at, before = self._wall(), self._mark.decode()
        place = self._place
        message = checkpoint_message(place.writer, place.chain, self._number, before, at)
        self._put(
            encode_own(
                self._number + 1,
                CHECKPOINT,
                at,
                {
                    "covers": self._number,
                    "key": self._key.public,
                    "signature": self._key.sign(message),
                },
            )
        )
        self._checkpointed = self._number
        if self._disk or closed:
            self._sync_now()
        self.write_head(closed=closed)

    def write_head(self, *, closed: bool = False) -> None:
        """Sign where the chain stands. A head that cannot be written is behind, not wrong."""
        place = self._place
        head = Head(
            writer=place.writer,
            chain=place.chain,
            number=self._number,
            hash=self._mark.decode(),
            segment=place.segment,
            at=self._wall(),
            closed=closed,
            key=self._key.public,
        ).signed(self._key)
        try:
            write_head(place.folder, head, sync=self._disk or closed)
            self.head_behind = ""
        except OSError as error:
            self.head_behind = f"cannot write the head of the record: {error.strerror or error}"

    def _sync_now(self) -> None:
        try:
            os.fdatasync(self._fd)
        except OSError as error:
            raise self._lost(error) from None
        self._synced = max(self._synced, self._number)

    def _sync_new(self, old: int) -> None:
        """Make a fresh segment, and the end of the one before, as durable as the settings ask."""
        if not self._disk:
            return
        if old >= 0:
            os.fdatasync(old)
        os.fdatasync(self._fd)
        folder = os.open(self._place.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._synced = self._number

    async def _sync(self) -> None:
        """One synchronisation for everything written so far."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        number = self._number
        # The segment may be rotated away, and its descriptor used again, while the thread waits.
        held = os.dup(self._fd)
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, os.fdatasync, held)
            self._synced = max(self._synced, number)
        except OSError as error:
            raise self._lost(error) from None
        finally:
            os.close(held)
            self._syncing = None

    def _lost(self, error: OSError) -> RecordUnwritable:
        """After a failed synchronisation nobody knows what the disk has: stop until looked at."""
        self._broken = (
            f"the disk did not take {self._path}: {error.strerror}; mend the disk, then restart "
            "the gateway, which checks the record"
        )
        return RecordUnwritable(self._broken)
