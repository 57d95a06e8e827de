"""Stops a scan in good order, whoever asks for it: a person, a supervisor or a closing terminal."""

from __future__ import annotations

import os
import signal
from typing import NoReturn

from ostiary.cli.streams import finish_streams

_asked = [signal.SIGINT]
"""The signal that stopped the program."""


def listen() -> None:
    """Treat a request to end like Ctrl-C, so that boxes are ended and not only orphaned."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def _stop(number: int, _frame: object) -> NoReturn:
    _asked[0] = signal.Signals(number)
    raise KeyboardInterrupt


def leave() -> NoReturn:
    """End with the code of the signal, at once: no thread that waits for a server holds it up."""
    finish_streams()
    os._exit(128 + _asked[0])
