"""The key that signs the record (Ed25519, RFC 8032), in a file that only its owner can read."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes

from ostiary.ledger.failure import LedgerUnusable

LARGEST_KEY = 64 * 1024


class SigningKey:
    """The private key of a ledger."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = raw_public(key.public_key()).hex()
        """The public half, 32 bytes in hex."""

    def sign(self, message: bytes) -> str:
        """The signature in hex."""
        return self._key.sign(message).hex()


def key_id(public: str) -> str:
    """Names a public key for people: 16 hex digits of its SHA-256."""
    return sha256(bytes.fromhex(public)).hexdigest()[:16]


def is_signed(public: str, message: bytes, signature: object) -> bool:
    """Whether ``signature`` (hex) is this key's over ``message``."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(str(signature)), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def raw_public(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def public_pem(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def signing_key(path: Path) -> SigningKey:
    """The key at ``path``, made on first use with its public half beside it (``.pub``).

    Raises :class:`LedgerUnusable` for a key that others can read or that is no Ed25519 key.
    """
    with suppress(FileExistsError):
        make_pair(path, Ed25519PrivateKey.generate)
    key = private_key(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise LedgerUnusable(f"{path} holds no Ed25519 key; name another file as ledger.key")
    found = SigningKey(key)
    _publish(path.with_name(path.name + ".pub"), key)
    return found


def make_pair(path: Path, generate: Callable[[], PrivateKeyTypes]) -> None:
    """Write a fresh private key to ``path`` (mode 0600). Raises ``FileExistsError`` if it is
    there, :class:`LedgerUnusable` if it cannot be written."""
    if path.is_symlink() or path.exists():
        raise FileExistsError(path)
    write_private(path, generate())


def write_private(path: Path, key: PrivateKeyTypes) -> None:
    """Write one private key, readable by its owner only, whole or not at all."""
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(made, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            os.link(beside, path)
        finally:
            beside.unlink()
    except FileExistsError:
        raise
    except OSError as error:
        raise LedgerUnusable(
            f"cannot write the key {path}: {error.strerror}; name another place"
        ) from None


def private_key(path: Path) -> PrivateKeyTypes:
    """The private key in ``path``. Raises :class:`LedgerUnusable`."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(opened, "rb") as file:
            told = os.fstat(file.fileno())
            if not stat.S_ISREG(told.st_mode):
                raise LedgerUnusable(f"the key {path} is not a file")
            if told.st_uid not in (os.geteuid(), 0):
                raise LedgerUnusable(f"the key {path} belongs to another user; make your own")
            if told.st_mode & 0o077:
                raise LedgerUnusable(
                    f"the key {path} can be read or changed by others (mode "
                    f"{stat.S_IMODE(told.st_mode):04o}); chmod 600 it, and replace it if others "
                    "may have read it"
                )
            return serialization.load_pem_private_key(file.read(LARGEST_KEY), None)
    except OSError as error:
        raise LedgerUnusable(f"cannot read the key {path}: {error.strerror}") from None
    except (ValueError, TypeError):
        raise LedgerUnusable(f"{path} holds no private key; move it aside") from None


def public_keys(path: Path) -> tuple[PublicKeyTypes, ...]:
    """The public keys (PEM) in ``path``, in order. Raises :class:`LedgerUnusable`."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_KEY)
    except OSError as error:
        raise LedgerUnusable(f"cannot read the public key {path}: {error.strerror}") from None
    end = b"-----END PUBLIC KEY-----"
    pieces = [piece + end for piece in text.split(end)[:-1]]
    try:
        keys = tuple(serialization.load_pem_public_key(piece.lstrip()) for piece in pieces)
    except (ValueError, TypeError):
        keys = ()
    if not keys:
        raise LedgerUnusable(f"{path} holds no public key")
    return keys


def trusted(path: Path) -> frozenset[str]:
    """The Ed25519 public keys in ``path``, in hex. Raises :class:`LedgerUnusable`."""
    found = [key for key in public_keys(path) if isinstance(key, Ed25519PublicKey)]
    return frozenset(raw_public(key).hex() for key in found)


def _publish(path: Path, key: Ed25519PrivateKey) -> None:
    """Add the public half to the file beside the key. Earlier keys stay, for earlier records."""
    try:
        if path.exists() and raw_public(key.public_key()).hex() in trusted(path):
            return
        pem = public_pem(key.public_key())
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o644)
        with os.fdopen(opened, "wb") as file:
            file.write(pem)
    except OSError as error:
        raise LedgerUnusable(f"cannot write the public key {path}: {error.strerror}") from None
