"""The reference box: Linux namespaces by way of bubblewrap."""

from __future__ import annotations

from typing import BinaryIO

from ostiary.host.box import BoxSpec, BoxUnavailable


class BoxedServer:
    """A running box. Matches what a prober of servers expects of a running server."""

    stdin: BinaryIO
    stdout: BinaryIO

    def stderr_tail(self) -> str:
        """The last bytes of standard error, as text."""
        raise NotImplementedError

    def ended(self) -> str | None:
        """Why the box is over, in words; ``None`` while it runs."""
        raise NotImplementedError

    def stop(self) -> None:
        """End everything in the box and wait until it is gone. May be called again."""
        raise NotImplementedError


class Bubblewrap:
    """Makes boxes with the ``bwrap`` program."""

    def available(self) -> str | None:
        """Why no box can be made here; ``None`` if one can."""
        raise NotImplementedError

    def start(self, spec: BoxSpec) -> BoxedServer:
        """Start a program in a box. Raises :class:`BoxUnavailable`."""
        raise BoxUnavailable("not built")
