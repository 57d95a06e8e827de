"""Opens a chain for writing: its lock, its key, and what the last run left behind."""

from __future__ import annotations

import os
import stat
import time
import uuid
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from ostiary.files.whole import replace_file
from ostiary.ledger.chain import Broken, Chain
from ostiary.ledger.failure import LedgerInUse, LedgerUnusable
from ostiary.ledger.head import FILE, Head, NoHead, read_head
from ostiary.ledger.keys import signing_key
from ostiary.ledger.lock import take
from ostiary.ledger.segment import file_of, is_writer, lines, segments, writers
from ostiary.ledger.settings import LedgerSettings
from ostiary.ledger.writer import Clock, Ledger, Place
from ostiary.model.event import RecordUnwritable
from ostiary.model.json import JsonObject

MOST_WRITERS = 64


def open_ledger(
    settings: LedgerSettings,
    clock: Clock = time.time,
    *,
    steady: Clock = time.monotonic,
    new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    writer: str = "",
) -> Ledger:
    """Open the chain of ``writer`` for writing, or the first chain that nobody writes.

    What a sudden end left is mended visibly: a torn last line is kept aside and told in a record;
    a damaged or shortened chain is left as it is and goes on in a segment that says so.
    Raises :class:`LedgerUnusable`, or :class:`LedgerInUse` if another process writes the chain.
    """
    if writer and not is_writer(writer):
        raise LedgerUnusable(f"{writer!r} is no name for a writer; use lower-case letters")
    _make_private(settings.path)
    key = signing_key(settings.key)
    folder, lock = _lock(settings.path, writer)
    try:
        past = _Past(folder, segments(folder))
        place = Place(
            folder=folder,
            writer=folder.name,
            chain=past.id or new_id(),
            segment=past.segment,
            number=past.number,
            mark=past.mark,
            lock=lock,
        )
        ledger = Ledger(
            settings,
            key,
            place,
            wall=clock,
            steady=steady,
            witness=lambda: _witness(settings.path, folder.name, key.public),
        )
    except OSError as error:
        os.close(lock)
        raise LedgerUnusable(f"cannot open the record in {folder}: {error}") from None
    except BaseException:
        os.close(lock)
        raise
    try:
        _take_up(ledger, past, key.public)
    except (OSError, RecordUnwritable) as error:
        ledger.abandon()
        raise LedgerUnusable(f"cannot open the record in {folder}: {error}") from None
    except BaseException:
        ledger.abandon()
        raise
    return ledger


def _make_private(folder: Path) -> None:
    try:
        # The folder around it is the state folder, which is its owner's alone too.
        for one in (folder.parent, folder):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)
        told = folder.stat()
    except OSError as error:
        raise LedgerUnusable(f"cannot make the folder {folder}: {error.strerror}") from None
    if told.st_uid not in (os.geteuid(), 0):
        raise LedgerUnusable(f"the folder {folder} belongs to another user")
    if told.st_mode & 0o022:
        raise LedgerUnusable(
            f"the folder {folder} can be changed by others (mode "
            f"{stat.S_IMODE(told.st_mode):04o}); chmod 700 it"
        )


def _lock(ledger: Path, writer: str) -> tuple[Path, int]:
    names = [writer] if writer else [f"{number:02d}" for number in range(1, MOST_WRITERS + 1)]
    for name in names:
        folder = ledger / name
        _make_private(folder)
        try:
            lock = take(folder)
        except OSError as error:
            raise LedgerUnusable(f"cannot lock {folder}: {error.strerror}") from None
        if lock is not None:
            return folder, lock
    raise LedgerInUse(
        f"another process writes the record in {ledger / names[0]}; stop it or name another writer"
    )


def _take_up(ledger: Ledger, past: _Past, key: str) -> None:
    if past.head is not None:
        # Before anything follows it, the head must no longer say that the record is closed.
        ledger.write_head()
        if ledger.head_behind:
            raise RecordUnwritable(ledger.head_behind)
    past.set_aside()
    if past.damage:
        ledger.begin(
            past.segment + 1,
            {"segment": past.segment, "line": past.row, "reason": past.damage},
        )
        ledger.notes.append(f"{past.folder}: {past.damage}; the record goes on in a fresh segment")
    elif not past.segment:
        ledger.begin(1)
    else:
        ledger.resume(past.size)
        if key != past.chain.key:
            ledger.begin(past.segment + 1)
    _tell(ledger, past)
    ledger.checkpoint()
    ledger.retain()


