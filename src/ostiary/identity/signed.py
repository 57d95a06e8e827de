"""Reads and verifies signed access tokens (RFC 7515, RFC 7519), in one strict way.

Keys and primitives come from joserfc. Which key and which algorithm may verify what is decided
here, by the provider's key and our settings; the token's own ``jku``, ``jwk``, ``x5u`` and ``x5c``
are never looked at.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from ostiary.model.json import JsonObject, as_list, as_text
from ostiary.wire.strict_json import Limits, RefusedJson, decode

_PART = re.compile(r"[A-Za-z0-9_-]+")
_LIMITS = Limits(size=16_384, depth=16)
_JWKS_LIMITS = Limits(size=512 * 1024, depth=8)
MOST_KEYS = 200
_RSA_BITS = (2_048, 8_192)
_CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
_RSA = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
_PUBLIC = ("kty", "n", "e", "crv", "x", "y")


class NotValid(Exception):
    """A token that opens nothing. The message says why, for the record; it quotes no token."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A token taken apart, nothing of it verified."""

    alg: str
    kid: str
    """Empty if it names no key."""
    typ: str
    """In lower case, without ``application/``; empty if there is none."""
    claims: JsonObject = field(hash=False)
    covered: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Key:
    """One public key of a provider."""

    kid: str
    algorithms: frozenset[str]
    """What it can verify, by its type, its curve and its own ``alg``."""
    key: RSAKey | ECKey | OKPKey = field(repr=False, hash=False, compare=False)
    identity: str = ""
    """RFC 7638 thumbprint: the same for the same key."""


def looks_signed(token: str) -> bool:
    """Whether a token is a JWS in compact form; all others are opaque. A JWT's header is a JSON
    object, whose encoding begins so."""
    return token.count(".") == 2 and token.startswith("eyJ")


def take_apart(token: str) -> Signed:
    """The parts of a JWS in compact form. Raises :class:`NotValid`."""
    parts = token.split(".")
    if len(parts) != 3:
        raise NotValid("a JWT that is not three parts")
    header, claims = _object(parts[0], "header"), _object(parts[1], "claims")
    for name in ("crit", "b64", "zip", "enc"):
        if name in header:
            raise NotValid(f"a JWT with {name!r} in its header")
    typ = _named(header, "typ").lower()
    return Signed(
        alg=_named(header, "alg"),
        kid=_named(header, "kid"),
        typ=typ.removeprefix("application/"),
        claims=claims,
        covered=f"{parts[0]}.{parts[1]}".encode(),
        signature=_bytes(parts[2], "signature"),
    )


def suitable(keys: tuple[Key, ...], signed: Signed) -> tuple[Key, ...]:
    """The keys that may have made a signature. Without a ``kid`` the choice must be no choice."""
    able = tuple(one for one in keys if signed.alg in one.algorithms)
    if signed.kid:
        return tuple(one for one in able if one.kid == signed.kid)
    return able if len(able) == 1 else ()


def verified(signed: Signed, keys: tuple[Key, ...], algorithms: tuple[str, ...]) -> bool:
    """Whether one of ``keys`` made the signature with an allowed algorithm."""
    if signed.alg not in algorithms:
        return False
    method = JWSRegistry.algorithms[signed.alg]
    for one in keys:
        if signed.alg not in one.algorithms:
            continue
        try:
            if method.verify(signed.covered, signed.signature, one.key):
                return True
        except (JoseError, ValueError, TypeError):
            continue
    return False


def read_keys(data: bytes) -> tuple[Key, ...]:
    """The keys of a JWKS document (RFC 7517) that can verify; those that cannot are left out.
    Raises :class:`ValueError` if the document is none."""
    try:
        document = decode(data, _JWKS_LIMITS)
    except RefusedJson:
        raise ValueError("its keys are no JSON") from None
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise ValueError("its keys are no key set")
    found = [_key(one) for one in listed if isinstance(one, dict)]
    return tuple(one for one in found if one is not None)


def _key(entry: JsonObject) -> Key | None:
    if entry.get("use", "sig") != "sig":
        return None
    if "key_ops" in entry and "verify" not in as_list(entry["key_ops"]):
        return None
    public = {name: as_text(entry[name]) for name in _PUBLIC if name in entry}
    try:
        key, algorithms = _imported(public)
        identity = key.thumbprint() if key else ""
    except (JoseError, NotValid, ValueError, TypeError, KeyError):
        return None
    own = entry.get("alg")
    if own is not None:
        algorithms &= {as_text(own)}
    if key is None or not algorithms:
        return None
    return Key(as_text(entry.get("kid")), frozenset(algorithms), key, identity)


def _imported(public: dict[str, str]) -> tuple[RSAKey | ECKey | OKPKey | None, frozenset[str]]:
    kind, curve = public.get("kty"), public.get("crv", "")
    if kind == "RSA":
        size = int.from_bytes(_bytes(public.get("n", ""), "key")).bit_length()
        if not _RSA_BITS[0] <= size <= _RSA_BITS[1]:
            return None, frozenset()
        rsa = RSAKey.import_key(dict(public))
        _ = rsa.public_key
        return rsa, _RSA
    if kind == "EC" and curve in _CURVES:
        ec = ECKey.import_key(dict(public))
        _ = ec.public_key
        return ec, frozenset({_CURVES[curve]})
    if kind == "OKP" and curve == "Ed25519":
        okp = OKPKey.import_key(dict(public))
        _ = okp.public_key
        return okp, frozenset({"EdDSA", "Ed25519"})
    return None, frozenset()


def _object(part: str, what: str) -> JsonObject:
    try:
        value = decode(_bytes(part, what), _LIMITS)
    except RefusedJson:
        raise NotValid(f"a JWT whose {what} can be read in more than one way, or in none") from None
    if not isinstance(value, dict):
        raise NotValid(f"a JWT whose {what} is no object")
    return value


def _bytes(part: str, what: str) -> bytes:
    """Base64url without padding, in its one canonical spelling."""
    if not _PART.fullmatch(part):
        raise NotValid(f"a JWT whose {what} is not base64url")
    try:
        data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise NotValid(f"a JWT whose {what} is not base64url") from None
    if base64.urlsafe_b64encode(data).rstrip(b"=") != part.encode():
        raise NotValid(f"a JWT whose {what} is not base64url")
    return data


def _named(header: JsonObject, name: str) -> str:
    value = header.get(name, "")
    if not isinstance(value, str) or len(value) > 256 or not value.isprintable():
        raise NotValid(f"a JWT whose {name!r} is no plain text")
    return value
