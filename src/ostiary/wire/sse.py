"""Server-sent events (WHATWG HTML, section 9.2), read incrementally and within a size."""

from __future__ import annotations

from dataclasses import dataclass


class TooLargeEvent(ValueError):
    """One event is larger than the reader accepts."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event; ``name`` is ``message`` when the stream does not say."""

    name: str
    data: bytes


class EventReader:
    """Bytes in, events out. ``size`` is the most bytes one event may take."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._buffer = bytearray()
        self._searched = 0
        self._data: list[bytes] = []
        self._held = 0
        self._name = b""
        self._first = True
        self._after_return = False
        self.last_id = b""
        """The last event id of the stream; empty if it gave none."""
        self.retry: int | None = None
        """Milliseconds to wait before reconnecting, if the stream said."""

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that ``chunk`` completes. Raises :class:`TooLargeEvent`."""
        self._buffer += chunk
        events: list[Event] = []
        for line in self._lines():
            event = self._line(line)
            if event is not None:
                events.append(event)
        if len(self._buffer) + self._held > self._size:
            raise TooLargeEvent(f"an event is larger than {self._size:,} bytes")
        return events

    def _lines(self) -> list[bytes]:
        """Complete lines; an end of line is LF, CR or CRLF."""
        # CRLF may be split between two chunks: the LF then belongs to the CR before it.
        if self._after_return and self._buffer:
            if self._buffer[0] == 0x0A:
                del self._buffer[0]
            self._after_return = False
        if (
            b"\n" not in self._buffer[self._searched :]
            and b"\r" not in (self._buffer[self._searched :])
        ):
            self._searched = len(self._buffer)
            return []
        text = bytes(self._buffer)
        self._after_return = text.endswith(b"\r")
        lines = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._buffer = bytearray(lines.pop())
        self._searched = len(self._buffer)
        return lines

    def _line(self, line: bytes) -> Event | None:
        if self._first:
            line = line.removeprefix(b"\xef\xbb\xbf")
            self._first = False
        if not line:
            return self._dispatch()
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._held += len(value) + 1
            if self._held > self._size:
                raise TooLargeEvent(f"an event is larger than {self._size:,} bytes")
            self._data.append(value)
        elif field == b"event":
            self._name = value
        elif field == b"id" and b"\0" not in value:
            self.last_id = value
        elif field == b"retry" and value.isdigit() and len(value) < 10:
            self.retry = int(value)
        return None

    def _dispatch(self) -> Event | None:
        data, name = self._data, self._name
        self._data, self._name, self._held = [], b"", 0
        if not data:
            return None
        return Event((name or b"message").decode("utf-8", "replace"), b"\n".join(data))
