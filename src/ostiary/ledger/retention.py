"""Which whole, signed segments are old enough to be removed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from ostiary.ledger.chain import CHECKPOINT
from ostiary.ledger.line import parted, read
from ostiary.ledger.segment import line_at, segments

_TAIL = 8192
"""A checkpoint's line is shorter than this."""


class Old(NamedTuple):
    """A segment that may go."""

    segment: int
    path: Path
    number: int
    mark: str
    """Hash of its last record."""


def removable(folder: Path, current: int, before: float) -> list[Old]:
    """The oldest segments without a gap, up to the first that is not sealed by a checkpoint from
    before that time. The ``current`` one always stays. Raises ``OSError``."""
    found: list[Old] = []
    for segment, path in segments(folder):
        sealed = _sealed(path) if segment < current else None
        if sealed is None or sealed[2] >= before:
            break
        found.append(Old(segment, path, sealed[0], sealed[1]))
    return found


def _sealed(path: Path) -> tuple[int, str, float] | None:
    """Number, hash and time of the checkpoint that ends a segment; ``None`` if none does."""
    size = os.lstat(path).st_size
    tail = line_at(path, max(0, size - _TAIL), _TAIL)
    if not tail.endswith(b"\n"):
        return None
    parts = parted(tail[:-1].rsplit(b"\n", 1)[-1])
    record = read(parts[1]) if parts is not None else None
    if parts is None or record is None or record["kind"] != CHECKPOINT:
        return None
    number, at = record["number"], record["at"]
    assert type(number) is int
    return number, parts[0].decode("ascii", "replace"), float(at)  # type: ignore[arg-type]
