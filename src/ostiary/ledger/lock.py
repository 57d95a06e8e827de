"""The lock of one chain, which can be asked after without being touched (Linux ``F_OFD_GETLK``)."""

from __future__ import annotations

import fcntl
import os
import struct
from pathlib import Path

FILE = "lock"
_FLOCK = "hhqqi4x"
"""``struct flock``: type, whence, start, length, process."""


def take(folder: Path) -> int | None:
    """Lock a chain; the lock lasts as long as the descriptor, which is returned. ``None`` if
    another process holds it. Raises ``OSError``."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    opened = os.open(folder / FILE, flags, 0o600)
    wanted = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    try:
        fcntl.fcntl(opened, fcntl.F_OFD_SETLK, wanted)
    except BlockingIOError:
        os.close(opened)
        return None
    except BaseException:
        os.close(opened)
        raise
    return opened


def is_held(folder: Path) -> bool:
    """Whether a process holds the lock of a chain."""
    try:
        opened = os.open(folder / FILE, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        asked = struct.pack(_FLOCK, fcntl.F_RDLCK, os.SEEK_SET, 0, 0, 0)
        told = fcntl.fcntl(opened, fcntl.F_OFD_GETLK, asked)
        return bool(struct.unpack(_FLOCK, told)[0] != fcntl.F_UNLCK)
    except OSError:
        return False
    finally:
        os.close(opened)
