"""What the owner decides about approvals: the section ``[approvals]`` of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ostiary.catalogue.keys import public_key
from ostiary.model.json import JsonValue
from ostiary.model.setting import BadSetting

LOCK = "ostiary.lock"
_KNOWN = frozenset({"lock", "key", "trusted_keys", "signatures", "review_days"})


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
        :class:`BadSetting`."""
        for name in sorted(table.keys() - _KNOWN):
            raise BadSetting(
                f"approvals.{name}", f"is not a setting; known are {', '.join(sorted(_KNOWN))}"
            )
        return cls(
            lock=_place(table, "lock", base) or base / LOCK,
            key=_place(table, "key", base) or state / "approval-key.pem",
            seen=state / "locks-seen.json",
            trusted_keys=_keys(table.get("trusted_keys", [])),
            signatures=_count(table, "signatures", 1, 1, 64),
            review_days=_count(table, "review_days", 90, 0, 3660),
        )


def _place(table: Mapping[str, JsonValue], name: str, base: Path) -> Path | None:
    value = table.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value or "\0" in value:
        raise BadSetting(f"approvals.{name}", "must be the path of a file, as text")
    try:
        return base / Path(value).expanduser()
    except RuntimeError:
        raise BadSetting(f"approvals.{name}", "names a home that is not known") from None


def _keys(value: JsonValue) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise BadSetting("approvals.trusted_keys", 'must be a list of keys, ["ed25519:…"]')
    found = []
    for one in value:
        if not isinstance(one, str) or public_key(one) is None:
            raise BadSetting(
                "approvals.trusted_keys",
                "each key is `ed25519:` and 43 characters, as `ostiary approve --show-key` prints",
            )
        found.append(one)
    return tuple(sorted(set(found)))


def _count(table: Mapping[str, JsonValue], name: str, default: int, least: int, most: int) -> int:
    value = table.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadSetting(f"approvals.{name}", f"must be a whole number from {least} to {most}")
    return value