def _tell(ledger: Ledger, past: _Past) -> None:
    """Record how the last run ended, unless it ended as it should."""
    if past.damage:
        ledger.note("damaged", past.damage, {"segment": past.segment, "line": past.row})
    elif past.aside is not None:
        why = (
            f"the last run ended while it wrote: {len(past.torn)} bytes of an unfinished record "
            f"were cut and kept in {past.aside.name}"
        )
        ledger.note(
            "recovered", why, {"bytes": len(past.torn), "sha256": sha256(past.torn).hexdigest()}
        )
        ledger.notes.append(why)
    elif past.head is not None and not past.head.closed:
        unsigned = past.number - past.chain.signed
        ledger.note(
            "recovered",
            "the last run ended without closing the record; nothing was cut",
            {"bytes": 0, "unsigned": unsigned},
        )


class _Past:
    """What the last run left in one chain's folder."""

    def __init__(self, folder: Path, found: list[tuple[int, Path]]) -> None:
        self.folder = folder
        self.chain = Chain(folder.name)
        self.row = 0
        self.size = 0
        self.torn = b""
        """What an unfinished write left."""
        self.aside: Path | None = None
        """Where that goes; ``None`` if nothing was unfinished."""
        self.damage = ""
        self.head: Head | None = None
        self._unstarted: Path | None = None
        if found and _is_unstarted(found[-1][1]):
            self._leave_out(found.pop()[1])
        self.segment = found[-1][0] if found else 0
        if found:
            self._follow(found[-1][1])
        self.number = self.chain.number
        self.mark = self.chain.mark
        self.id = self.chain.chain
        self._hold_to_head(bool(found))

    def set_aside(self) -> None:
        """Move what is unfinished aside, unless it is evidence of damage. Raises ``OSError``."""
        if self.aside is None:
            return
        if self._unstarted is not None:
            self._unstarted.rename(self.aside)
        elif not self.damage:
            replace_file(self.aside, self.torn)
            os.truncate(file_of(self.folder, self.segment), self.size)

    def _leave_out(self, path: Path) -> None:
        """A segment that was begun when the run ended, and has no record yet."""
        self._unstarted = path
        self.torn = path.read_bytes()
        self.aside = path.with_name(f"{path.stem}.torn-0")

    def _follow(self, path: Path) -> None:
        try:
            for line in lines(path):
                self.row = line.row
                if not line.whole:
                    self._unfinished(path, line.text)
                    break
                self.chain.take(line.text, first=line.row == 1)
                self.size = line.offset + len(line.text) + 1
        except Broken as broken:
            self.damage = f"line {self.row} of {path.name} {broken}"

    def _unfinished(self, path: Path, text: bytes) -> None:
        if self._unstarted is not None:
            self.damage = f"{path.name} ends within a record, though another segment follows"
            return
        self.torn = text
        self.aside = path.with_name(f"{path.stem}.torn-{self.size}")

    def _hold_to_head(self, found: bool) -> None:
        """A chain that is shorter than its signed head, or has none, was tampered with."""
        try:
            self.head = head = read_head(self.folder / FILE)
        except NoHead as none:
            if found and self.chain.signed:
                self.damage = self.damage or str(none)
            return
        if head.number > self.number:
            self.damage = self.damage or (
                f"the signed head names record {head.number}, the last one here is {self.number}"
            )
            self.number, self.mark = head.number, head.hash.encode("ascii", "replace")
            self.segment = max(self.segment, head.segment)
            self.id = self.id or head.chain
        elif head.number == self.number and head.hash != self.chain.mark.decode():
            self.damage = self.damage or "the last record is not the one the signed head names"
        elif head.closed and (head.number < self.number or self.aside is not None):
            self.damage = self.damage or "records follow the signed end of the record"
        if self.chain.chain and head.chain != self.chain.chain:
            self.damage = self.damage or "the signed head belongs to another chain"


def _is_unstarted(path: Path) -> bool:
    first = next(lines(path), None)
    return first is None or (first.row == 1 and not first.whole)


def _witness(ledger: Path, writer: str, key: str) -> JsonObject:
    """Where the other chains stand, so that one that vanishes or shrinks is missed."""
    seen: JsonObject = {}
    try:
        others = writers(ledger)
    except OSError:
        return seen
    for other in others:
        if other.name != writer:
            try:
                head = read_head(other / FILE)
            except NoHead:
                continue
            if head.key == key and head.writer == other.name:
                seen[other.name] = [head.number, head.hash]
    return seen
