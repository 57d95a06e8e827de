"""The form of this gateway's own tokens.

``ost_``, 43 signs that are 256 random bits in base 62, and 6 signs of checksum: secret scanners
find it, and a mistyped token is told from an unknown one without any list of tokens. Only the
SHA-256 of a token is ever stored; with 256 random bits, nothing slower is needed.
"""

from __future__ import annotations

import hashlib
import re
import zlib

PREFIX = "ost_"
BITS = 256
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM, _CHECK = 43, 6
_FORM = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_RANDOM + _CHECK}}}")


def token_from(entropy: bytes) -> str:
    """The token that 32 random bytes make."""
    if len(entropy) * 8 != BITS:
        raise ValueError("a token is made of 32 random bytes")
    body = PREFIX + _base62(int.from_bytes(entropy), _RANDOM)
    return body + _checksum(body)


def well_formed(token: str) -> bool:
    """Whether ``token`` can be one of ours: its form and its checksum are right."""
    if not _FORM.fullmatch(token):
        return False
    return _checksum(token[:-_CHECK]) == token[-_CHECK:]


def digest(token: str) -> bytes:
    """What is stored of a token and what it is looked up by.

    A look-up by digest tells an observer of time nothing of use: nearness of two digests says
    nothing of nearness of two tokens (CWE-208).
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), _CHECK)


def _base62(number: int, width: int) -> str:
    signs = []
    for _ in range(width):
        number, rest = divmod(number, 62)
        signs.append(_SIGNS[rest])
    return "".join(reversed(signs))
