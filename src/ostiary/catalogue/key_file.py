"""A secret of this machine's own: a file of random bytes that only its user can read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ostiary.model.setting import BadSetting


def secret_key(path: Path, size: int) -> bytes:
    """The ``size`` bytes at ``path``, made if there is no file. Replicas share the key by sharing
    the file.

    Raises :class:`BadSetting` if the file cannot be used or others can read it.
    """
    try:
        return _read(path, size)
    except FileNotFoundError:
        pass
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            os.write(handle, os.urandom(size))
            os.fsync(handle)
        finally:
            os.close(handle)
        try:
            # Linking, not renaming: of two that start at once, the first one's key stays.
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
        return _read(path, size)
    except OSError as error:
        raise BadSetting(
            "state", f"the key {path} cannot be made ({error.strerror}); make the folder writable"
        ) from None


def _read(path: Path, size: int) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        about = os.fstat(handle)
        if stat.S_IMODE(about.st_mode) & 0o077:
            raise BadSetting("state", f"others can read the key {path}; run: chmod 600 {path}")
        key = os.read(handle, size + 1)
    finally:
        os.close(handle)
    if len(key) != size:
        raise BadSetting("state", f"{path} is no key of ours; remove it and a new one is made")
    return key
