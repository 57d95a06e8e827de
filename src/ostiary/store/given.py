"""Files that a person names on the command line, read without waiting or filling the memory."""

from __future__ import annotations

import os
import stat
from pathlib import Path


class UnusableFile(Exception):
    """The named file cannot be read. The message says which, why and what to do."""


def read_given(path: Path, limit: int) -> bytes:
    """All bytes of ``path``: a regular file, or the pipe that a shell puts in place of one.

    Raises :class:`UnusableFile`, also for more than ``limit`` bytes.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        try:
            return _read(path, handle, limit)
        finally:
            os.close(handle)
    except OSError as error:
        raise UnusableFile(f"cannot read {path}: {error.strerror}") from None


def _read(path: Path, handle: int, limit: int) -> bytes:
    about = os.fstat(handle)
    if stat.S_ISFIFO(about.st_mode) and not _named(about):
        os.set_blocking(handle, True)
    elif not stat.S_ISREG(about.st_mode):
        raise UnusableFile(
            f"cannot read {path}: it is no regular file; give a copy of what it holds"
        )
    pieces: list[bytes] = []
    size = 0
    while piece := os.read(handle, min(limit + 1 - size, 1 << 20)):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise UnusableFile(f"{path} is larger than {limit:,} bytes; split it")
    return b"".join(pieces)


def _named(about: os.stat_result) -> bool:
    """Whether a pipe lies in a folder, where a writer may never come. A shell's own does not."""
    return about.st_dev != _pipes()


def _pipes() -> int:
    reading, writing = os.pipe()
    try:
        return os.fstat(reading).st_dev
    finally:
        os.close(reading)
        os.close(writing)
