"""Numbers with their noun, for people."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 server``, ``2 servers``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
