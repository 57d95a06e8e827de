"""What a reader asked for: width, colour, how much."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.model.rule import Rule


@dataclass(frozen=True, slots=True)
class View:
    """Choices that formats may heed. The same result and view give the same bytes."""

    width: int = 100
    """Columns of the terminal."""
    colour: bool = False
    access_only: bool = False
    """Only the access map."""
    rules: tuple[Rule, ...] = ()
    """Rules the scan could report; formats that document rules list them."""
    generated: str = ""
    """When, in ISO 8601, if the report shall say so. Left out by default."""
