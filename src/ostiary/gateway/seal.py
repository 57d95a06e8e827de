"""Sealed session ids: all that any replica needs to serve a session, readable by none but us.

AES-256-GCM over a JSON object, bound to what it is for; a changed, foreign or expired seal is no
session at all (MCP security best practices, session hijacking; CWE-384).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ostiary.model.json import JsonObject

NONCE = 12
LONGEST = 6144
"""Characters of a sealed id: what a header may hold besides everything else."""
KEY_BYTES = 32


class BrokenSeal(ValueError):
    """The text was not sealed by us, for this purpose, or is too old."""


class Seal:
    """Seals small objects for one purpose."""

    def __init__(self, key: bytes, purpose: str, random: Callable[[int], bytes]) -> None:
        """``key`` is 32 bytes that all replicas share; ``random`` gives unpredictable bytes."""
        self._cipher = AESGCM(key)
        self._purpose = purpose.encode()
        self._random = random

    def close(self, value: JsonObject) -> str:
        """``value`` as a string of URL-safe characters that tells nothing."""
        nonce = self._random(NONCE)
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = nonce + self._cipher.encrypt(nonce, plain, self._purpose)
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")

    def open(self, text: str) -> JsonObject:
        """What was sealed. Raises :class:`BrokenSeal`."""
        if len(text) > LONGEST or not text.isascii():
            raise BrokenSeal("it is longer than any that we give")
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            plain = self._cipher.decrypt(raw[:NONCE], raw[NONCE:], self._purpose)
        except (InvalidTag, ValueError, binascii.Error):
            raise BrokenSeal("it was not made here, or was changed") from None
        value = json.loads(plain)
        if not isinstance(value, dict):
            raise BrokenSeal("it holds no session")
        return value
