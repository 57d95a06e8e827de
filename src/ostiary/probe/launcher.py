"""What the probe needs from whoever starts a server: a protocol, so that the box is replaceable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import BinaryIO, Protocol


class CannotStart(Exception):
    """The server could not be started. The message is the reason, in one sentence.

    ``remedy`` says what would let it start, for example a flag that grants something.
    """

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.remedy = remedy


class RunningServer(Protocol):
    """A started server. Its streams are raw, unbuffered and have a ``fileno()``."""

    @property
    def stdin(self) -> BinaryIO:
        """Where messages are written."""

    @property
    def stdout(self) -> BinaryIO:
        """Where messages are read."""

    def stderr_tail(self) -> str:
        """The last few lines the server wrote to its error output, free of control characters.

        Whoever started the server drains that output, so a flood never blocks it.
        """

    def ended(self) -> str | None:
        """Why the server no longer runs; ``None`` while it does. Never blocks.

        In words that follow "it", for example ``exited with status 1``.
        """

    def stop(self) -> None:
        """End the server and everything it started. May be called twice."""


class Launcher(Protocol):
    """Starts servers, boxed or not. Called from several threads at once."""

    def start(self, argv: Sequence[str], env: Mapping[str, str], cwd: str | None) -> RunningServer:
        """Start ``argv``.

        Raises :class:`CannotStart`, or an ``OSError``, or any exception with a string attribute
        ``remedy``; each becomes a "not checked" with the exception's text as the reason.
        """
