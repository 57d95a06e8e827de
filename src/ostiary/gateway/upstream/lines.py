"""Lines out of chunks, none longer than allowed."""

from __future__ import annotations


class TooLongLine(ValueError):
    """A line is longer than the reader accepts."""


class LineReader:
    """Bytes in, lines out, without their ends. ``size`` is the most bytes of one line."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._parts: list[bytes] = []
        self._held = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that ``chunk`` completes. Raises :class:`TooLongLine`."""
        end = chunk.find(b"\n")
        if end < 0:
            self._hold(chunk)
            return []
        if self._parts:
            self._hold(chunk[:end])
            first = b"".join(self._parts)
            self._parts.clear()
            self._held = 0
            lines = [first]
            chunk = chunk[end + 1 :]
            if not chunk:
                return lines
        else:
            lines = []
        lines += chunk.split(b"\n")
        rest = lines.pop()
        if rest:
            self._hold(rest)
        return lines

    def _hold(self, part: bytes) -> None:
        self._held += len(part)
        if self._held > self._size:
            raise TooLongLine(f"a line is longer than {self._size:,} bytes")
        self._parts.append(part)
