"""The files of one chain: their names, and their lines one by one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ostiary.ledger.line import LARGEST_LINE

_NAME = re.compile(r"(\d{8})\.log")
_WRITER = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Raw(NamedTuple):
    """One line as it stands in a file."""

    row: int
    """From 1."""
    offset: int
    text: bytes
    """Without its line feed."""
    whole: bool
    """Whether it ended with a line feed."""


def file_of(folder: Path, segment: int) -> Path:
    return folder / f"{segment:08d}.log"


def segments(folder: Path) -> list[tuple[int, Path]]:
    """The segment files of a chain, in order. Raises ``OSError``."""
    found = [(_NAME.fullmatch(path.name), path) for path in folder.iterdir()]
    return sorted((int(match[1]), path) for match, path in found if match is not None)


def writers(ledger: Path) -> list[Path]:
    """The folders of all chains, sorted. Raises ``OSError``."""
    return sorted(
        path
        for path in ledger.iterdir()
        if is_writer(path.name) and path.is_dir() and not path.is_symlink()
    )


def is_writer(name: str) -> bool:
    """Whether a name can be a writer's: lower-case letters, digits and ``-``."""
    return _WRITER.fullmatch(name) is not None


def lines(path: Path, offset: int = 0, row: int = 1) -> Iterator[Raw]:
    """The lines of a segment file from ``offset`` on. A line that is longer than a ledger writes
    is cut there and not whole. Raises ``OSError``."""
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(opened, "rb", buffering=1 << 18) as file:
        file.seek(offset)
        while line := file.readline(LARGEST_LINE + 1):
            whole = line.endswith(b"\n")
            yield Raw(row, offset, line[:-1] if whole else line, whole)
            if not whole:
                return
            offset += len(line)
            row += 1


def line_at(path: Path, offset: int, size: int) -> bytes:
    """``size`` bytes at ``offset``. Raises ``OSError``."""
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        return os.pread(opened, size, offset)
    finally:
        os.close(opened)
