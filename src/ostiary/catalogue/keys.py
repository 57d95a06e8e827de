"""The local Ed25519 key (RFC 8032) that signs approvals, and the check of signatures."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from ostiary.catalogue.failure import KeyProblem
from ostiary.files.private import NotPrivate, make_private, read_private

SCHEME = "ed25519:"
_LARGEST = 16 * 1024


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key. It never prints itself."""

    _private: Ed25519PrivateKey = field(repr=False)

    @property
    def name(self) -> str:
        """The public key in words: ``ed25519:`` and 43 characters of base64url."""
        return SCHEME + encoded(self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> str:
        """The signature, base64url without padding."""
        return encoded(self._private.sign(message))


def fresh_key() -> SigningKey:
    """A key that nobody has seen before."""
    return SigningKey(Ed25519PrivateKey.generate())


def read_key(path: Path) -> SigningKey | None:
    """The key at ``path``; ``None`` if there is none.

    Raises :class:`KeyProblem` for a file that others can read, that another user owns, or that is
    no key: an approval signed by it would prove nothing.
    """
    try:
        data = read_private(path, _LARGEST)
    except FileNotFoundError:
        return None
    except NotPrivate as problem:
        raise KeyProblem(
            f"the key {path} {problem}; whoever can read it can approve in your name"
        ) from None
    except OSError as error:
        raise KeyProblem(f"the key {path} cannot be read: {error.strerror}") from None
    try:
        private = load_pem_private_key(data, None)
    except (ValueError, TypeError):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyProblem(
            f"{path} holds no Ed25519 key; restore it from a backup, or move it away and let "
            "`ostiary approve` make another one"
        )
    return SigningKey(private)


def own_key(path: Path) -> SigningKey:
    """The key at ``path``, made now if there is none. Raises :class:`KeyProblem`."""
    found = read_key(path)
    if found is not None:
        return found
    made = Ed25519PrivateKey.generate()
    text = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        make_private(path, text)
    except FileExistsError:
        return own_key(path)
    except OSError as error:
        raise KeyProblem(
            f"the key {path} cannot be made: {error.strerror}; name a place you can write as "
            "approvals.key"
        ) from None
    return SigningKey(made)


def public_key(name: str) -> Ed25519PublicKey | None:
    """The key that a name stands for; ``None`` if it stands for none."""
    raw = decoded(name.removeprefix(SCHEME)) if name.startswith(SCHEME) else None
    if raw is None or len(raw) != 32:
        return None
    try:
        return Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        return None


def verified(name: str, signature: str, message: bytes) -> bool:
    """Whether ``signature`` is the named key's, over exactly ``message``."""
    key, value = public_key(name), decoded(signature)
    if key is None or value is None:
        return False
    try:
        key.verify(value, message)
    except InvalidSignature:
        return False
    return True


def encoded(raw: bytes) -> str:
    """Base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes | None:
    """The bytes of the one spelling that :func:`encoded` gives; ``None`` for any other text."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if encoded(raw) == text else None
