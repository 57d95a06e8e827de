"""Starts the everything server as a program of its own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "everything.server")
"""To be run in the folder :data:`TESTS`."""


@contextlib.contextmanager
def everything_at(transport: str = "http", eras: str = "both") -> Iterator[str]:
    """The URL at which it serves."""
    process = subprocess.Popen(
        [*COMMAND, transport, eras],
        cwd=TESTS,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
