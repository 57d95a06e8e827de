"""One caller's conversation with one server: opened when needed, opened again when forgotten.

Ids and progress tokens of clients stop here: the server sees numbers of ours, so that a client
that uses an id twice, or two clients of one person, can never get each other's answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from ostiary import __version__
from ostiary.gateway.door import Pass
from ostiary.gateway.ports import (
    Answer,
    Era,
    Interim,
    Link,
    SessionForgotten,
    UpstreamFailure,
)
from ostiary.gateway.upstreams import Upstream
from ostiary.model.json import JsonObject, JsonValue, as_object, as_text
from ostiary.wire import handshake, stateless
from ostiary.wire.bridging_changes import LISTEN, SUBSCRIPTION_KEY, tag, tagged
from ostiary.wire.mcp_headers import request_headers
from ostiary.wire.methods import CANCELLED, INITIALIZED, PROGRESS

MOST_IN_FLIGHT = 256
"""Requests of one caller that wait at one server at a time."""

Observe = Callable[["Leg"], Awaitable[None]]
"""Lists what the server shows, after a conversation was opened."""


class IdInUse(ValueError):
    """The client gave a request the id of one that still waits."""


class Speech(Protocol):
    """What a leg says first, and which headers its messages carry."""

    era: Era
    revision: str
    hello: JsonObject


class Leg:
    """A conversation. Everything that goes out needs a :class:`Pass`."""

    def __init__(self, upstream: Upstream, speech: Speech, observe: Observe, session: str) -> None:
        """``session`` is an id that the server gave earlier, to be resumed; may be empty."""
        self.upstream = upstream
        self.speech = speech
        self.hello: JsonObject | None = None
        """The server's answer to ``initialize``; ``None`` until it came, or where none is due."""
        self.session = session
        self.unasked: Interim = _ignored
        self._observe = observe
        self._link: Link | None = None
        self._lock = asyncio.Lock()
        self._number = 0
        self._pending: dict[int | str | None, int] = {}
        """Our numbers by the client's ids; the gateway's own questions have none."""
        self._over = False
        self.used = 0
        """Requests so far; tells whether it was used since somebody last looked."""

    async def request(
        self,
        passed: Pass,
        message: JsonObject,
        interim: Interim,
    ) -> Answer:
        """Forward a request; the answer carries the client's id again.

        Raises :class:`~ostiary.gateway.ports.UpstreamFailure` and :class:`IdInUse`.
        """
        link = self._link
        if link is None or link.ended is not None:
            link = await self.ready(passed)
        try:
            return await self._exchange(link, message, interim)
        except SessionForgotten:
            await self._forget(link)
            link = await self.ready(passed)
            return await self._exchange(link, message, interim)

    async def send(self, _passed: Pass, message: JsonObject) -> None:
        """Forward a notification, or the client's answer to a request of the server."""
        link = self._link
        if link is None or link.ended is not None:
            return
        if message.get("method") == CANCELLED:
            params = as_object(message.get("params"))
            key = _key(params.get("requestId"))
            number = None if key is None else self._pending.get(key)
            if number is None:
                return
            message = {**message, "params": {**params, "requestId": number}}
        await link.send(message, self._headers(message))

    async def ready(self, passed: Pass) -> Link:
        """The link, opened and introduced, with what the server shows known."""
        async with self._lock:
            link = self._link
            if link is None or link.ended is not None:
                link = await self._open(passed)
                if self._over:
                    await link.close()
                    raise UpstreamFailure("its session has ended", sent=False, status=503)
                self._link = link
            if self.upstream.shown.stale:
                await self._observe(self)
            return link

    async def refresh(self, _passed: Pass) -> None:
        """Ask an open conversation's server anew what it shows."""
        async with self._lock:
            if not self.closed:
                await self._observe(self)

    async def ask(self, _passed: Pass, method: str, params: JsonObject) -> JsonObject:
        """Ask the gateway's own question on the open link. Returns the result, or nothing."""
        link = self._link
        if link is None:
            raise UpstreamFailure("the conversation is not open", sent=False)
        message: JsonObject = {"jsonrpc": "2.0", "id": None, "method": method, "params": params}
        if self.speech.era is Era.STATELESS:
            message["params"] = self._enveloped(params)
        answer = await self._exchange(link, message, self.unasked)
        return as_object(answer.message.get("result"))

    @property
    def waiting(self) -> bool:
        """Whether a request of the client waits for its answer."""
        return any(key is not None for key in self._pending)

    def waits_for(self, ident: JsonValue) -> bool:
        """Whether the client's request of this id waits for its answer."""
        key = _key(ident)
        return key is not None and key in self._pending

    @property
    def closed(self) -> bool:
        """Whether the next request has to open the conversation first."""
        return self._link is None or self._link.ended is not None

    async def listen(self) -> None:
        """From now on take what the server says unasked."""
        if self._link is not None:
            self._link.listen(self._unasked)

    async def close(self) -> None:
        """End the conversation. The next request opens it again."""
        link, self._link = self._link, None
        if link is not None:
            await link.close()

    async def end(self) -> None:
        """End the conversation for good, even if it is being opened at this moment."""
        self._over = True
        await self.close()

    async def _open(self, passed: Pass) -> Link:
        link = await self.upstream.opener.open(self.speech.era, self.session, {})
        if self.upstream.approval.start.transport != "http":
            link.listen(self._unasked)
        if self.speech.era is Era.HANDSHAKE and not self.session:
            try:
                await self._introduce(link, passed)
            except BaseException:
                await link.close()
                raise
        return link

    async def _unasked(self, message: JsonObject) -> None:
        if message.get("method") != PROGRESS:
            # Progress of no request of this conversation could only pose as another's.
            await self.unasked(message)

    async def _introduce(self, link: Link, _passed: Pass) -> None:
        message: JsonObject = {
            "jsonrpc": "2.0",
            "id": None,
            "method": handshake.INITIALIZE,
            "params": self.speech.hello,
        }
        answer = await self._exchange(link, message, _ignored)
        result = answer.message.get("result")
        if not isinstance(result, dict):
            raise UpstreamFailure("it refused to open a session", sent=False)
        self.hello = result
        self.session = answer.session
        chosen = result.get("protocolVersion")
        if isinstance(chosen, str):
            self.speech.revision = chosen
        done: JsonObject = {"jsonrpc": "2.0", "method": INITIALIZED}
        await link.send(done, self._headers(done))

    async def _exchange(self, link: Link, message: JsonObject, interim: Interim) -> Answer:
        own = message["id"]
        key = _key(own)
        if key is not None and key in self._pending and self.speech.era is Era.HANDSHAKE:
            raise IdInUse(f"the id {own!r} belongs to a request that still waits")
        if len(self._pending) >= MOST_IN_FLIGHT:
            raise UpstreamFailure("too many requests wait for it", sent=False, status=503)
        self._number = number = self._number + 1
        self.used += 1
        forwarded = {**message, "id": number}
        params = message.get("params")
        token: JsonValue = None
        if isinstance(params, dict) and "_meta" in params:
            meta = params["_meta"]
            if isinstance(meta, dict) and "progressToken" in meta:
                token = meta["progressToken"]
                forwarded["params"] = {**params, "_meta": {**meta, "progressToken": number}}
        interim = _with_token(interim, number, token)
        listening = message.get("method") == LISTEN
        if listening:
            interim = _with_tag(interim, own)
        headers = self._headers(forwarded)
        self._pending[key] = number
        try:
            answer = await link.request(forwarded, headers, interim)
        finally:
            if self._pending.get(key) == number:
                del self._pending[key]
        answer.message = {**answer.message, "id": own}
        result = answer.message.get("result")
        if listening and isinstance(result, dict):
            answer.message["result"] = {**result, "_meta": tag(result, own)}
        return answer

    def _headers(self, message: JsonObject) -> dict[str, str]:
        parameters = self.upstream.shown.parameters
        if parameters and message.get("method") == "tools/call":
            name = as_text(as_object(message.get("params")).get("name"))
            return request_headers(message, self.speech.revision, parameters.get(name, ()))
        return request_headers(message, self.speech.revision)

    def _enveloped(self, params: JsonObject) -> JsonObject:
        meta: JsonObject = {
            stateless.VERSION_KEY: self.speech.revision,
            stateless.CAPABILITIES_KEY: {},
            stateless.CLIENT_KEY: {"name": "ostiary", "version": __version__},
        }
        return {**params, "_meta": meta}

    async def _forget(self, link: Link) -> None:
        if self._link is link:
            self._link = None
        self.session = ""
        await link.close()


def _key(own: JsonValue) -> int | str | None:
    return own if isinstance(own, int | str) and not isinstance(own, bool) else None


def _with_token(interim: Interim, number: int, token: JsonValue) -> Interim:
    """``interim`` with the client's own progress token put back. Progress of anything else is
    left out: it could only pose as that of another request, perhaps of another server."""

    async def pass_on(message: JsonObject) -> None:
        if message.get("method") == PROGRESS:
            params = as_object(message.get("params"))
            if token is None or params.get("progressToken") != number:
                return
            message = {**message, "params": {**params, "progressToken": token}}
        await interim(message)

    return pass_on


def _with_tag(interim: Interim, own: JsonValue) -> Interim:
    """``interim`` with the news of a subscription under the id that its client knows."""

    async def pass_on(message: JsonObject) -> None:
        params = as_object(message.get("params"))
        if SUBSCRIPTION_KEY in as_object(params.get("_meta")):
            message = tagged(message, own)
        await interim(message)

    return pass_on


async def _ignored(_message: JsonObject) -> None:
    """Nobody listens."""
