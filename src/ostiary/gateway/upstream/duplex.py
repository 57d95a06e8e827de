"""Many requests over one pair of streams: answers find their request, the rest its taker."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

from ostiary.gateway.encode import encode
from ostiary.gateway.encode import failure as error_answer
from ostiary.gateway.ports import Answer, Interim, SessionForgotten, UpstreamFailure
from ostiary.gateway.upstream import messages
from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.lane import Lane
from ostiary.gateway.upstream.trouble import Hurried, TooSlow
from ostiary.model.json import JsonObject, JsonValue, as_object
from ostiary.wire import strict_json
from ostiary.wire.handshake import INITIALIZE

_ENDLESS = "subscriptions/listen"
_SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId"
_PROGRESS = "notifications/progress"
_INTERNAL = -32603
_BUSY_LINES = 2000
"""Lines that answer nothing, within one ``_BRAKE``, before a server is read no further."""
_BRAKE = 0.1
_MOST_UNWAITED = 64
"""Notices and refusals of ours that wait until a server reads."""

Ident = int | str


class Pending:
    """One request that waits for its answer."""

    __slots__ = ("endless", "future", "interim", "lane", "sent", "token")

    def __init__(
        self, future: asyncio.Future[Answer], interim: Interim, token: JsonValue, endless: bool
    ) -> None:
        self.future = future
        self.interim = interim
        self.token = token
        self.endless = endless
        self.lane: Lane | None = None
        self.sent = True
        """Whether the server may have got it."""


class Duplex:
    """One conversation over a stream of messages each way.

    ``write`` sends one encoded message; if that takes a while it returns what to wait for, and
    ``queued`` says that until then nothing was sent. ``flow`` is told to stop reading
    (``False``) and to go on (``True``).
    """

    def __init__(
        self,
        name: str,
        limits: Limits,
        *,
        write: Callable[[bytes], Awaitable[None] | None],
        queued: bool,
        flow: Callable[[bool], None],
    ) -> None:
        self.name = name
        self.ended: str | None = None
        self.dropped = 0
        """Messages that belonged to nobody and lines that were none."""
        self._limits = limits
        self._json = strict_json.Limits(limits.answer_bytes, limits.answer_depth)
        self._write = write
        self._queued = queued
        self._flow = flow
        self._reading = True
        self._heard = False
        self._unwaited = 0
        self._pending: dict[Ident, Pending] = {}
        self._endless = 0
        self._unasked = Lane(None, self._moved)
        self._idle_lines = 0
        self._brake: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """Requests without an answer."""
        return len(self._pending)

    async def request(self, message: JsonObject, interim: Interim) -> Answer:
        """Send one request and wait for its answer."""
        ident = message["id"]
        if self.ended is not None:
            raise SessionForgotten(f"{self.name} {self.ended}")
        if not isinstance(ident, int | str) or ident in self._pending:
            raise UpstreamFailure(f"{self.name}: the request's id is in use", sent=False)
        loop = asyncio.get_running_loop()
        params = as_object(message.get("params"))
        token = as_object(params.get("_meta")).get("progressToken")
        endless = message["method"] == _ENDLESS
        pending = Pending(loop.create_future(), interim, token, endless)
        self._pending[ident] = pending
        self._endless += endless
        seconds = self._limits.answer_seconds
        timer = None if endless else loop.call_later(seconds, self._late, pending, seconds)
        try:
            slow = self._write(encode(message))
            if slow is not None:
                await self._written(slow, pending)
            return await pending.future
        except asyncio.CancelledError:
            self._tell_cancelled(message, pending, "the caller went away")
            raise
        except TooSlow:
            self._tell_cancelled(message, pending, "it took too long")
            raise
        finally:
            if timer is not None:
                timer.cancel()
            self._forget(ident, pending)

    async def send(self, message: JsonObject) -> None:
        """Send a notification or an answer."""
        if self.ended is not None:
            raise SessionForgotten(f"{self.name} {self.ended}")
        slow = self._write(encode(message))
        if slow is not None:
            await slow

    def listen(self, unasked: Interim) -> None:
        """From now on, ``unasked`` takes what belongs to no request."""
        self._unasked.taken_by(unasked)

    def end(self, why: str) -> None:
        """The streams are closed: nothing more will be answered."""
        self.ended = self.ended or why
        self._unasked.close()
        if self._brake is not None:
            self._brake.cancel()
        text = f"{self.name} {self.ended} before it answered"
        for pending in tuple(self._pending.values()):
            # A server that never answered anything is down; one that did may come back.
            kind = UpstreamFailure if self._heard else Hurried
            self._fail(pending, kind(text, sent=pending.sent))

    async def _written(self, slow: Awaitable[None], pending: Pending) -> None:
        """Wait until a request is written, or is over before that."""
        writing = asyncio.ensure_future(slow)
        pending.sent = not self._queued
        try:
            await asyncio.wait((writing, pending.future), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            writing.cancel()
            raise
        if not pending.future.done():
            pending.sent = True
            writing.result()
        elif pending.future.exception() is not None:
            writing.cancel()
        writing.add_done_callback(_ignored)

    # What comes in.

    def deliver(self, data: bytes) -> None:
        """Take one message as it came."""
        if not data or data.isspace():
            return
        try:
            message = messages.decode(self.name, data, self._json)
        except UpstreamFailure as refusal:
            self._refused(data, refusal)
            return
        if "method" in message:
            self._asked(message, len(data))
            return
        ident = message.get("id")
        pending = self._find(ident)
        if pending is None:
            self._idle()
            return
        if not messages.is_answer(message):
            why = f"{self.name} sent JSON that is no answer of JSON-RPC"
            self._fail(pending, UpstreamFailure(why, sent=True))
            return
        self._heard = True
        answer = Answer(message, size=len(data))
        if pending.lane is None or pending.lane.empty:
            if not pending.future.done():
                pending.future.set_result(answer)
        else:
            pending.lane.finally_do(lambda: _resolve(pending.future, answer))

    def _find(self, ident: JsonValue) -> Pending | None:
        if isinstance(ident, bool) or not isinstance(ident, int | str):
            return None
        return self._pending.get(ident)

    def _refused(self, data: bytes, refusal: UpstreamFailure) -> None:
        """A line that is not read. If it was meant to answer a request, that request fails."""
        ident = _meant_for(data)
        pending = self._find(ident)
        if pending is not None:
            self._fail(pending, refusal)
        else:
            self._idle()

    def _asked(self, message: JsonObject, size: int) -> None:
        if not messages.is_ask(message):
            self._idle()
            return
        pending = self._owner(message)
        if pending is None:
            self._idle(dropped=False)
            self._put_unasked(message, size)
            return
        if pending.lane is None:
            pending.lane = Lane(pending.interim, self._moved)
        pending.lane.put(message, size)
        if pending.lane.full:
            self._pause()

    def _owner(self, message: JsonObject) -> Pending | None:
        """The request that a message of the server belongs to."""
        params = as_object(message.get("params"))
        if message["method"] == _PROGRESS:
            token = params.get("progressToken")
            for pending in self._pending.values():
                if messages.same(pending.token, token):
                    return pending
        subscription = as_object(params.get("_meta")).get(_SUBSCRIPTION)
        if subscription is not None:
            return self._find(subscription)
        if len(self._pending) - self._endless == 1:
            return next(one for one in self._pending.values() if not one.endless)
        return None

    def _put_unasked(self, message: JsonObject, size: int) -> None:
        """Keep a message until somebody takes it. Beyond the bounds the oldest notifications go;
        a request is kept or answered."""
        lane, most = self._unasked, self._limits
        while len(lane) >= most.unasked or lane.held + size > most.unasked_bytes:
            self.dropped += 1
            if not lane.drop_oldest_notice():
                if "id" in message:
                    self._refuse(message["id"])
                return
        lane.put(message, size)

    def _tell_cancelled(self, message: JsonObject, pending: Pending, why: str) -> None:
        """Nobody waits any more: the server may stop (``initialize`` cannot be cancelled)."""
        if pending.sent and self.ended is None and message["method"] != INITIALIZE:
            self._write_unwaited(encode(messages.cancelled(message["id"], why)))

    def _write_unwaited(self, data: bytes) -> None:
        """Write when there is room, unless too much waits for that already."""
        if self._unwaited >= _MOST_UNWAITED:
            return
        try:
            slow = self._write(data)
        except UpstreamFailure:
            return
        if slow is not None:
            self._unwaited += 1
            asyncio.ensure_future(slow).add_done_callback(self._no_longer)

    def _no_longer(self, task: asyncio.Future[None]) -> None:
        self._unwaited -= 1
        _ignored(task)

    def _refuse(self, ident: JsonValue) -> None:
        """Answer a server's request that nobody can be given."""
        if isinstance(ident, int | str):
            text = "The client takes no more requests"
            data = encode(error_answer(ident, _INTERNAL, text))
            self._write_unwaited(data)

    # Flow.

    def _idle(self, *, dropped: bool = True) -> None:
        """Count a line that answers nothing; slow down a server that sends little else."""
        self.dropped += dropped
        self._idle_lines += 1
        if self._brake is None:
            loop = asyncio.get_running_loop()
            self._brake = loop.call_later(_BRAKE, self._consider, loop.time() + _BRAKE)
        elif self._idle_lines > _BUSY_LINES:
            self._pause()

    def _consider(self, due: float) -> None:
        """Read on, but after lines that took longer than the brake only when others had as long."""
        loop = asyncio.get_running_loop()
        late = loop.time() - due
        if self._idle_lines > _BUSY_LINES and late > _BRAKE:
            self._brake = loop.call_later(late, self._release)
        else:
            self._release()

    def _release(self) -> None:
        self._brake = None
        self._idle_lines = 0
        self._moved()

    def _pause(self) -> None:
        if self._reading:
            self._reading = False
            self._flow(False)

    def _moved(self) -> None:
        """Read on once nobody is behind."""
        if self._reading or self._idle_lines > _BUSY_LINES:
            return
        if all(one.lane is None or not one.lane.full for one in self._pending.values()):
            self._reading = True
            self._flow(True)

    # Ends.

    def _late(self, pending: Pending, seconds: float) -> None:
        text = f"{self.name} did not answer within {seconds:g} s"
        self._fail(pending, TooSlow(text, sent=pending.sent))

    def _fail(self, pending: Pending, why: UpstreamFailure) -> None:
        if not pending.future.done():
            pending.future.set_exception(why)

    def _forget(self, ident: Ident, pending: Pending) -> None:
        del self._pending[ident]
        self._endless -= pending.endless
        if pending.lane is not None:
            pending.lane.close()
            self._moved()


def _resolve(future: asyncio.Future[Answer], answer: Answer) -> None:
    if not future.done():
        future.set_result(answer)


def _ignored(task: asyncio.Future[None]) -> None:
    if not task.cancelled():
        task.exception()


def _meant_for(data: bytes) -> JsonValue:
    """The id of the request that a refused line was meant to answer; read for that alone."""
    if not data.lstrip().startswith(b"{"):
        return None
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or "method" in value:
        return None
    ident: JsonValue = value.get("id")
    return ident
