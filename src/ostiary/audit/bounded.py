"""What the process of a worker may take, and how it ends. Light: it comes before what reads."""

from __future__ import annotations

import contextlib
import gc
import math
import resource
import signal
import sys
import time

from ostiary.audit.asked import Bounds

MEBIBYTE = 1024 * 1024
_STACK = 112 * MEBIBYTE
"""Bytes of native stack: deep code takes some where Python calls back into itself."""
SELDOM = 2_000_000, 4, 4
"""New objects, and rounds over those that are not so new, before garbage is looked for."""


def settle() -> None:
    """Make a process of its own: it ends when it is told to, with the tools that it started, and
    looks for garbage only where there would be much."""
    gc.set_threshold(*SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    _limit(resource.RLIMIT_STACK, _STACK)
    _limit(resource.RLIMIT_CORE, 0)


def bound(bounds: Bounds, times: int = 1) -> None:
    """Bound what reading takes from now on. Tools and advisers are not read, and not bound so."""
    _limit(resource.RLIMIT_AS, bounds.memory)
    _limit(resource.RLIMIT_CPU, math.ceil(time.process_time() + times * bounds.seconds))


def unbound() -> None:
    _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
    _limit(resource.RLIMIT_CPU, resource.RLIM_INFINITY)


def _limit(what: int, value: int) -> None:
    """Set a limit as far as this machine lets."""
    with contextlib.suppress(OSError, ValueError):
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            value = hard if value == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, hard))
