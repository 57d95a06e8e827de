"""HTTP+SSE for clients of revision 2024-11-05: answers on one long stream, messages by POST.

Source: specification 2024-11-05, basic/transports, "HTTP with SSE".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from ostiary.gateway.downstream.answer import Answer
from ostiary.gateway.downstream.conversation import Conversation
from ostiary.gateway.downstream.limits import Limiter
from ostiary.gateway.downstream.refused import Refused
from ostiary.gateway.ports import Era, Outbound, Relay
from ostiary.model.json import JsonObject
from ostiary.model.principal import Principal
from ostiary.wire import handshake
from ostiary.wire.mcp_headers import VERSION_HEADER, is_stateless, unsupported


class Stream:
    """One open stream and the conversation on it."""

    def __init__(
        self,
        conversation: Conversation,
        principal: Principal,
        answer: Answer,
        *,
        endpoint: str,
        name: str,
        closed: Callable[[str], None],
        limiter: Limiter,
    ) -> None:
        self._conversation = conversation
        self._answer = answer
        self._name = name
        self._closed = closed
        self._limiter = limiter
        self._ended = asyncio.Event()
        self.principal = principal
        self.endpoint = endpoint

    async def run(self) -> None:
        """Keep the stream open until somebody calls :meth:`end`."""
        try:
            await self._answer.say(b"/messages/" + self._name.encode("ascii"), b"endpoint")
            await self._ended.wait()
            self._closed(self._name)
            await self._answer.finish(Outbound())
        finally:
            self._closed(self._name)
            self._answer.abandon()
            await self._conversation.close()

    def end(self) -> None:
        """End the stream, and with it what runs on it."""
        self._ended.set()

    async def take(self, principal: Principal, message: JsonObject) -> None:
        """Take one message of ``principal``, whose call was counted in."""
        if self._ended.is_set():
            self._limiter.end_call(principal.id)
            raise Refused(404, "there is no such stream")
        await self._conversation.take(
            message, Era.HANDSHAKE, principal, lambda: self._limiter.end_call(principal.id)
        )


class HttpSse:
    """All open streams. ``token`` gives names that nobody can guess."""

    def __init__(self, relay: Relay, limiter: Limiter, token: Callable[[], str]) -> None:
        self._relay = relay
        self._limiter = limiter
        self._token = token
        self._streams: dict[str, Stream] = {}

    def open(self, principal: Principal, endpoint: str, answer: Answer) -> Stream:
        """A stream on ``answer``; it must be run."""
        name = self._token()
        conversation = Conversation(self._relay, principal, endpoint, "sse", answer.say)
        stream = Stream(
            conversation,
            principal,
            answer,
            endpoint=endpoint,
            name=name,
            closed=self._forget,
            limiter=self._limiter,
        )
        self._streams[name] = stream
        return stream

    def path(self, name: str) -> str:
        """The path of the endpoint that a stream belongs to; of the joined one if there is none."""
        stream = self._streams.get(name)
        return f"/sse/{stream.endpoint}" if stream and stream.endpoint else "/sse"

    def find(self, name: str, principal: Principal) -> Stream:
        """The stream of that name. To others than the one who opened it, it does not exist.
        Raises :class:`Refused`."""
        stream = self._streams.get(name)
        if stream is None or _who(stream.principal) != _who(principal):
            raise Refused(404, "there is no such stream")
        return stream

    def stop(self) -> None:
        """End all streams."""
        for stream in self._streams.values():
            stream.end()

    def _forget(self, name: str) -> None:
        self._streams.pop(name, None)


def _who(principal: Principal) -> tuple[str, str, str, tuple[str, ...] | None]:
    """Whom a stream belongs to; a token that was renewed does not change that."""
    return principal.id, principal.agent, principal.client, principal.only


def refuse_stateless(message: JsonObject, headers: Mapping[str, str]) -> None:
    """Revision 2026-07-28 is not spoken over HTTP+SSE. Raises :class:`Refused`."""
    revision = headers.get(VERSION_HEADER)
    if is_stateless(message, revision):
        problem = unsupported(revision or "", handshake.REVISIONS)
        reason = "HTTP+SSE is for revisions up to 2025-11-25; use /mcp"
        raise Refused(400, reason, code=problem.code, data=problem.data)
