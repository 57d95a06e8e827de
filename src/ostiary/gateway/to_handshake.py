"""A stateless client's conversation with a server that only speaks the handshake era.

The session with the server is held here. When it asks something in the middle of a request, the
request ends for the client with ``input_required`` and a sealed state; the server goes on waiting
until the client comes back with the answers.
"""

from __future__ import annotations

import asyncio
import copy
import json
from dataclasses import dataclass, field

from ostiary.gateway.door import Pass
from ostiary.gateway.encode import answer, failure, id_of
from ostiary.gateway.leg import Leg, Observe, Speech
from ostiary.gateway.ports import Answer, Interim, UpstreamFailure
from ostiary.gateway.seal import BrokenSeal, Seal
from ostiary.gateway.upstreams import Upstream
from ostiary.model.json import JsonObject, JsonValue, as_object, as_text
from ostiary.wire import handshake, stateless
from ostiary.wire.bridging import (
    INVALID_PARAMS,
    LEVEL_KEY,
    METHOD_NOT_FOUND,
    discover_result,
    error_to_stateless,
    from_envelope,
    heard_at,
    initialize_params,
    request_to_handshake,
    result_to_stateless,
)
from ostiary.wire.bridging_changes import (
    LISTEN,
    SUBSCRIBE,
    acknowledgement,
    honoured,
    resources,
    tagged,
    wants,
)
from ostiary.wire.bridging_input import (
    ASKABLE,
    Unbridgeable,
    input_required,
    may_ask,
    server_answers,
    url_questions,
)

MOST_PARKED = 16
"""Calls of one caller that wait for input, each in a place at the server that others may need. The
one that has waited longest is given up for another."""
MOST_OFFERS = 8
"""Sessions of one caller that differ in what its requests say the client can do."""
PARKED_SECONDS = 600.0
AGAIN = "again"
"""In place of a waiting call: the request goes to the server once more, whole."""


_STATUS = {METHOD_NOT_FOUND: 404, stateless.MISSING_CAPABILITY: 400}
"""HTTP statuses that the stateless era has for errors of servers."""


@dataclass(slots=True)
class Parked:
    """A call that waits at the server for the client's answers."""

    task: asyncio.Task[Answer]
    method: str
    arguments: JsonObject
    news: asyncio.Event = field(default_factory=asyncio.Event)
    questions: dict[str, JsonObject] = field(default_factory=dict)
    asked: int = 0
    out: Interim | None = None
    expiry: asyncio.TimerHandle | None = None


