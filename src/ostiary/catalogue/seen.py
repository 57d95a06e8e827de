"""Remembers the highest serial of each lock, so that an older one put back is noticed.

A signature alone does not help there: the older lock was signed too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ostiary.catalogue.atomic import print_of, read_file, write_file
from ostiary.catalogue.failure import LockOlder, LockProblem, LockUnreadable, LockUnwritable
from ostiary.model.approval import Lock
from ostiary.model.json import JsonObject
from ostiary.wire.strict_json import RefusedJson, decode


@dataclass(frozen=True, slots=True)
class Sight:
    """The newest lock that was in force at one place."""

    serial: int
    digest: str


def check_seen(memory: Path, path: Path, lock: Lock) -> None:
    """Refuse a lock that is older than one that was in force at ``path``.

    Raises :class:`LockOlder`, and :class:`LockUnreadable` if what was remembered is damaged.
    """
    last = _read(memory)[1].get(_place(path))
    if last is None or lock.serial > last.serial:
        return
    if lock.serial < last.serial:
        raise LockOlder(
            f"{path} has the serial {lock.serial}, and {last.serial} was in force here: somebody "
            "put an older lock back, and with it approvals that were changed or withdrawn. "
            "Restore the newer one from version control, or, if the older one is meant, run "
            "`ostiary approve --take-older`"
        )
    if lock.digest != last.digest:
        raise LockOlder(
            f"{path} has the serial {lock.serial} like the lock that was in force here, and says "
            "something else: two people approved at once. If this side is meant, run "
            "`ostiary approve --take-older`, and approve again what the other side had"
        )


def last_serial(memory: Path, path: Path) -> int:
    """The serial of the lock that was last in force at ``path``; 0 if none was."""
    last = _read(memory)[1].get(_place(path))
    return last.serial if last is not None else 0


def remember(memory: Path, path: Path, lock: Lock) -> None:
    """Note that ``lock`` is in force at ``path``. Raises :class:`LockProblem`."""
    for _ in range(10):
        before, known = _read(memory)
        now = Sight(lock.serial, lock.digest)
        if known.get(_place(path)) == now:
            return
        known[_place(path)] = now
        rows: JsonObject = {
            place: {"serial": one.serial, "digest": one.digest}
            for place, one in sorted(known.items())
        }
        data = json.dumps(rows, indent=2).encode() + b"\n"
        try:
            write_file(memory, data, before, 0o600)
        except LockUnwritable:
            raise
        except LockProblem:
            continue
        return
    raise LockUnwritable(f"{memory} is changed all the time by others; run the command again")


def _read(memory: Path) -> tuple[str, dict[str, Sight]]:
    data = read_file(memory)
    if data is None:
        return print_of(None), {}
    damaged = LockUnreadable(
        f"{memory} is damaged, so whether an older lock was put back cannot be told; look at "
        "ostiary.lock in version control, then delete that file"
    )
    try:
        rows = decode(data)
    except RefusedJson:
        raise damaged from None
    if not isinstance(rows, dict):
        raise damaged
    found = {}
    for place, row in rows.items():
        serial = row.get("serial") if isinstance(row, dict) else None
        digest = row.get("digest") if isinstance(row, dict) else None
        if not isinstance(serial, int) or not isinstance(digest, str):
            raise damaged
        found[place] = Sight(serial, digest)
    return print_of(data), found


def _place(path: Path) -> str:
    return str(path.resolve())
