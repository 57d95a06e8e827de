"""The folder of fetched packages: entries appear whole or not at all, one writer each."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

_RECORD = "ostiary.json"


class CacheFull(OSError):
    """The cache cannot be written: no space, no permission, or what was fetched is too big."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a cached package. Paths are relative to its folder."""

    version: str
    digest: str
    programs: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def entry(cache: Path, kind: str, name: str) -> Path:
    """Where a package of this name and version lies: readable, and safe as one path component."""
    safe = "".join(one if one.isalnum() or one in "@._+-" else "_" for one in name).lstrip(".")
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return cache / kind / f"{safe[:120]}-{mark}"


def read(folder: Path) -> Record | None:
    """The record of a complete entry; ``None`` if there is none."""
    try:
        found = json.loads((folder / _RECORD).read_text("utf-8"))
        programs = tuple((str(name), str(path)) for name, path in found["programs"])
        notes = tuple(str(note) for note in found["notes"])
        return Record(str(found["version"]), str(found["digest"]), programs, notes)
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def workspace(cache: Path) -> Iterator[Path]:
    """A folder to fetch into, removed at the end unless it was moved away. Raises
    :class:`CacheFull`."""
    try:
        (cache / "tmp").mkdir(parents=True, exist_ok=True, mode=0o755)
        folder = Path(tempfile.mkdtemp(prefix="fetch-", dir=cache / "tmp"))
        folder.chmod(0o755)
    except OSError as error:
        raise CacheFull(f"{cache}: {error.strerror}") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(folder: Path, place: Path, record: Record) -> None:
    """Move a finished folder to its place. If somebody was faster, theirs stays. Raises
    :class:`CacheFull`."""
    try:
        (folder / _RECORD).write_text(json.dumps(asdict(record), indent=1), "utf-8")
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        if place.exists() and read(place) is None:
            shutil.rmtree(place, ignore_errors=True)
        with suppress(FileExistsError):
            try:
                folder.rename(place)
            except OSError:
                if read(place) is None:
                    raise
    except OSError as error:
        raise CacheFull(f"{place}: {error.strerror}") from None


@contextmanager
def locked(cache: Path, name: str) -> Iterator[None]:
    """Hold a name for one process and thread. The lock goes with the process that holds it.
    Raises :class:`CacheFull`."""
    mark = hashlib.sha256(name.encode()).hexdigest()[:24]
    try:
        (cache / "locks").mkdir(parents=True, exist_ok=True, mode=0o755)
        handle = os.open(cache / "locks" / mark, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CacheFull(f"{cache}: {error.strerror}") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def check_size(folder: Path, most_bytes: int, most_files: int) -> None:
    """Raises :class:`CacheFull` if a tree is larger than allowed."""
    size = count = 0
    for where, _, files in os.walk(folder):
        count += len(files)
        for name in files:
            with suppress(OSError):
                size += os.lstat(os.path.join(where, name)).st_size  # noqa: PTH118 - speed
        if size > most_bytes or count > most_files:
            raise CacheFull(f"the package is larger than {most_bytes} bytes or {most_files} files")
