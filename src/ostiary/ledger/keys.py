"""The key that signs the record (Ed25519, RFC 8032), in a file that only its owner can read."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes

from ostiary.files.private import NotPrivate, make_private, read_private
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
    pem = generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        make_private(path, pem)
    except FileExistsError:
        raise FileExistsError(path) from None
    except OSError as error:
        raise LedgerUnusable(
            f"cannot write the key {path}: {error.strerror}; name another place"
        ) from None


def private_key(path: Path) -> PrivateKeyTypes:
    """The private key in ``path``. Raises :class:`LedgerUnusable`."""
    try:
        return serialization.load_pem_private_key(read_private(path, LARGEST_KEY), None)
    except NotPrivate as problem:
        raise LedgerUnusable(f"the key {path} {problem}") from None
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
