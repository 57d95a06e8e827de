"""Reads an artifact file of any kind into memory."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import IO

from ostiary.supply.artifact.acquired import Unobtainable
from ostiary.supply.artifact.bounds import Bounds
from ostiary.supply.artifact.gather import Gathering
from ostiary.supply.artifact.tars import Unreadable, read_tar
from ostiary.supply.artifact.zips import read_zip


def open_artifact(file: Path, bounds: Bounds) -> IO[bytes]:
    """A regular file of acceptable size. Raises :class:`Unobtainable`."""
    try:
        # A pipe or device under the given name would block or never end.
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unobtainable(f"{file} cannot be read: {error.strerror}", "check the path") from None
    opened = os.fdopen(handle, "rb")
    status = os.fstat(handle)
    if stat.S_ISREG(status.st_mode) and status.st_size <= bounds.archive_bytes:
        return opened
    opened.close()
    if stat.S_ISREG(status.st_mode):
        raise Unobtainable(f"{file} is larger than {bounds.archive_bytes} bytes")
    raise Unobtainable(f"{file} is no regular file", "name a file or a folder")


def digest_of(opened: IO[bytes], algorithm: str = "sha256") -> bytes:
    opened.seek(0)
    found = hashlib.new(algorithm, usedforsecurity=False)
    while data := opened.read(1024 * 1024):
        found.update(data)
    opened.seek(0)
    return found.digest()


def read_archive(opened: IO[bytes], name: str, into: Gathering) -> None:
    """Add every file of an archive, told apart by its first bytes, not its name. Raises
    :class:`Unobtainable`."""
    opened.seek(0)
    start = opened.read(4)
    opened.seek(0)
    try:
        if start[:2] == b"PK":
            read_zip(opened, into)
        else:
            read_tar(opened, into)
    except Unreadable as error:
        raise Unobtainable(f"{name} cannot be unpacked: {error}", "check the file") from None
    except OSError as error:
        raise Unobtainable(
            f"{name} could not be unpacked: {error.strerror or error}",
            "free space for temporary files",
        ) from None


def without_first_folder(into: Gathering) -> str:
    """Drop the one folder that all files of a package lie in (``package/`` of npm,
    ``name-version/`` of a source archive), as installers do. Returns its name."""
    tops = {path.partition("/")[0] for path in into.files}
    nested = all("/" in path for path in into.files)
    if len(tops) != 1 or not nested:
        return ""
    top = tops.pop()
    into.drop_prefix(f"{top}/")
    return top
