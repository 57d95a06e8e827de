"""Progress on long work: one line that rewrites itself on a terminal, silence elsewhere."""

from __future__ import annotations

import shutil
import sys
import threading


class Progress:
    """Says what is being done now. Safe to call from several threads."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._lock = threading.Lock()

    def __call__(self, text: str) -> None:
        if not self._shown:
            return
        width = shutil.get_terminal_size((80, 24)).columns - 1
        line = "".join(char if char.isprintable() else "?" for char in text)[:width]
        with self._lock:
            sys.stderr.write(f"\r\x1b[2K{line}")
            sys.stderr.flush()

    def done(self) -> None:
        """Clear the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
