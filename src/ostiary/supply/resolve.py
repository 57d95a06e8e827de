"""From a configured server to something a box can run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ostiary.model.outcome import NotChecked
from ostiary.model.server import Server

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a box needs to start a server. Secrets of the configuration are not in it."""

    argv: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    cwd: str | None
    readable: tuple[Path, ...]
    version: str | None = None
    digest: str | None = None
    notes: tuple[str, ...] = ()
    """What the reader should know: a placeholder given for a secret, a script not run."""


def prepare(
    server: Server,
    cache: Path,
    may_fetch: bool,
    progress: Progress = lambda line: None,
) -> Prepared | NotChecked:
    """Everything a box needs for ``server``, or why it cannot be had."""
    raise NotImplementedError
