"""What the ways of starting a server have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ostiary.model.client import ServerEntry
from ostiary.model.server import Launch

Progress = Callable[[str], None]


class Unready(Exception):
    """A server that cannot be made ready for a box: the reason, and what would help."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Question:
    """One server to make ready."""

    entry: ServerEntry
    launch: Launch
    argv: tuple[str, ...]
    """The launch line without wrappers."""
    cache: Path
    may_fetch: bool
    progress: Progress

    @property
    def target(self) -> int:
        """Where in ``argv`` the program, file or package stands: just before what it receives."""
        return len(self.argv) - len(self.launch.arguments) - 1

    @property
    def options(self) -> tuple[str, ...]:
        """What stands between the runner and its target."""
        return self.argv[1 : max(1, self.target)]


@dataclass(frozen=True, slots=True)
class Draft:
    """How to start it, before secrets are taken out of the arguments."""

    start: tuple[str, ...]
    """Everything before the server's own arguments."""
    arguments: tuple[str, ...]
    readable: tuple[Path, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    version: str | None = None
    digest: str | None = None
    notes: tuple[str, ...] = ()
