"""Streamable HTTP, both eras: one POST a message, answered with JSON or with an event stream."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

from ostiary.gateway.encode import encode
from ostiary.gateway.ports import Answer, Era, Interim, SessionForgotten, UpstreamFailure
from ostiary.gateway.upstream import messages
from ostiary.gateway.upstream.bounds import Limits
from ostiary.gateway.upstream.events import EventStream
from ostiary.gateway.upstream.heads import Heads
from ostiary.gateway.upstream.http_pool import Pool
from ostiary.gateway.upstream.listening import Listening
from ostiary.gateway.upstream.refusals import refused
from ostiary.gateway.upstream.reply import Reply
from ostiary.gateway.upstream.trouble import TooSlow
from ostiary.model.json import JsonObject, JsonValue
from ostiary.wire import handshake, stateless, strict_json

_REPEATABLE = frozenset(
    {
        "ping",
        "prompts/list",
        "resources/list",
        "resources/templates/list",
        stateless.DISCOVER,
        "tools/list",
    }
)
"""Requests that only read, so that a connection found dead under them costs nothing."""
_ENDLESS = "subscriptions/listen"
_RETRY = 1.0
_MOST_RETRY = 60.0
_MOST_NOTICES = 16


class StreamableLink:
    """One conversation over HTTP. Keeps the session id and adds the credentials."""

    def __init__(
        self,
        pool: Pool,
        heads: Heads,
        limits: Limits,
        era: Era,
        session: str,
    ) -> None:
        self._pool = pool
        self._heads = heads
        self._limits = limits
        self._json = strict_json.Limits(limits.answer_bytes, limits.answer_depth)
        self._era = era
        self._session = ""
        self._revision = ""
        self._ended: str | None = None
        self._listening: Listening | None = None
        self._notices: set[asyncio.Task[None]] = set()
        if session:
            self._keep(session)

    @property
    def ended(self) -> str | None:
        return self._ended

    async def request(
        self, message: JsonObject, headers: Mapping[str, str], interim: Interim
    ) -> Answer:
        try:
            return await self._request(message, headers, interim)
        except asyncio.CancelledError:
            self._tell_cancelled(message, "the caller went away")
            raise
        except TooSlow:
            self._tell_cancelled(message, "it took too long")
            raise

    async def _request(
        self, message: JsonObject, headers: Mapping[str, str], interim: Interim
    ) -> Answer:
        method = message.get("method")
        line = self._heads.bearer.line
        reply = await self._exchanged(message, headers)
        if reply.status in (401, 403) and await self._heads.bearer.renewed(line, reply.status):
            # It was refused before it was acted on, so it may be sent again.
            reply = await self._exchanged(message, headers)
        if reply.status != 200:
            return self._unusual(reply, message["id"])
        session = ""
        if method == handshake.INITIALIZE:
            try:
                session = self._given_session(reply)
            except UpstreamFailure:
                reply.close()
                raise
        if reply.streamed:
            seconds = None if method == _ENDLESS else self._limits.answer_seconds
            answer, size = await self._streamed(reply, message["id"], interim, seconds)
        elif reply.kind == b"application/json":
            answer = messages.decode(self._pool.name, reply.body, self._json)
            size = len(reply.body)
            self._expect(answer, message["id"])
        else:
            raise self._failure("answered with something that is neither JSON nor events")
        if session and "result" in answer:
            self._keep(session)
        return Answer(answer, self._session if session else "", 200, size)

    async def _exchanged(self, message: JsonObject, headers: Mapping[str, str]) -> Reply:
        if self._listening is not None and self._listening.opening:
            await self._listening.opened()
        data = self._post(message, headers)
        most, seconds = self._limits.answer_bytes, self._limits.answer_seconds
        method = message.get("method")
        if method == _ENDLESS:
            return await self._pool.listen(data, most, seconds)
        return await self._pool.exchange(data, most, seconds, repeatable=method in _REPEATABLE)

    async def send(self, message: JsonObject, headers: Mapping[str, str]) -> None:
        data = self._post(message, headers)
        reply = await self._pool.exchange(
            data, self._limits.answer_bytes, self._limits.answer_seconds
        )
        if reply.streamed:
            reply.close()
        if not 200 <= reply.status < 300:
            raise refused(self._pool.name, reply, self._session, self._heads.bearer)

    def listen(self, unasked: Interim) -> None:
        if self._era is Era.HANDSHAKE and self._listening is None and self._ended is None:
            self._listening = Listening(
                self._pool,
                self._limits,
                get=self._get,
                unasked=unasked,
                forgotten=self._forget,
            )
            if self._session:
                self._listening.start()

    async def close(self) -> None:
        """Stop listening and end the session at the server, if there is one."""
        if self._ended is not None and not self._session:
            return
        self._ended = self._ended or "the gateway closed it"
        await self.leave()
        session, self._session = self._session, ""
        if session and self._era is Era.HANDSHAKE:
            data = self._heads.delete(self._standing(session))
            with contextlib.suppress(UpstreamFailure, TimeoutError):
                async with asyncio.timeout(self._limits.close_seconds):
                    reply = await self._pool.exchange(data, 1024 * 1024, None)
                    reply.close()

    async def leave(self) -> None:
        """Stop listening, and leave the session to be resumed."""
        if self._listening is not None:
            await self._listening.stop()
            self._listening = None
        if self._notices:
            await asyncio.wait(tuple(self._notices))

    # What goes out.

    def _tell_cancelled(self, message: JsonObject, why: str) -> None:
        """In the handshake era, hanging up is no cancellation: the server is told."""
        if (
            self._era is Era.HANDSHAKE
            and self._ended is None
            and message.get("method") != handshake.INITIALIZE
            and len(self._notices) < _MOST_NOTICES
        ):
            notice = messages.cancelled(message["id"], why)
            task = asyncio.get_running_loop().create_task(self._quietly(notice))
            self._notices.add(task)
            task.add_done_callback(self._notices.discard)

    async def _quietly(self, message: JsonObject) -> None:
        headers = {"MCP-Protocol-Version": self._revision} if self._revision else {}
        with contextlib.suppress(UpstreamFailure, TimeoutError):
            async with asyncio.timeout(self._limits.close_seconds):
                await self.send(message, headers)

    def _post(self, message: JsonObject, headers: Mapping[str, str]) -> bytes:
        if self._ended is not None:
            raise SessionForgotten(f"{self._pool.name}: {self._ended}")
        given = {"Mcp-Session-Id": self._session} if self._session else {}
        for name, value in headers.items():
            lower = name.lower()
            if lower == "mcp-protocol-version":
                self._revision = value
            if lower != "mcp-session-id":
                given[name] = value
        try:
            return self._heads.post(encode(message), given)
        except ValueError as error:
            raise UpstreamFailure(f"{self._pool.name}: {error}", sent=False, status=502) from None

    def _standing(self, session: str) -> dict[str, str]:
        """Headers of requests that carry no message."""
        found = {"Mcp-Session-Id": session} if session else {}
        if self._revision:
            found["MCP-Protocol-Version"] = self._revision
        return found

    def _get(self, last_id: bytes) -> bytes:
        headers = self._standing(self._session)
        if last_id:
            headers["Last-Event-ID"] = last_id.decode("latin-1")
        return self._heads.get(headers)

    # What comes back.

    def _given_session(self, reply: Reply) -> str:
        session = reply.header(b"mcp-session-id")
        if not session or self._era is not Era.HANDSHAKE:
            return ""
        if not messages.SESSION.fullmatch(session):
            raise self._failure("gave a session id that no header may hold")
        return session

    def _keep(self, session: str) -> None:
        if not messages.SESSION.fullmatch(session):
            raise UpstreamFailure(
                f"{self._pool.name}: the session to resume is not valid", sent=False
            )
        self._session = session
        if self._listening is not None:
            self._listening.start()

    def _forget(self) -> None:
        self._ended = "it no longer knows the session"
        self._session = ""

    def _unusual(self, reply: Reply, ident: JsonValue) -> Answer:
        """An answer with a status other than 200: an error in JSON-RPC, or a failure."""
        failure = refused(self._pool.name, reply, self._session, self._heads.bearer)
        if isinstance(failure, SessionForgotten):
            self._forget()
            raise failure
        if reply.status in (401, 403) or reply.kind != b"application/json":
            raise failure
        try:
            answer = messages.decode(self._pool.name, reply.body, self._json)
        except UpstreamFailure:
            raise failure from None
        # A server that could not read the id says null (JSON-RPC 2.0, section 5).
        if answer.get("id") is None and "error" in answer:
            answer["id"] = ident
        if not messages.is_answer(answer) or not messages.same(answer.get("id"), ident):
            raise failure
        return Answer(answer, "", reply.status, len(reply.body))

    def _expect(self, answer: JsonObject, ident: JsonValue) -> None:
        if not messages.is_answer(answer):
            raise self._failure("sent JSON that is no answer of JSON-RPC")
        if not messages.same(answer.get("id"), ident):
            raise self._failure("answered another request than the one it was asked")

    async def _streamed(
        self, reply: Reply, ident: JsonValue, interim: Interim, seconds: float | None
    ) -> tuple[JsonObject, int]:
        """The answer at the end of a stream, which may take several connections."""
        stream = EventStream(self._pool.name, reply, self._json)
        for _ in range(self._limits.reconnects + 1):
            try:
                answer = await self._until_answer(stream, ident, interim, seconds)
            except UpstreamFailure as failure:
                if stream.garbled or not self._resumable(stream):
                    raise
                broken = failure
            else:
                if answer is not None:
                    stream.let_go()
                    return answer, stream.size
                broken = self._failure("ended its event stream without an answer")
            finally:
                stream.close()
            if not self._resumable(stream):
                raise broken
            await self._taken_up(stream)
        raise self._failure(f"closed its event stream {self._limits.reconnects} times")

    def _resumable(self, stream: EventStream) -> bool:
        return self._era is Era.HANDSHAKE and bool(stream.last_id)

    async def _until_answer(
        self, stream: EventStream, ident: JsonValue, interim: Interim, seconds: float | None
    ) -> JsonObject | None:
        while (message := await stream.next(seconds)) is not None:
            if "method" in message:
                if not messages.is_ask(message):
                    raise stream.refuse("sent a request that is none of JSON-RPC")
                await interim(message)
                continue
            try:
                self._expect(message, ident)
            except UpstreamFailure:
                stream.garbled = True
                raise
            return message
        return None

    async def _taken_up(self, stream: EventStream) -> None:
        """Go on where the stream stopped (SEP-1699; revision 2025-11-25, resumability)."""
        pause = _RETRY if stream.retry is None else stream.retry / 1000
        await asyncio.sleep(min(pause, _MOST_RETRY))
        reply = await self._pool.exchange(
            self._get(stream.last_id), self._limits.answer_bytes, self._limits.answer_seconds
        )
        if not reply.streamed:
            if reply.status == 404 and self._session:
                self._forget()
            raise self._failure(f"did not take up its event stream again (HTTP {reply.status})")
        stream.go_on(reply)

    def _failure(self, what: str) -> UpstreamFailure:
        return UpstreamFailure(f"{self._pool.name} {what}", sent=True)
