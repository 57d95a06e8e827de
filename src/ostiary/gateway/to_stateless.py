"""A handshake client's conversation with a server that only speaks the stateless era.

The session is ours: the server is told who speaks with each request, and its questions, which end
a request there, are put to the client in the middle of it.
"""

from __future__ import annotations

import asyncio

from ostiary.gateway.door import Pass
from ostiary.gateway.encode import answer, id_of
from ostiary.gateway.leg import Leg, Observe, Speech
from ostiary.gateway.ports import Answer, Interim, Link, UpstreamFailure
from ostiary.gateway.upstreams import Upstream
from ostiary.model.json import JsonObject, as_object, as_text
from ostiary.wire import stateless
from ostiary.wire.bridging import (
    LEVELS,
    error_to_handshake,
    from_initialize,
    initialize_result,
    request_to_stateless,
    result_to_handshake,
)
from ostiary.wire.bridging_changes import (
    ACKNOWLEDGED,
    LISTEN,
    SUBSCRIBE,
    UNSUBSCRIBE,
    session_filter,
    untagged,
)
from ostiary.wire.bridging_input import (
    Unbridgeable,
    Unfinished,
    input_response,
    retry,
    server_request,
    unfinished,
)

AGREED_SECONDS = 5.0
"""How long a server may take to say that it will tell of changes."""
MOST_ROUNDS = 16
"""How often one request may ask for input before it counts as endless."""


class ToStateless(Leg):
    """Speaks the stateless era for a client of the handshake era."""

    def __init__(self, upstream: Upstream, speech: Speech, observe: Observe, revision: str) -> None:
        """``revision`` is the client's; ``speech`` is how the server is spoken to."""
        super().__init__(upstream, speech, observe, "")
        self._speaker = from_initialize(speech.hello)
        self._revision = revision
        self._questions: dict[int | str, asyncio.Future[JsonObject]] = {}
        self._asked = 0
        self._subscribed: dict[str, None] = {}
        self._listening: asyncio.Task[None] | None = None

    async def request(
        self,
        passed: Pass,
        message: JsonObject,
        interim: Interim,
    ) -> Answer:
        method = as_text(message.get("method"))
        params = as_object(message.get("params"))
        if method == "logging/setLevel":
            level = as_text(params.get("level"))
            self._speaker = self._speaker.at_level(level if level in LEVELS else "")
            return Answer(answer(id_of(message), {}))
        if method in (SUBSCRIBE, UNSUBSCRIBE):
            return await self._subscription(passed, message, method, as_text(params.get("uri")))
        try:
            found = await self._finished(passed, method, message, interim)
        except Unbridgeable as error:
            raise UpstreamFailure(str(error), sent=True) from None
        return _as_handshake(method, found)

    async def send(self, passed: Pass, message: JsonObject) -> None:
        """Answers of the client end here: they go back with the next round of their request."""
        if "method" in message:
            await super().send(passed, message)
            return
        ident = message.get("id")
        waiting = self._questions.get(ident) if isinstance(ident, int | str) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(message)

    @property
    def waiting(self) -> bool:
        return super().waiting or bool(self._questions)

    async def ready(self, passed: Pass) -> Link:
        link = await super().ready(passed)
        if self.hello is None:
            found = await self.ask(passed, stateless.DISCOVER, {})
            self.hello = initialize_result(found, self._revision)
        return link

    async def listen(self) -> None:
        """Hear of changes on behalf of the session, from now on: returns when the server said so.
        What was heard of before is heard of until then."""
        before, agreed = self._listening, asyncio.Event()
        self._listening = asyncio.ensure_future(self._hear(agreed))
        try:
            async with asyncio.timeout(AGREED_SECONDS):
                await agreed.wait()
        except TimeoutError:
            # News may come late; nothing else depends on it.
            pass
        finally:
            if before is not None:
                before.cancel()

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
        for waiting in self._questions.values():
            if not waiting.done():
                waiting.set_exception(UpstreamFailure("the conversation was ended", sent=True))
        await super().close()

    async def _finished(
        self,
        passed: Pass,
        method: str,
        message: JsonObject,
        interim: Interim,
    ) -> Answer:
        sent = request_to_stateless(message, self._speaker)
        for _ in range(MOST_ROUNDS):
            found = await super().request(passed, sent, interim)
            result = found.message.get("result")
            if not isinstance(result, dict):
                return found
            open_questions = unfinished(method, result, self._speaker.capabilities)
            if open_questions is None:
                return found
            sent = retry(sent, open_questions, await self._put(open_questions, interim))
        raise Unbridgeable("the server asks for input without end")

    async def _put(self, asked: Unfinished, interim: Interim) -> dict[str, JsonObject]:
        """The client's answers to all questions of one round."""
        responses: dict[str, JsonObject] = {}
        for key, question in asked.questions.items():
            self._asked += 1
            number = f"q{self._asked}"
            waiting: asyncio.Future[JsonObject] = asyncio.get_running_loop().create_future()
            self._questions[number] = waiting
            try:
                await interim(server_request(question, number))
                responses[key] = input_response(str(question["method"]), await waiting)
            finally:
                del self._questions[number]
        return responses

    async def _subscription(
        self, _passed: Pass, message: JsonObject, method: str, uri: str
    ) -> Answer:
        if method == SUBSCRIBE:
            self._subscribed[uri] = None
        else:
            self._subscribed.pop(uri, None)
        await self.listen()
        return Answer(answer(id_of(message), {}))

    async def _hear(self, agreed: asyncio.Event) -> None:
        try:
            await self._heard(agreed)
        finally:
            agreed.set()

    async def _heard(self, agreed: asyncio.Event) -> None:
        declared = as_object((self.hello or {}).get("capabilities"))
        wanted = session_filter(declared, self._subscribed)
        if not wanted or self._link is None:
            return
        message: JsonObject = {
            "jsonrpc": "2.0",
            "id": None,
            "method": LISTEN,
            "params": {"notifications": wanted},
        }

        async def hear(said: JsonObject) -> None:
            if said.get("method") == ACKNOWLEDGED:
                agreed.set()
            else:
                await self.unasked(untagged(said))

        try:
            await self._exchange(self._link, request_to_stateless(message, self._speaker), hear)
        except UpstreamFailure:
            # News stop; calls go on. The next refresh of what it shows finds what changed.
            return


def _as_handshake(method: str, found: Answer) -> Answer:
    message = dict(found.message)
    result, error = message.get("result"), message.get("error")
    if isinstance(result, dict):
        message["result"] = result_to_handshake(method, result)
    elif isinstance(error, dict):
        message["error"] = error_to_handshake(method, error)
    return Answer(message, status=200, size=found.size)
