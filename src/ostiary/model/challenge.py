"""Why a caller is not let in, and what it is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Challenge:
    """The answer to a caller that did not show who it is."""

    status: int
    """400, 401, 403 or 503."""
    reason: str
    """For the record. Holds no token; the caller is told only ``headers`` and ``error``."""
    headers: tuple[tuple[str, str], ...] = ()
    """``WWW-Authenticate`` and the like. Values are printable ASCII."""
    error: str = ""
    """OAuth error word, for example ``invalid_token`` (RFC 6750, section 3.1)."""
    remedy: str = ""
    """What the caller can do, in one sentence. Holds no secret and does not tell why exactly."""
