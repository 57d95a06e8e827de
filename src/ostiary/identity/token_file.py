"""The file of issued tokens: hashes only, for its owner only, replaced as a whole.

Writers exclude each other by a lock beside it; a reader sees the file before or after a change and
nothing between.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ostiary.files.private import OTHERS_WRITE, NotPrivate, read_private
from ostiary.files.stamp import Stamp, stamp
from ostiary.files.whole import replace_file
from ostiary.identity.narrow import UnclearPattern, checked
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object
from ostiary.wire.strict_json import RefusedJson, decode

FORM = 1
"""Version of the file's form."""
_HASH = re.compile(r"[0-9a-f]{64}")
_MOST = 16 * 1024 * 1024


class UnusableTokens(Exception):
    """The file of tokens cannot be trusted or read. The message says why and what to do; until
    then no token of it opens anything."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """One token as it is remembered. The token itself is not."""

    id: str
    client: str
    """Whom it was issued for: a name a person chose."""
    hash: str
    """SHA-256 of the token, in hexadecimal."""
    issued: float
    """Seconds since the epoch."""
    expires: float | None = None
    only: tuple[str, ...] | None = None
    """As in :attr:`~ostiary.model.principal.Principal.only`."""
    groups: tuple[str, ...] = ()


class TokenFile:
    """The tokens of one state folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tokens.json"
        self._lock = folder / "tokens.lock"

    def stamp(self) -> Stamp:
        """What the file is now; it changes whenever the file does."""
        return stamp(self.path)

    def read(self) -> tuple[IssuedToken, ...]:
        """All tokens in the order in which they were issued. Raises :class:`UnusableTokens`."""
        try:
            data = self._bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._unusable(f"cannot be read: {error.strerror}") from None
        try:
            content = as_object(decode(data))
            if content.get("form") != FORM:
                raise self._unusable("has a form that this version does not know")
            tokens = tuple(_token(as_object(one)) for one in as_list(content.get("tokens")))
        except (RefusedJson, _Broken):
            raise self._unusable("is damaged") from None
        if len({one.hash for one in tokens}) < len(tokens):
            raise self._unusable("is damaged")
        return tokens

    @contextlib.contextmanager
    def changing(self) -> Iterator[list[IssuedToken]]:
        """The tokens, to be changed in place; written when the block ends without an error.
        Raises :class:`UnusableTokens`."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._unusable(f"cannot be changed: {error.strerror}") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            tokens = list(self.read())
            before = tuple(tokens)
            yield tokens
            if tuple(tokens) != before:
                self._write(tokens)
        finally:
            os.close(lock)

    def _bytes(self) -> bytes:
        try:
            return read_private(self.path, _MOST + 1, without=OTHERS_WRITE)
        except NotPrivate as problem:
            raise self._unusable(
                f"{problem}; who can change it lets themselves in, so look at its tokens"
            ) from None

    def _write(self, tokens: list[IssuedToken]) -> None:
        content = {"form": FORM, "tokens": [_entry(one) for one in tokens]}
        data = json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"
        if len(data) > _MOST:
            raise self._unusable("would become too large; revoke tokens that are not used")
        try:
            replace_file(self.path, data)
        except OSError as error:
            raise self._unusable(f"cannot be written: {error.strerror}") from None

    def _unusable(self, why: str) -> UnusableTokens:
        return UnusableTokens(f"the file of tokens {self.path} {why}")


class _Broken(ValueError):
    """An entry that this program did not write."""


def _entry(one: IssuedToken) -> JsonObject:
    entry: JsonObject = {
        "id": one.id,
        "client": one.client,
        "sha256": one.hash,
        "issued": one.issued,
        "expires": one.expires,
        "only": None if one.only is None else list(one.only),
        "groups": list(one.groups),
    }
    return entry


def _token(entry: JsonObject) -> IssuedToken:
    """The token of an entry. An entry that says less than it must would let in too much."""
    only = entry["only"] if "only" in entry else _broken()
    return IssuedToken(
        id=_text(entry.get("id")),
        client=_text(entry.get("client")),
        hash=_hash(entry.get("sha256")),
        issued=_moment(entry.get("issued")),
        expires=None if entry.get("expires", 0) is None else _moment(entry.get("expires")),
        only=None if only is None else _patterns(only),
        groups=_texts(entry.get("groups")),
    )


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) and value else _broken()


def _hash(value: JsonValue) -> str:
    return value if isinstance(value, str) and _HASH.fullmatch(value) else _broken()


def _texts(value: JsonValue) -> tuple[str, ...]:
    return tuple(_text(one) for one in value) if isinstance(value, list) else _broken()


def _patterns(value: JsonValue) -> tuple[str, ...]:
    try:
        return tuple(checked(one) for one in _texts(value))
    except UnclearPattern:
        return _broken()


def _moment(value: JsonValue) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _broken()
    return float(value)


def _broken() -> NoReturn:
    raise _Broken