class ToHandshake(Leg):
    """Speaks the handshake era for a client of the stateless era."""

    def __init__(
        self, upstream: Upstream, speech: Speech, observe: Observe, seal: Seal, principal: str
    ) -> None:
        super().__init__(upstream, speech, observe, "")
        self._seal = seal
        self._principal = principal
        self._parked: dict[str, Parked] = {}
        self._made = 0
        self._listeners: list[tuple[JsonObject, Interim, JsonValue]] = []
        self._beside: dict[str, ToHandshake] = {}

    async def request(
        self,
        passed: Pass,
        message: JsonObject,
        interim: Interim,
    ) -> Answer:
        method = as_text(message.get("method"))
        params = as_object(message.get("params"))
        opening = initialize_params(from_envelope(params))
        if opening["capabilities"] != self.speech.hello.get("capabilities"):
            self.used += 1
            return await self._offering(opening).request(passed, message, interim)
        if method == stateless.DISCOVER:
            await self.ready(passed)
            return Answer(answer(id_of(message), discover_result(self.hello or {})))
        if method == LISTEN:
            return await self._changes(passed, message, interim)
        if "requestState" in params:
            return await self._again(passed, message, params, interim)
        return await self._begin(passed, method, message, interim)

    async def close(self) -> None:
        for one in list(self._parked.values()):
            one.task.cancel()
        self._parked.clear()
        for other in list(self._beside.values()):
            await other.close()
        await super().close()

    @property
    def waiting(self) -> bool:
        return super().waiting or any(other.waiting for other in self._beside.values())

    async def end(self) -> None:
        for other in list(self._beside.values()):
            await other.end()
        await super().end()

    def _offering(self, opening: JsonObject) -> ToHandshake:
        """The session that was opened as this request would open it. A server of this era is told
        once what the client can do, and each request of the client may say something else."""
        key = json.dumps(opening["capabilities"], sort_keys=True)
        found = self._beside.get(key)
        if found is None:
            if len(self._beside) >= MOST_OFFERS:
                raise UpstreamFailure(
                    "its client says something else of itself in every request",
                    sent=False,
                    status=503,
                )
            speech = copy.copy(self.speech)
            speech.hello, speech.revision = opening, handshake.OFFER
            found = ToHandshake(self.upstream, speech, self._observe, self._seal, self._principal)
            found.unasked = self._pass_on
            self._beside[key] = found
        return found

    async def _pass_on(self, message: JsonObject) -> None:
        await self.unasked(message)

    async def _unasked(self, message: JsonObject) -> None:
        """News reach those who listen; the relay hears of changed lists all the same."""
        await super()._unasked(message)
        for wanted, out, ident in list(self._listeners):
            if wants(wanted, message):
                await out(tagged(message, ident))

    async def _begin(
        self, passed: Pass, method: str, message: JsonObject, interim: Interim
    ) -> Answer:
        speaker = from_envelope(as_object(message.get("params")))
        level = as_text(as_object(as_object(message.get("params")).get("_meta")).get(LEVEL_KEY))
        self._made += 1
        key = f"{self._made}"
        # The client's id comes back with its next round, so the waiting call has one of ours.
        sent = {**request_to_handshake(message), "id": f"call-{key}"}

        async def hear(said: JsonObject) -> None:
            await self._heard(parked, passed, level, speaker.capabilities, said)

        parked = Parked(
            asyncio.ensure_future(super().request(passed, sent, hear)),
            method,
            _identity(message),
            out=interim,
        )
        self._parked[key] = parked
        return await self._next(key, parked, message)

    async def _heard(
        self, parked: Parked, passed: Pass, level: str, offered: JsonObject, said: JsonObject
    ) -> None:
        if "id" not in said:
            wanted = said.get("method") != "notifications/message" or heard_at(level, said)
            if wanted and parked.out is not None:
                await parked.out(said)
            return
        problem = may_ask(parked.method, said, offered)
        if problem is None and parked.out is not None:
            parked.asked += 1
            parked.questions[f"input-{parked.asked}"] = said
            parked.news.set()
            return
        error: JsonObject = {"code": -32601, "message": problem or "the caller is gone"}
        await self.send(passed, {"jsonrpc": "2.0", "id": said["id"], "error": error})

    async def _again(
        self, passed: Pass, message: JsonObject, params: JsonObject, interim: Interim
    ) -> Answer:
        key = self._unsealed(as_text(params.get("requestState")))
        if key == AGAIN:
            return await self._begin(passed, as_text(message.get("method")), message, interim)
        parked = self._parked.get(key)
        if parked is None or parked.arguments != _identity(message):
            text = "requestState is not valid for this request"
            return Answer(failure(id_of(message), INVALID_PARAMS, text), status=400)
        if parked.expiry is not None:
            parked.expiry.cancel()
        parked.out = interim
        given, parked.questions = server_answers(params, parked.questions)
        for one in given:
            await self.send(passed, one)
        if not parked.questions:
            parked.news.clear()
        return await self._next(key, parked, message)

    async def _next(self, key: str, parked: Parked, message: JsonObject) -> Answer:
        """Wait for the answer or a question, whichever comes first."""
        news = asyncio.ensure_future(parked.news.wait())
        try:
            await asyncio.wait({parked.task, news}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            parked.task.cancel()
            self._parked.pop(key, None)
            raise
        finally:
            news.cancel()
        if not parked.task.done():
            return self._asking(key, parked, message)
        self._parked.pop(key, None)
        if parked.task.cancelled():
            raise UpstreamFailure("the conversation was ended", sent=True)
        return self._as_stateless(parked.method, parked.task.result(), message)

    def _asking(self, key: str, parked: Parked, message: JsonObject) -> Answer:
        parked.out = None
        waiting = [one for one, held in self._parked.items() if held.out is None]
        if len(waiting) > MOST_PARKED:
            self._expire(waiting[0])
        loop = asyncio.get_running_loop()
        parked.expiry = loop.call_later(PARKED_SECONDS, self._expire, key)
        try:
            result = input_required(parked.questions, self._state(key))
        except Unbridgeable as error:
            raise UpstreamFailure(str(error), sent=True) from None
        return Answer(answer(id_of(message), result))

    def _expire(self, key: str) -> None:
        parked = self._parked.pop(key, None)
        if parked is not None:
            parked.task.cancel()

    def _state(self, key: str) -> str:
        return self._seal.close({"k": key, "p": self._principal, "s": self.upstream.name})

    def _unsealed(self, state: str) -> str:
        try:
            value = self._seal.open(state)
        except BrokenSeal:
            return ""
        mine = value.get("p") == self._principal and value.get("s") == self.upstream.name
        return as_text(value.get("k")) if mine else ""

    def _as_stateless(self, method: str, found: Answer, message: JsonObject) -> Answer:
        made, status = {**found.message, "id": message["id"]}, 200
        result, error = made.get("result"), made.get("error")
        if isinstance(result, dict):
            server = as_object((self.hello or {}).get("serverInfo"))
            made["result"] = result_to_stateless(method, result, server)
        elif isinstance(error, dict):
            offered = as_object(self.speech.hello.get("capabilities"))
            visits = url_questions(error, offered) if method in ASKABLE else {}
            if visits:
                del made["error"]
                made["result"] = input_required(visits, self._state(AGAIN))
            else:
                known = error_to_stateless(error)
                code = known.get("code")
                made["error"] = known
                status = _STATUS.get(code, 200) if isinstance(code, int) else 200
        return Answer(made, status=status, size=found.size)

    async def _changes(self, passed: Pass, message: JsonObject, interim: Interim) -> Answer:
        await self.ready(passed)
        declared = as_object((self.hello or {}).get("capabilities"))
        asked = as_object(as_object(message.get("params")).get("notifications"))
        served = honoured(asked, declared)
        ident = message.get("id")
        # The server's stream first: what it says while nobody listens is lost.
        await self.listen()
        for uri in resources(served):
            await self.ask(passed, SUBSCRIBE, {"uri": uri})
        await interim(acknowledgement(served, ident))
        entry = (served, interim, ident)
        self._listeners.append(entry)
        try:
            await asyncio.Event().wait()
        finally:
            self._listeners.remove(entry)
        raise UpstreamFailure("the subscription ended", sent=True)


def _identity(message: JsonObject) -> JsonObject:
    """What a retry must repeat: the method and what it is about."""
    params = as_object(message.get("params"))
    kept: JsonObject = {
        key: value
        for key, value in params.items()
        if key not in ("_meta", "inputResponses", "requestState")
    }
    return {"method": message.get("method"), "params": kept}
