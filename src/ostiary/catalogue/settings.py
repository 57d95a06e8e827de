"""What the owner decides about approvals: the section ``[approvals]`` of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ostiary.catalogue.keys import public_key
from ostiary.files.place import place
from ostiary.model.json import JsonValue
from ostiary.model.setting import Table

LOCK = "ostiary.lock"


@dataclass(frozen=True, slots=True)
class ApprovalSettings:
    """The section ``[approvals]``."""

    lock: Path
    """The file of approvals. Keep it in version control, beside ``ostiary.toml``."""
    key: Path
    """File of the key that signs what this user approves. Made by the first approval."""
    seen: Path
    """Where the highest serial of each lock is remembered."""
    trusted_keys: tuple[str, ...] = ()
    """Keys whose approvals count here, as ``ed25519:KEY``. The key at ``key`` always does."""
    signatures: int = 1
    """How many trusted keys must have signed."""
    review_days: int = 90
    """Days after which an approval should be looked at again, if nothing else is said; 0 never."""

    @classmethod
    def from_table(
        cls, table: Mapping[str, JsonValue], base: Path, state: Path
    ) -> ApprovalSettings:
        """The settings of one ``[approvals]`` table. ``base`` is the folder of the settings file,
        which places are relative to; ``state`` is Ostiary's own folder. Raises
        :class:`~ostiary.model.setting.BadSetting`."""
        read = Table(table, "approvals")
        settings = cls(
            lock=place(read, "lock", base) or base / LOCK,
            key=place(read, "key", base) or state / "approval-key.pem",
            seen=state / "locks-seen.json",
            trusted_keys=_keys(read),
            signatures=read.whole("signatures", 1, 1, 64),
            review_days=read.whole("review_days", 90, 0, 3660),
        )
        read.nothing_else()
        return settings


def _keys(read: Table) -> tuple[str, ...]:
    found = read.texts("trusted_keys")
    if not all(public_key(one) for one in found):
        raise read.bad(
            "trusted_keys",
            "each key is `ed25519:` and 43 characters, as `ostiary approve --show-key` prints",
        )
    return tuple(sorted(set(found)))
