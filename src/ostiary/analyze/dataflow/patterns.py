"""What a regular expression guarantees of a text that matched it, or did not."""

from __future__ import annotations


def matched(pattern: str, flags: str, how: str) -> int:
    """Guarantees of a text that matched."""
    del pattern, flags, how
    return 0


def missed(pattern: str, flags: str, how: str) -> int:
    """Guarantees of a text that did not match."""
    del pattern, flags, how
    return 0
