"""What a box writes: passed on to a reader or kept as a tail, never more than allowed."""

from __future__ import annotations

import fcntl
import os
import selectors
import time
from contextlib import suppress
from typing import BinaryIO, cast

_CHUNK = 65536
_PIPE = 512 * 1024
_TAIL = 16384
_AT_ONCE = 1024 * 1024
"""Bytes of standard error taken from a lasting box between two looks at it."""


class ReaderGone(Exception):
    """Nobody reads the output of the box any more."""


class TooMuch(Exception):
    """The box wrote more than it may. Says what it wrote to."""


def _read(source: int) -> bytes:
    try:
        return os.read(source, _CHUNK)
    except OSError:
        return b""


class Relay:
    """Standard output on its way to the reader. While the reader does not read, nothing more is
    taken in, so a flood waits in the box."""

    def __init__(self, limit: int) -> None:
        read, self._write = os.pipe()
        self.reader = cast("BinaryIO", os.fdopen(read, "rb", buffering=0))
        with suppress(OSError):
            fcntl.fcntl(self._write, fcntl.F_SETPIPE_SZ, _PIPE)
        os.set_blocking(self._write, False)
        self._limit = limit
        self._seen = 0
        self._pending = b""
        self._source = -1
        self._done = False

    def attach(self, source: int, selector: selectors.BaseSelector) -> None:
        self._source = source
        self._selector = selector
        selector.register(source, selectors.EVENT_READ, self.take)

    def take(self) -> None:
        """Called when the box has written. Raises :class:`TooMuch` or :class:`ReaderGone`."""
        data = _read(self._source)
        if not data:
            self._done = True
            self._selector.unregister(self._source)
            return
        self._seen += len(data)
        if self._seen > self._limit:
            raise TooMuch("standard output")
        self._pending = data
        self._push()
        if self._pending:
            self._selector.unregister(self._source)
            self._selector.register(self._write, selectors.EVENT_WRITE, self._resume)

    def _resume(self) -> None:
        self._push()
        if not self._pending:
            self._selector.unregister(self._write)
            self._selector.register(self._source, selectors.EVENT_READ, self.take)

    def _push(self) -> None:
        try:
            written = os.write(self._write, self._pending)
        except BlockingIOError:
            return
        except BrokenPipeError:
            raise ReaderGone from None
        self._pending = self._pending[written:]

    def finish(self, wake: int, until: float) -> None:
        """Once the box is dead: hand over what is left, as long as the reader takes it."""
        with suppress(ReaderGone, TooMuch), selectors.DefaultSelector() as waiting:
            waiting.register(wake, selectors.EVENT_READ)
            waiting.register(self._write, selectors.EVENT_WRITE)
            while self._pending or self._refill():
                ready = waiting.select(max(0.0, until - time.monotonic()))
                if not ready or any(key.fd == wake for key, _ in ready):
                    return
                self._push()

    def _refill(self) -> bool:
        if self._done:
            return False
        self._pending = _read(self._source)
        self._seen += len(self._pending)
        self._done = not self._pending or self._seen > self._limit
        return bool(self._pending) and not self._done

    def close(self) -> None:
        os.close(self._write)


class Direct:
    """Standard output in the hands of the reader. A flood it does not read waits in the box."""

    def __init__(self) -> None:
        self.reader: BinaryIO | None = None

    def attach(self, source: int, selector: selectors.BaseSelector) -> None:
        """Nothing to do: the reader holds the pipe."""

    def finish(self, wake: int, until: float) -> None:
        """Nothing to do: what is left waits in the pipe."""

    def close(self) -> None:
        """Nothing to do: the reader closes the pipe."""


class Tail:
    """The last of standard error."""

    def __init__(self, limit: int | None) -> None:
        """Without a ``limit`` of the sum, a flood is slowed down instead."""
        self._limit = limit
        self._seen = 0
        self._kept = b""
        self._resting = False

    def attach(self, source: int, selector: selectors.BaseSelector) -> None:
        self._source = source
        self._selector = selector
        selector.register(source, selectors.EVENT_READ, self.take)

    def take(self) -> None:
        """Called when the box has written. Raises :class:`TooMuch`."""
        data = _read(self._source)
        if not data:
            self._selector.unregister(self._source)
            return
        self._seen += len(data)
        self._kept = (self._kept + data)[-_TAIL:]
        if self._limit is not None and self._seen > self._limit:
            raise TooMuch("standard error")
        if self._limit is None and self._seen > _AT_ONCE:
            self._resting = True
            self._selector.unregister(self._source)

    def go_on(self) -> None:
        """Take more, where a flood was slowed down."""
        if self._limit is None:
            self._seen = 0
        if self._resting:
            self._resting = False
            self._selector.register(self._source, selectors.EVENT_READ, self.take)

    def finish(self) -> None:
        """Once the box is dead: take what is left in the pipe."""
        for _ in range(_PIPE // _CHUNK):
            data = _read(self._source)
            if not data:
                return
            self._kept = (self._kept + data)[-_TAIL:]

    def text(self) -> str:
        """Free of control characters, which would act on the terminal of whoever reads it."""
        text = self._kept.decode("utf-8", "replace").replace("\r\n", "\n")
        return "".join(one if one == "\n" or one.isprintable() else " " for one in text)
