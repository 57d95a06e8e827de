"""Takes an ``Authorization`` header apart: one bearer token, or a reason why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 16_384
"""Characters of a header value that is looked at."""
_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]+={0,2})")
"""RFC 6750, section 2.1; the scheme in any case (RFC 9110, section 11.1)."""
_SCHEME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}(?: |$)")


@dataclass(frozen=True, slots=True)
class NoToken:
    """Why a header holds no token."""

    reason: str
    broken: bool
    """Whether something was sent that no client should send (HTTP 400)."""


def token_of(authorization: str) -> str | NoToken:
    """The token of a header value, empty if the request had none."""
    if not authorization:
        return NoToken("no Authorization header", broken=False)
    if len(authorization) > MOST:
        return NoToken(f"an Authorization header of more than {MOST:,} characters", broken=True)
    match = _BEARER.fullmatch(authorization)
    if match:
        return match[1]
    scheme = _SCHEME.match(authorization)
    if scheme and scheme[0].strip().lower() != "bearer":
        return NoToken("an Authorization header of another scheme than Bearer", broken=False)
    return NoToken("an Authorization header that holds no single bearer token", broken=True)
