"""The messages in an event stream, decoded strictly, over as many connections as it takes."""

from __future__ import annotations

from collections import deque

from ostiary.gateway.ports import UpstreamFailure
from ostiary.gateway.upstream import messages
from ostiary.gateway.upstream.reply import Reply
from ostiary.model.json import JsonObject
from ostiary.wire import strict_json
from ostiary.wire.sse import Event, EventReader, TooLargeEvent


class EventStream:
    """Events of one stream. Raises :class:`~ostiary.gateway.ports.UpstreamFailure` throughout."""

    def __init__(self, name: str, reply: Reply, limits: strict_json.Limits) -> None:
        self._name = name
        self._reply = reply
        self._limits = limits
        self._reader = EventReader(limits.size)
        self._events: deque[Event] = deque()
        self.last_id = b""
        """Where the stream can be taken up again; empty if nowhere."""
        self.size = 0
        """Bytes of the last message."""
        self.garbled = False
        """Whether it sent something that may not be read on."""

    @property
    def retry(self) -> int | None:
        """Milliseconds the server wants its client to wait before it comes back."""
        return self._reader.retry

    async def event(self, seconds: float | None) -> Event | None:
        """The next event that holds data; ``None`` at the end of the stream."""
        while not self._events:
            data = await self._reply.read(seconds)
            if not data:
                return None
            self._feed(data)
        return self._events.popleft()

    async def next(self, seconds: float | None) -> JsonObject | None:
        """The next message; ``None`` at the end of the stream."""
        while (event := await self.event(seconds)) is not None:
            if event.name == "message":
                return self.decoded(event)
        return None

    def decoded(self, event: Event) -> JsonObject:
        """The message in an event."""
        self.size = len(event.data)
        try:
            return messages.decode(self._name, event.data, self._limits)
        except UpstreamFailure:
            self.garbled = True
            raise

    def refuse(self, why: str) -> UpstreamFailure:
        """A failure that ends the stream for good."""
        self.garbled = True
        return UpstreamFailure(f"{self._name} {why}", sent=True)

    def go_on(self, reply: Reply) -> None:
        """Read on from another connection."""
        retry = self._reader.retry
        self._reply = reply
        self._reader = EventReader(self._limits.size)
        self._reader.retry = retry

    def close(self) -> None:
        """Hang up unless the stream is at its end."""
        self._reply.close()

    def let_go(self) -> None:
        """Read no further: the last message has come."""
        self._reply.let_go()

    def _feed(self, data: bytes) -> None:
        try:
            found = self._reader.feed(data)
        except TooLargeEvent as error:
            raise self.refuse(f"streams {error}") from None
        if self._reader.last_id:
            if messages.SESSION.fullmatch(self._reader.last_id.decode("latin-1")) is None:
                raise self.refuse("gave an event id that no header may hold")
            self.last_id = self._reader.last_id
        self._events.extend(one for one in found if one.data.strip())
