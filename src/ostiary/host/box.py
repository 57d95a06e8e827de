"""What a box is asked to run and within which limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one box. Reaching one ends the box, and ``ended()`` says which."""

    wall_seconds: float = 60.0
    """``math.inf`` for a server that runs as long as it is needed."""
    cpu_seconds: int | None = 30
    """Processor time of each process in the box; ``None`` for no bound."""
    memory_bytes: int = 1024 * MEBIBYTE
    """All processes of the box together."""
    processes: int = 128
    """Processes and threads together; an idle node runs eleven threads."""
    output_bytes: int | None = 64 * MEBIBYTE
    """On standard output, and separately on standard error. ``None`` for no bound: the reader then
    holds the box's own pipe, and must bound what it keeps."""
    file_bytes: int = 64 * MEBIBYTE
    """Size of one file, and of each private folder (home, ``/tmp``, ``/dev/shm``)."""
    open_files: int = 4096
    """A server with a large generated client opens thousands of files at once while it loads."""
    look_seconds: float = 0.05
    """Between two looks at the limits of a box."""

    @classmethod
    def lasting(cls, memory_bytes: int, processes: int) -> Limits:
        """For a server that runs as long as it is needed: memory, processes, files and folders
        stay bounded; time, processor time and output add up without an end."""
        return cls(
            wall_seconds=math.inf,
            cpu_seconds=None,
            memory_bytes=memory_bytes,
            processes=processes,
            output_bytes=None,
            look_seconds=1.0,
        )


@dataclass(frozen=True, slots=True)
class BoxSpec:
    """One program to run in a box. What is not named here is not there."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    """Added to a minimal environment; nothing is inherited from the scanner's."""
    cwd: str | None = None
    """A folder that exists in the box; ``None`` for the private home."""
    readable: tuple[Path, ...] = ()
    """Host files and folders shown read-only at the same path."""
    writable: tuple[Path, ...] = ()
    """Host folders shown at the same path and open for writing: a grant of the user."""
    network: bool = False
    """The host's whole network, its loopback included: a grant of the user."""
    limits: Limits = Limits()


class BoxUnavailable(RuntimeError):
    """No box can be made here, or not this one. The message says what is missing."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.remedy = remedy
        """The next step."""
