"""Files written whole or not at all, and only over what was read."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ostiary.catalogue.failure import LockMoved, LockUnreadable, LockUnwritable
from ostiary.files.whole import sync_folder, written_beside

LARGEST = 64 * 1024 * 1024

ABSENT = "absent"
"""The print of a file that is not there."""


def read_file(path: Path) -> bytes | None:
    """The bytes of a file; ``None`` if it is not there. Raises :class:`LockUnreadable`."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LockUnreadable(f"{path} cannot be read: {error.strerror}") from None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise LockUnreadable(f"{path} is not a file; name another place as approvals.lock")
        try:
            data = file.read(LARGEST + 1)
        except OSError as error:
            raise LockUnreadable(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > LARGEST:
        raise LockUnreadable(f"{path} is larger than {LARGEST:,} bytes, which no lock is")
    return data


def print_of(data: bytes | None) -> str:
    """Names exactly these bytes, to tell later whether they are still there."""
    return ABSENT if data is None else hashlib.sha256(data).hexdigest()


def write_file(path: Path, data: bytes, over: str, mode: int = 0o644) -> None:
    """Put ``data`` in the place of the bytes whose print is ``over``, durably.

    A link is followed, and the mode of a file that is there is kept. Raises :class:`LockMoved` if
    something else stands there by now, and :class:`LockUnwritable`; the old file then still stands.
    """
    target = Path(os.path.realpath(path))
    try:
        folder = 0o777 if mode & 0o077 else 0o700
        target.parent.mkdir(mode=folder, parents=True, exist_ok=True)
        with _alone(target.parent):
            _replace(target, data, over, mode, path)
    except OSError as error:
        raise LockUnwritable(
            f"{path} cannot be written: {error.strerror}; nothing was changed"
        ) from None


def _replace(target: Path, data: bytes, over: str, mode: int, shown: Path) -> None:
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE(target.stat().st_mode)
    with written_beside(target, data, mode) as fresh:
        if print_of(read_file(target)) != over:
            raise LockMoved(
                f"{shown} was changed by somebody else in the meantime; nothing was written, "
                "run the command again"
            )
        fresh.replace(target)
    sync_folder(target.parent)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer of a folder at a time, among those that ask."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
