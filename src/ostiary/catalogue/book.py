"""The approvals in force at one place: loaded, changed and watched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ostiary.catalogue.atomic import print_of, read_file, write_file
from ostiary.catalogue.failure import LockMissing, LockUnreadable
from ostiary.catalogue.keys import own_key, read_key
from ostiary.catalogue.lock import Signature, read_lock, seal, signatures_of
from ostiary.catalogue.seen import check_seen, last_serial, remember
from ostiary.catalogue.settings import ApprovalSettings
from ostiary.model.approval import Approval, Lock

Version = tuple[int, int, int, int]


def lock_version(path: Path) -> Version | None:
    """Changes whenever the file does; ``None`` while it cannot be seen. One system call."""
    try:
        about = path.stat()
    except OSError:
        return None
    return (about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino)


@dataclass(frozen=True, slots=True)
class Page:
    """The lock as it was read, and what is needed to write over exactly that."""

    lock: Lock | None
    """``None`` where nothing was approved yet."""
    print: str

    @property
    def approvals(self) -> tuple[Approval, ...]:
        return self.lock.approvals if self.lock else ()


def trusted(settings: ApprovalSettings) -> frozenset[str]:
    """Every key whose approvals count here. Raises :class:`KeyProblem`."""
    own = read_key(settings.key)
    return frozenset({*settings.trusted_keys, *({own.name} if own else ())})


def load_lock(settings: ApprovalSettings) -> Lock:
    """The lock in force, for a gateway. Raises a :class:`LockProblem`: nothing may pass then."""
    page = open_page(settings)
    if page.lock is None:
        raise LockMissing(
            f"there is no {settings.lock}: no server has been approved; approve one with "
            "`ostiary approve SERVER`"
        )
    remember(settings.seen, settings.lock, page.lock)
    return page.lock


def open_page(settings: ApprovalSettings, *, needed: int | None = None) -> Page:
    """The lock to look at or to change. ``needed`` signatures instead of the settings' count.

    Raises a :class:`LockProblem`.
    """
    data = read_file(settings.lock)
    if data is None:
        return Page(None, print_of(None))
    count = settings.signatures if needed is None else needed
    lock = read_lock(data, trusted(settings), count, settings.lock.name)
    check_seen(settings.seen, settings.lock, lock)
    return Page(lock, print_of(data))


def write_page(settings: ApprovalSettings, page: Page, approvals: Iterable[Approval]) -> Lock:
    """Sign ``approvals`` and put them in the place of ``page``; the lock as it now stands.

    Raises a :class:`LockProblem`; the file then still is what it was.
    """
    key = own_key(settings.key)
    before = page.lock
    data = seal(
        approvals,
        key,
        # A lock that is begun again is no older one to those who saw the last.
        serial=1 + (before.serial if before else last_serial(settings.seen, settings.lock)),
        previous=before.digest if before else "",
    )
    lock = read_lock(data, {key.name}, 1, settings.lock.name)
    write_file(settings.lock, data, page.print)
    remember(settings.seen, settings.lock, lock)
    return lock


def co_sign(settings: ApprovalSettings) -> Lock:
    """Add this user's signature to the lock as it stands. Raises a :class:`LockProblem`."""
    data = read_file(settings.lock)
    if data is None:
        raise LockMissing(f"there is no {settings.lock} to sign")
    key = own_key(settings.key)
    keys = trusted(settings) | {one.key for one in signatures_of(data, settings.lock.name)}
    lock = read_lock(data, keys, 1, settings.lock.name)
    check_seen(settings.seen, settings.lock, lock)
    others = tuple(Signature(one.key, one.value) for one in signatures_of(data, settings.lock.name))
    sealed = seal(lock.approvals, key, lock.serial, lock.previous, others)
    signed = read_lock(sealed, {*keys, key.name}, 1, settings.lock.name)
    if signed.digest != lock.digest:
        raise LockUnreadable(f"{settings.lock} was written by another version; approve it again")
    write_file(settings.lock, sealed, print_of(data))
    remember(settings.seen, settings.lock, signed)
    return signed


def take_older(settings: ApprovalSettings) -> Lock:
    """Let the lock as it stands be in force, although a newer one was. Raises
    :class:`LockProblem`."""
    data = read_file(settings.lock)
    if data is None:
        raise LockMissing(f"there is no {settings.lock}")
    lock = read_lock(data, trusted(settings), settings.signatures, settings.lock.name)
    remember(settings.seen, settings.lock, lock)
    return lock
