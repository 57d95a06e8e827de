"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_beside(
    path: Path, data: bytes, mode: int = 0o600, *, durable: bool = True
) -> Iterator[Path]:
    """A complete file in the folder of ``path``, to be moved or linked there; it is gone when the
    block ends. What is not ``durable`` may be lost if the machine stops. Raises ``OSError``."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


def replace_file(path: Path, data: bytes, mode: int = 0o600, *, durable: bool = True) -> None:
    """Put ``data`` in the place of what is at ``path``. Raises ``OSError``; then it still is."""
    with written_beside(path, data, mode, durable=durable) as fresh:
        fresh.replace(path)
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk. Raises ``OSError``."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
