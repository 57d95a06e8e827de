"""What a server asks for when it refuses: the ``WWW-Authenticate`` header (RFC 6750, section 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 8 * 1024
"""Characters of a header that are read."""
MOST_SCOPES = 64
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PART = re.compile(
    rf'\s*(?:(?P<name>{_TOKEN})\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>{_TOKEN}))'
    rf"|(?P<scheme>{_TOKEN})(?=\s|,|$)(?:[ ]+[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$)))?)\s*,?"
)
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,200}")
_URL = re.compile(r"https?://[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]{1,2000}")


@dataclass(frozen=True, slots=True)
class BearerChallenge:
    """One challenge of the scheme ``Bearer``, with what is usable of it."""

    error: str = ""
    """``invalid_token``, ``insufficient_scope`` or ``invalid_request``; empty for anything else."""
    scopes: tuple[str, ...] = ()
    """Each scope once, in order; those that are no scope (RFC 6749, section 3.3) are left out."""
    metadata: str = ""
    """``resource_metadata`` (RFC 9728, section 5.1), if it is an http or https URL."""

    def header(self) -> str:
        """The challenge, written anew."""
        parts = [
            f'{name}="{value}"'
            for name, value in (
                ("error", self.error),
                ("scope", " ".join(self.scopes)),
                ("resource_metadata", self.metadata),
            )
            if value
        ]
        return f"Bearer {', '.join(parts)}".strip()


def bearer_challenge(header: str) -> BearerChallenge:
    """The first ``Bearer`` challenge in a header's value; empty if there is none. Never raises."""
    found: dict[str, str] = {}
    inside = False
    at, text = 0, header[:LONGEST]
    while at < len(text) and (part := _PART.match(text, at)) is not None and part.end() > at:
        at = part.end()
        if part["scheme"] is not None:
            if inside:
                break
            inside = part["scheme"].lower() == "bearer"
        elif inside:
            value = part["plain"]
            if value is None:
                value = re.sub(r"\\(.)", r"\1", part["quoted"])
            found.setdefault(part["name"].lower(), value)
    error = found.get("error", "")
    known = error in ("invalid_token", "insufficient_scope", "invalid_request")
    metadata = found.get("resource_metadata", "")
    return BearerChallenge(
        error=error if known else "",
        scopes=scopes_of(found.get("scope", "")),
        metadata=metadata if _URL.fullmatch(metadata) else "",
    )


def scopes_of(text: str) -> tuple[str, ...]:
    """The scopes in a list that is separated by spaces."""
    found = dict.fromkeys(one for one in text.split(" ") if _SCOPE.fullmatch(one))
    return tuple(found)[:MOST_SCOPES]


def union(before: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """The scopes of both, each once, in order (revision 2026-07-28, step-up authorization)."""
    return tuple(dict.fromkeys((*before, *more)))
