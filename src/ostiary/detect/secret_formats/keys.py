"""Private keys, signed tokens and HTTP credentials."""

from __future__ import annotations

import base64
import binascii
import json

from ostiary.detect.secret_formats.form import UNKNOWN_BREADTH, Judged, SecretFormat
from ostiary.model.grade import Confidence

_YEAR = 365 * 24 * 3600
_WIDE_SCOPES = ("*", "admin", "root", "superuser", "full_access", "all", "service_role")


def _part(text: str) -> dict[str, object]:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        value = json.loads(raw)
    except (ValueError, binascii.Error, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _scopes(claims: dict[str, object]) -> list[str]:
    words: list[str] = []
    for key in ("scope", "scp", "scopes", "role", "roles", "permissions"):
        value = claims.get(key)
        if isinstance(value, str):
            words.extend(value.replace(",", " ").split())
        elif isinstance(value, list):
            words.extend(item for item in value if isinstance(item, str))
    return words


def _lifetime(claims: dict[str, object]) -> str:
    end, start = claims.get("exp"), claims.get("iat", claims.get("nbf"))
    if not isinstance(end, int | float):
        return "never expires"
    if not isinstance(start, int | float):
        return ""
    if end - start > _YEAR:
        return f"valid for {min(int((end - start) // _YEAR), 9999)} years"
    return f"valid for {max(int((end - start) // 3600), 1)} hours"


def judge_jwt(token: str) -> Judged | None:
    """Reads the claims of a signed token (RFC 7519). The signature is not looked at."""
    pieces = token.split(".")
    header, claims = _part(pieces[0]), _part(pieces[1])
    if not header or not ({"alg", "typ", "enc", "kid"} & header.keys()):
        return None
    scopes, lasting = _scopes(claims), _lifetime(claims)
    shown = ", ".join(sorted(set(scopes))[:8]) or "no scope named in it"
    wide = any(word.lower() in _WIDE_SCOPES or word.lower().endswith(":*") for word in scopes)
    old = lasting == "never expires" or "years" in lasting
    breadth = "; ".join(bit for bit in (shown, lasting) if bit) if claims else UNKNOWN_BREADTH
    return Judged(Confidence.HIGH, breadth, coarse=wide or (old and bool(claims)))


def judge_basic(matched: str) -> Judged | None:
    """``Basic`` and ``user:password`` in base 64 (RFC 7617); anything else is no credential."""
    pair = matched.rsplit(maxsplit=1)[-1]
    try:
        text = base64.b64decode(pair + "=" * (-len(pair) % 4)).decode("utf-8")
    except (ValueError, binascii.Error):
        return None
    user, colon, password = text.partition(":")
    if not colon or not text.isprintable() or not (user or password):
        return None
    return Judged(Confidence.HIGH, "whatever this account may do")


FORMATS: tuple[SecretFormat, ...] = (
    SecretFormat(
        "private key",
        r"-----BEGIN (?:[A-Z0-9]{2,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
        r"(?P<secret>(?s:.){20,}?)(?:-----END|\z)",
        ("private key",),
        breadth="everything that trusts this key; a key does not expire",
        coarse=True,
    ),
    SecretFormat(
        "PuTTY private key",
        r"PuTTY-User-Key-File-\d(?P<secret>(?s:.){40,})",
        ("putty-user-key-file",),
        coarse=True,
        breadth="everything that trusts this key",
    ),
    SecretFormat(
        "JSON Web Token",
        r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{10,}",
        ("eyj",),
        judge=judge_jwt,
    ),
    SecretFormat(
        "HTTP Basic credential",
        r"(?i)\bbasic\s{1,3}(?P<secret>[A-Za-z0-9+/]{6,}={0,2})",
        ("basic ",),
        judge=judge_basic,
    ),
    SecretFormat(
        "Bearer token",
        r"(?i)\bbearer\s{1,3}(?P<secret>[A-Za-z0-9._~+/-]{16,}={0,2})",
        ("bearer ",),
        Confidence.MEDIUM,
    ),
)
