"""The logins at remote servers: tokens in one sealed file that only its owner can read.

The file is encrypted with AES-256-GCM under a key beside it, and replaced as a whole. Writers
exclude each other by a lock; a reader sees the file before or after a change and nothing between.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ostiary.catalogue.failure import UnusableLogins
from ostiary.catalogue.key_file import secret_key
from ostiary.catalogue.login_form import LoginBook, unwritten, written
from ostiary.files.private import NotPrivate, read_private
from ostiary.files.stamp import Stamp, stamp
from ostiary.files.whole import replace_file
from ostiary.model.login import Login, Need
from ostiary.model.setting import BadSetting

MAGIC = b"ostiary logins 1\n"
"""Begins the file, and is bound to what is sealed in it."""
KEY_BYTES = 32
_NONCE = 12
_MOST = 8 * 1024 * 1024
_PORTS = {"http": 80, "https": 443}


class Occupied(UnusableLogins):
    """Somebody else is changing the file at this moment."""


@dataclass(slots=True)
class Changing:
    """The content of the file while it is being changed."""

    logins: list[Login] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)

    def put(self, login: Login) -> None:
        """Keep ``login`` in place of the one for the same server and owner, and take note that
        what the server needed was heeded."""
        self.logins = [one for one in self.logins if not _same(one, login)] + [login]
        self.needs = [one for one in self.needs if not _same(one, login)]

    def need(self, need: Need) -> None:
        """Remember what a server needs in place of what it needed before."""
        self.needs = [one for one in self.needs if not _same(one, need)] + [need]

    def forget(self, server: str, owner: str = "") -> list[Login]:
        """Drop all that is kept of a server; the logins that were."""
        gone = [one for one in self.logins if (one.server, one.owner) == (server, owner)]
        self.logins = [one for one in self.logins if one not in gone]
        self.needs = [one for one in self.needs if (one.server, one.owner) != (server, owner)]
        return gone


class LoginFile:
    """The logins of one state folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "logins.sealed"
        self._key = folder / "logins.key"
        self._lock = folder / "logins.lock"

    def stamp(self) -> Stamp:
        """What the file is now; it changes whenever the file does."""
        return stamp(self.path)

    def read(self) -> LoginBook:
        """Everything in the file. Raises :class:`UnusableLogins`."""
        try:
            data = self._bytes()
        except FileNotFoundError:
            return LoginBook()
        except OSError as error:
            raise self._unusable(f"cannot be read: {error.strerror}") from None
        if not data.startswith(MAGIC) or len(data) < len(MAGIC) + _NONCE:
            raise self._unusable("is no file of logins; move it away and log in again")
        nonce, sealed = data[len(MAGIC) :][:_NONCE], data[len(MAGIC) + _NONCE :]
        try:
            plain = AESGCM(self._secret()).decrypt(nonce, sealed, MAGIC)
            return unwritten(plain)
        except (InvalidTag, ValueError):
            raise self._unusable(
                "was changed, or sealed with another key than logins.key; move it away and log in "
                "again with `ostiary login`"
            ) from None

    @contextlib.contextmanager
    def changing(self, *, wait: bool = True, durable: bool = True) -> Iterator[Changing]:
        """The content, to be changed in place; written when the block ends without an error.

        Raises :class:`UnusableLogins`; without ``wait``, :class:`Occupied` while somebody else
        changes the file. What is not ``durable`` may be lost if the machine stops.
        """
        lock = self._locked(wait)
        try:
            book = self.read()
            now = Changing(list(book.logins), list(book.needs))
            yield now
            after = LoginBook(tuple(now.logins), tuple(now.needs))
            if after != book:
                self._write(after, durable)
        finally:
            os.close(lock)

    def _locked(self, wait: bool) -> int:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            lock = os.open(self._lock, flags, 0o600)
        except OSError as error:
            raise self._unusable(f"cannot be changed: {error.strerror}") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            os.close(lock)
            raise Occupied(f"{self.path} is being changed by somebody else; try again") from None
        return lock

    def _secret(self) -> bytes:
        try:
            return secret_key(self._key, KEY_BYTES)
        except BadSetting as error:
            raise UnusableLogins(str(error)) from None

    def _bytes(self) -> bytes:
        try:
            return read_private(self.path, _MOST + 1)
        except NotPrivate as problem:
            raise self._unusable(str(problem)) from None

    def _write(self, book: LoginBook, durable: bool) -> None:
        nonce = os.urandom(_NONCE)
        data = MAGIC + nonce + AESGCM(self._secret()).encrypt(nonce, written(book), MAGIC)
        if len(data) > _MOST:
            raise self._unusable("would become too large; forget logins that are not used")
        try:
            replace_file(self.path, data, durable=durable)
        except OSError as error:
            raise self._unusable(f"cannot be written: {error.strerror}") from None

    def _unusable(self, why: str) -> UnusableLogins:
        return UnusableLogins(f"the file of logins {self.path} {why}")


def login_for(book: LoginBook, server: str, url: str, owner: str = "") -> Login | None:
    """The login whose token may be sent to ``url``: made for that server, and for a resource
    that ``url`` is within (RFC 8707; CWE-522)."""
    for one in book.logins:
        if (one.server, one.owner) == (server, owner) and within(url, one.resource):
            return one
    return None


def within(url: str, resource: str) -> bool:
    """Whether ``url`` has the origin of ``resource`` and lies at or under its path."""
    try:
        asked, held = urlsplit(url), urlsplit(resource)
        same = (
            asked.scheme in _PORTS
            and asked.scheme == held.scheme
            and bool(asked.hostname)
            and asked.hostname == held.hostname
            and (asked.port or _PORTS[asked.scheme]) == (held.port or _PORTS[held.scheme])
            and "@" not in asked.netloc + held.netloc
        )
    except ValueError:
        return False
    path, base = asked.path or "/", held.path or "/"
    if any(part in ("", ".", "..") for part in path.split("/")[1:-1]) or "%" in path:
        return same and path == base
    return same and (path == base or path.startswith(base if base[-1] == "/" else base + "/"))


def _same(one: Login | Need, other: Login | Need) -> bool:
    return (one.server, one.owner) == (other.server, other.owner)
