"""The end of one chain: the open segment file, and what every line written to it moves on."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ostiary.files.whole import sync_folder
from ostiary.ledger.line import LARGEST_LINE, joined, link
from ostiary.model.event import RecordUnwritable

_FRESH = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_THERE = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW


class Tail:
    """Where the next line goes. A line is whole with the operating system, or is not there."""

    def __init__(self, number: int, mark: bytes) -> None:
        self.number = number
        """Of the last line."""
        self.mark = mark
        """Hash of the last line, in hex."""
        self.path = Path()
        self.descriptor = -1
        self.size = 0
        """Bytes of whole lines in the file."""
        self.broken = ""
        """Why nothing may be written any more; empty while it may."""
        self._torn = False

    def take_up(self, path: Path, size: int) -> None:
        """Go on at the end of a file of ``size`` bytes. Raises ``OSError``."""
        self.descriptor = os.open(path, _THERE)
        self.path, self.size = path, size

    def put(self, body: bytes) -> str:
        """Write one line; returns its hash. Raises :class:`RecordUnwritable`."""
        if self._torn or self.broken or self.descriptor < 0:
            self._mend()
        if len(body) > LARGEST_LINE - 128:
            raise RecordUnwritable("the event is larger than a record may be")
        mark = link(self.mark, body)
        line = joined(mark, body)
        try:
            written = os.write(self.descriptor, line)
        except OSError as error:
            raise self._failed(error) from None
        if written != len(line):
            raise self._failed(None)
        self.number += 1
        self.mark = mark
        self.size += written
        return mark.decode()

    def begin(self, path: Path, header: bytes, *, durable: bool) -> None:
        """Go on in a fresh file that begins with ``header``. Raises :class:`RecordUnwritable`, and
        goes on in the old one."""
        try:
            fresh = os.open(path, _FRESH, 0o600)
        except OSError as error:
            raise _unwritable(f"cannot make {path}", error) from None
        old = (self.descriptor, self.path, self.size, self.number, self.mark)
        self.descriptor, self.path, self.size = fresh, path, 0
        try:
            self.put(header)
            if durable:
                self._settle(old[0])
        except RecordUnwritable:
            self.descriptor, self.path, self.size, self.number, self.mark = old
            self._torn = False
            os.close(fresh)
            with suppress(OSError):
                path.unlink()
            raise
        if old[0] >= 0:
            os.close(old[0])

    def usable(self) -> None:
        """Raises :class:`RecordUnwritable` if nothing may be written."""
        if self.broken:
            raise RecordUnwritable(self.broken)
        if self.descriptor < 0:
            raise RecordUnwritable("the record is closed")

    def meddled(self) -> str:
        """What somebody else did to the file; empty if nothing."""
        try:
            ours, there = os.fstat(self.descriptor), self.path.lstat()
        except OSError:
            return "the file was removed while it was written"
        if (ours.st_ino, ours.st_dev) != (there.st_ino, there.st_dev):
            return "the file was replaced while it was written"
        if ours.st_size != self.size:
            return f"the file has {ours.st_size} bytes where {self.size} were written"
        return ""

    def sync(self) -> None:
        """Wait until everything written is on the disk. Raises :class:`RecordUnwritable`."""
        try:
            os.fdatasync(self.descriptor)
        except OSError as error:
            raise self.lost(error) from None

    def lost(self, error: OSError) -> RecordUnwritable:
        """The refusal after a failed synchronisation: nobody knows what the disk has, and a second
        attempt would succeed without it."""
        self.broken = (
            f"the disk did not take {self.path}: {error.strerror}; mend the disk, then restart "
            "the gateway, which checks the record"
        )
        return RecordUnwritable(self.broken)

    def close(self) -> None:
        """Let go of the file."""
        if self.descriptor < 0:
            return
        with suppress(OSError):
            os.fdatasync(self.descriptor)
        os.close(self.descriptor)
        self.descriptor = -1

    def _settle(self, old: int) -> None:
        """Bring the end of the old file, and the fresh one with its name, to the disk."""
        try:
            if old >= 0:
                os.fdatasync(old)
            os.fdatasync(self.descriptor)
            sync_folder(self.path.parent)
        except OSError as error:
            raise self.lost(error) from None

    def _failed(self, error: OSError | None) -> RecordUnwritable:
        """The refusal for a failed write. The file is mended now, or before the next line."""
        self._torn = True
        with suppress(RecordUnwritable):
            self._mend()
        return _unwritable(f"cannot write to {self.path}", error)

    def _mend(self) -> None:
        """Cut what a failed write left behind. Raises :class:`RecordUnwritable`."""
        self.usable()
        try:
            os.ftruncate(self.descriptor, self.size)
        except OSError as error:
            raise RecordUnwritable(
                f"cannot mend {self.path}: {error.strerror}; free the disk"
            ) from None
        self._torn = False


def _unwritable(what: str, error: OSError | None) -> RecordUnwritable:
    reason = (error.strerror if error is not None else "") or "the disk is full"
    return RecordUnwritable(f"{what}: {reason}; free the disk, nothing is forwarded until then")
