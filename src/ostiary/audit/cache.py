"""Readings that are kept: by the artifact's digest, what was asked, and the rules that judged."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import ostiary
from ostiary.audit.order import Order
from ostiary.audit.stored import NotStored, from_bytes, to_bytes
from ostiary.files.private import NotPrivate, read_private
from ostiary.files.whole import replace_file

if TYPE_CHECKING:
    from ostiary.audit.reading import Fetched, Reading

_MOST = 256 * 1024 * 1024
"""Bytes of one reading, unpacked."""
MOST_KEPT = 1024 * 1024 * 1024
"""Bytes of all readings together, packed."""
_MARK = b"ostiary reading 1\n"
_ENDING = ".reading"


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of readings. What is damaged in it counts as absent and is made again."""

    folder: Path

    def read(self, key: str) -> bytes | None:
        """The bytes of the reading under ``key``; ``None`` if there is none that is whole."""
        return _whole(self.folder / f"{key}{_ENDING}")

    def write(self, key: str, data: bytes) -> None:
        """Keep a reading. Raises ``OSError``."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        packed = _MARK + hashlib.sha256(data).digest() + zlib.compress(data, 1)
        replace_file(self.folder / f"{key}{_ENDING}", packed, durable=False)

    def written(self, key: str) -> float:
        """When the reading under ``key`` was kept, in seconds of the epoch; 0 for never."""
        with suppress(OSError):
            return (self.folder / f"{key}{_ENDING}").stat().st_mtime
        return 0.0

    def prune(self, most: int = MOST_KEPT) -> None:
        """Forget what was kept longest ago, where all of it takes more than ``most`` bytes."""
        kept = sorted(self._files(), reverse=True)
        room = most
        for _, size, path in kept:
            room -= size
            if room < 0:
                with suppress(OSError):
                    path.unlink()

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """When each was kept, its size, and where it is."""
        with suppress(OSError):
            for path in self.folder.glob(f"*{_ENDING}"):
                with suppress(OSError):
                    about = path.stat()
                    yield about.st_mtime_ns, about.st_size, path

    def readings(self) -> Iterator[Reading]:
        """Every reading that is whole, the newest first."""
        from ostiary.audit.reading import Reading  # noqa: PLC0415 - few who keep readings read all

        for _, _, path in sorted(self._files(), reverse=True):
            data = _whole(path)
            if data is not None:
                with suppress(NotStored):
                    yield from_bytes(Reading, data)


def _whole(path: Path) -> bytes | None:
    try:
        packed = read_private(path, _MOST)
        if not packed.startswith(_MARK):
            return None
        start = len(_MARK) + hashlib.sha256().digest_size
        data = zlib.decompressobj().decompress(packed[start:], _MOST)
    except (OSError, NotPrivate, zlib.error):
        return None
    return data if hashlib.sha256(data).digest() == packed[len(_MARK) : start] else None


def key_of(fetched: Fetched, order: Order) -> str:
    """What a reading depends on, as one digest. The day counts only where ages are judged."""
    acquired = fetched.acquired
    dated = acquired.metadata is not None or order.advisories is not None
    parts: tuple[object, ...] = (
        programme(),
        acquired.target,
        sorted(acquired.stated.items()),
        acquired.metadata,
        acquired.traits,
        acquired.not_checked,
        acquired.settings,
        acquired.notes,
        fetched.differences,
        fetched.not_checked,
        order.recorded,
        order.now.date().isoformat() if dated else "",
        _advisories(order.advisories) if order.advisories is not None else "",
    )
    return hashlib.sha256(to_bytes(parts)).hexdigest()[:40]


def _advisories(folder: Path) -> list[str]:
    """The state of a folder of advisories, by the times of its files."""
    found = [str(folder.absolute())]
    with suppress(OSError):
        for path in sorted(folder.rglob("*")):
            about = path.stat()
            found.append(f"{path}:{about.st_size}:{about.st_mtime_ns}")
    return found


@cache
def programme() -> str:
    """This version of Ostiary: any change to a rule or to the engine is another one."""
    told = [ostiary.__version__]
    for where, _, names in os.walk(Path(ostiary.__file__).parent):
        for name in names:
            if name.endswith(".py"):
                about = os.stat(f"{where}/{name}")  # noqa: PTH116 - a third of the time
                told.append(f"{where}/{name}:{about.st_size}:{about.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()
