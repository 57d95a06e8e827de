"""Writes one chain: each event is with the operating system before its append returns."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ostiary.ledger.chain import CHECKPOINT, SEGMENT, TOMBSTONE
from ostiary.ledger.head import FORMAT, Head, checkpoint_message, write_head
from ostiary.ledger.keys import SigningKey
from ostiary.ledger.line import encode, encode_own
from ostiary.ledger.retention import removable
from ostiary.ledger.segment import file_of
from ostiary.ledger.settings import Durability, LedgerSettings
from ostiary.ledger.settling import Settling
from ostiary.ledger.tail import Tail
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
        self._tail = Tail(place.number, place.mark)
        self._settling = Settling(self._tail)
        self._opened = steady()
        self._checkpointed = place.number
        self._deadline = 0.0
        self._seal_at = 0
        self._drift = wall() - steady()
        self._missed = 0
        self._closed = False
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
        return self._tail.number

    @property
    def hash(self) -> str:
        """Hash of the last record, in hex."""
        return self._tail.mark.decode()

    def append(self, event: Event) -> Receipt:
        """Record ``event``. It has left the process on return. Raises :class:`RecordUnwritable`;
        then nothing was recorded, and a later call may succeed."""
        now = self._steady()
        tail = self._tail
        if (
            tail.number >= self._seal_at
            or now >= self._deadline
            or tail.size >= self._settings.segment_bytes
            or not -JUMP < self._wall() - now - self._drift < JUMP
        ):
            self._attend(now)
        try:
            body = encode(tail.number + 1, event)
        except (ValueError, TypeError, RecursionError) as error:
            raise RecordUnwritable(f"the event cannot be written as JSON: {error}") from None
        mark = self._put(body)
        return Receipt(tail.number, mark, self._place.writer)

    async def settled(self, receipt: Receipt) -> None:
        """Wait until ``receipt`` is on the disk, if the settings ask for that; waiters share one
        synchronisation. Raises :class:`RecordUnwritable`."""
        if self._disk:
            await self._settling.wait(receipt.number)

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
        self._closed = True
        try:
            if not self._tail.broken:
                if self._missed:
                    self._confess()
                self._watch()
                self._seal(closed=True)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let go of everything without a word in the record."""
        self._closed = True
        self._settling.close()
        self._tail.close()
        if self._place.lock >= 0:
            os.close(self._place.lock)
            self._place.lock = -1

    def resume(self, size: int) -> None:
        """Go on at the end of the segment that is there, ``size`` bytes long. Raises
        ``OSError``."""
        self._tail.take_up(file_of(self._place.folder, self._place.segment), size)

    def begin(self, segment: int, damaged: JsonObject | None = None) -> None:
        """Go on in a fresh segment. Raises :class:`RecordUnwritable`, and goes on in the old one.

        ``damaged`` says what is wrong with the one before, for whoever verifies."""
        header: JsonObject = {
            "format": FORMAT,
            "writer": self._place.writer,
            "chain": self._place.chain,
            "segment": segment,
            "previous": self.hash,
            "key": self._key.public,
            "witness": self._witness(),
        }
        if damaged is not None:
            header["damaged"] = damaged
        body = encode_own(self.number + 1, SEGMENT, self._wall(), header)
        try:
            self._tail.begin(file_of(self._place.folder, segment), body, durable=self._disk)
        except RecordUnwritable:
            self._miss()
            raise
        if self._disk:
            self._settling.number = self.number
        self._place.segment = segment
        self._opened = self._steady()

    def note(self, method: str, why: str, detail: JsonObject) -> None:
        """Record something about the record itself. Raises :class:`RecordUnwritable`."""
        event = Event(
            EventKind.GATEWAY, self._wall(), method=f"ledger/{method}", why=why, detail=detail
        )
        self._put(encode(self.number + 1, event))

    def _put(self, body: bytes) -> str:
        try:
            return self._tail.put(body)
        except RecordUnwritable:
            self._miss()
            raise

    def _miss(self) -> None:
        """Remember that something could not be written, to tell it when it can."""
        self._missed += 1
        self._seal_at = 0

    def _attend(self, now: float) -> None:
        """Everything that is not needed at every append."""
        self._tail.usable()
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
        if self._tail.size >= settings.segment_bytes or aged:
            self._watch()
            self._seal()
            self.begin(self._place.segment + 1)
            self._seal()
            self.retain()
        elif self.number > self._checkpointed and self._due(now):
            self._watch()
            self._seal()
        self._plan(now)

    def _due(self, now: float) -> bool:
        since = self.number - self._checkpointed
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
        self._put(encode_own(self.number + 1, TOMBSTONE, self._wall(), through))
        self._seal()
        for one in old:
            with suppress(OSError):
                one.path.unlink()

    def _watch(self) -> None:
        """Notice that the file under us was cut, grown, replaced or removed by somebody else."""
        self._tail.usable()
        reason = self._tail.meddled()
        if reason:
            segment = self._place.segment
            self.begin(segment + 1, {"segment": segment, "reason": reason})

    def _seal(self, *, closed: bool = False) -> None:
        """A checkpoint, and the head file after it."""
        at, before = self._wall(), self.hash
        place = self._place
        message = checkpoint_message(place.writer, place.chain, self.number, before, at)
        self._put(
            encode_own(
                self.number + 1,
                CHECKPOINT,
                at,
                {
                    "covers": self.number,
                    "key": self._key.public,
                    "signature": self._key.sign(message),
                },
            )
        )
        self._checkpointed = self.number
        if self._disk or closed:
            self._settling.now()
        self.write_head(closed=closed)

    def write_head(self, *, closed: bool = False) -> None:
        """Sign where the chain stands. A head that cannot be written is behind, not wrong."""
        place = self._place
        head = Head(
            writer=place.writer,
            chain=place.chain,
            number=self.number,
            hash=self.hash,
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
