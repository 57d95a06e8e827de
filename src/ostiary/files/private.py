"""Files that nobody else may read or change: keys, tokens (CWE-732)."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ostiary.files.whole import sync_folder, written_beside

OTHERS = 0o077
"""Rights of everybody but the owner."""
OTHERS_WRITE = 0o022


class NotPrivate(Exception):
    """Somebody else may have a hand in a file. The message ends the sentence "the file …"."""


def make_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all; of two that make it at once,
    the first one's stays. Raises ``FileExistsError`` if it is there, and ``OSError``."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with written_beside(path, data) as fresh:
        os.link(fresh, path)
    sync_folder(path.parent)


def read_private(path: Path, most: int, *, without: int = OTHERS) -> bytes:
    """At most ``most`` bytes of a file of this user, or of root, that others have no right of
    ``without`` to. Raises :class:`NotPrivate`, ``FileNotFoundError`` and ``OSError``."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise NotPrivate("is not a file; move it away")
        if about.st_uid not in (os.geteuid(), 0):
            raise NotPrivate("belongs to another user; make your own")
        if about.st_mode & without:
            rights = "read or changed" if without == OTHERS else "changed"
            raise NotPrivate(
                f"can be {rights} by others (mode {stat.S_IMODE(about.st_mode):04o}); if nobody "
                f"did, run `chmod 600 {path}`, else replace it"
            )
        return file.read(most)
