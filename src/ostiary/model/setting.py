"""A mistake in ``ostiary.toml``, told to the person who has to mend it."""

from __future__ import annotations


class BadSetting(ValueError):
    """One setting cannot be used. The message names it, says why and what would be accepted."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        """Dotted, as in the file: ``ledger.durability``."""
