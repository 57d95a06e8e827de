"""A secret of this machine's own: a file of random bytes that only its user can read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ostiary.files.private import NotPrivate, make_private, read_private
from ostiary.model.setting import BadSetting


def secret_key(path: Path, size: int) -> bytes:
    """The ``size`` bytes at ``path``, made if there is no file. Replicas share the key by sharing
    the file.

    Raises :class:`BadSetting` if the file cannot be used or others can read it.
    """
    try:
        with suppress(FileExistsError):
            if not path.exists():
                make_private(path, os.urandom(size))
        key = read_private(path, size + 1)
    except NotPrivate as problem:
        raise BadSetting("state", f"the key {path} {problem}") from None
    except OSError as error:
        raise BadSetting(
            "state", f"the key {path} cannot be used ({error.strerror}); make the folder writable"
        ) from None
    if len(key) != size:
        raise BadSetting("state", f"{path} is no key of ours; remove it and one is made")
    return key
