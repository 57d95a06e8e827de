"""What a family of runners offers: its program names and how to read its arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ostiary.model.server import Launch


@dataclass(frozen=True, slots=True)
class Runner:
    """``read`` takes the program's arguments, without its own name."""

    names: tuple[str, ...]
    read: Callable[[tuple[str, ...]], Launch]
