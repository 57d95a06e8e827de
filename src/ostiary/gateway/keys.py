"""The gateway's own secret, from which sealed ids are made: a file that only its user can read."""

from __future__ import annotations

from pathlib import Path

from ostiary.catalogue.key_file import secret_key
from ostiary.gateway.seal import KEY_BYTES


def session_key(path: Path) -> bytes:
    """The key at ``path``, made if there is none. Replicas share it by sharing the file.

    Raises :class:`~ostiary.model.setting.BadSetting` if the file cannot be used or others can read
    it.
    """
    return secret_key(path, KEY_BYTES)
