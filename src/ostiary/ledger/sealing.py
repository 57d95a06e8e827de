"""Content that only the auditor can read: X25519, HKDF-SHA256 and AES-256-GCM.

Each process makes a key pair for itself, derives one key with the auditor's public key and forgets
its private half; the public half stands beside each sealed value (RFC 7748, RFC 5869, SP 800-38D).
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ostiary.ledger.failure import LedgerUnusable
from ostiary.ledger.keys import make_pair, private_key, public_keys, public_pem

_INFO = b"ostiary ledger content 1"
MOST = 2**31
"""Values under one derived key; nonces are counted, so none is ever used twice."""


class Sealer:
    """Seals values to the auditor of one public key."""

    def __init__(self, auditor: X25519PublicKey) -> None:
        self._auditor = auditor
        self._renew()

    def _renew(self) -> None:
        own = X25519PrivateKey.generate()
        public = own.public_key()
        self._aead = AESGCM(_derived(own.exchange(self._auditor), public, self._auditor))
        self._public = base64.b64encode(public.public_bytes_raw()).decode()
        self._count = 0

    def seal(self, data: bytes) -> dict[str, str]:
        """``data`` as members ``key``, ``nonce`` and ``sealed``, in base64."""
        if self._count >= MOST:
            self._renew()
        self._count += 1
        nonce = self._count.to_bytes(12, "big")
        return {
            "key": self._public,
            "nonce": base64.b64encode(nonce).decode(),
            "sealed": base64.b64encode(self._aead.encrypt(nonce, data, _INFO)).decode(),
        }


class CannotReveal(ValueError):
    """A sealed value was not sealed to this key, or was changed."""


def reveal(auditor: X25519PrivateKey, value: dict[str, object]) -> bytes:
    """What was sealed. Raises :class:`CannotReveal`."""
    try:
        public, nonce, sealed = (
            base64.b64decode(str(value[name]), validate=True) for name in ("key", "nonce", "sealed")
        )
        other = X25519PublicKey.from_public_bytes(public)
        aead = AESGCM(_derived(auditor.exchange(other), other, auditor.public_key()))
        return aead.decrypt(nonce, sealed, _INFO)
    except (InvalidTag, KeyError, ValueError, binascii.Error):
        raise CannotReveal("sealed to another key, or changed") from None


def sealer(path: Path) -> Sealer:
    """A sealer to the public key in ``path``. Raises :class:`LedgerUnusable`."""
    found = [key for key in public_keys(path) if isinstance(key, X25519PublicKey)]
    if not found:
        raise LedgerUnusable(f"{path} holds no auditor's key; make one with `ostiary log keygen`")
    return Sealer(found[0])


def auditor_key(path: Path) -> X25519PrivateKey:
    """The auditor's private key. Raises :class:`LedgerUnusable`."""
    key = private_key(path)
    if not isinstance(key, X25519PrivateKey):
        raise LedgerUnusable(f"{path} holds no auditor's key")
    return key


def make_auditor(path: Path) -> Path:
    """Write an auditor's key pair to ``path`` and ``path.pub``; returns the public file.
    Raises ``FileExistsError`` and :class:`LedgerUnusable`."""
    public = path.with_name(path.name + ".pub")
    if public.exists():
        raise FileExistsError(public)
    key = X25519PrivateKey.generate()
    make_pair(path, lambda: key)
    try:
        public.write_bytes(public_pem(key.public_key()))
    except OSError as error:
        raise LedgerUnusable(f"cannot write {public}: {error.strerror}") from None
    return public


def _derived(shared: bytes, own: X25519PublicKey, auditor: X25519PublicKey) -> bytes:
    salt = own.public_bytes_raw() + auditor.public_bytes_raw()
    return HKDF(SHA256(), 32, salt, _INFO).derive(shared)
