"""What servers say before an answer and unasked: notifications pass on, questions are decided.

A server that asks the client's model, the person or for folders is a caller too: it goes through
the door under the client's principal, and its id is ours on the way out.
"""

from __future__ import annotations

from collections.abc import Callable

from ostiary.gateway.door import Door, Pass
from ostiary.gateway.leg import Leg
from ostiary.gateway.names import joined_uri
from ostiary.gateway.ports import Era, Inbound, Interim, UpstreamFailure
from ostiary.gateway.sessions import Question, Session
from ostiary.gateway.upstreams import Upstream
from ostiary.model.asked import Asked, Verb
from ostiary.model.event import Event, EventKind
from ostiary.model.json import JsonObject, as_list, as_object, as_text
from ostiary.model.principal import Principal
from ostiary.wire.bridging import URL_ELICITATION
from ostiary.wire.bridging_input import ELICIT
from ostiary.wire.methods import CANCELLED, LIST_CHANGED, SERVER_METHODS, UPDATED

MOST_QUESTIONS = 64
"""Questions of one server that wait for one client."""
REFUSED = -1
"""The code with which clients refuse (specification, client features: sampling, elicitation)."""


class QuestionRefused(Exception):
    """A server asks the client for something that policy does not let it ask."""


class Asking:
    """Carries what servers say to the client, and the client's answers back."""

    def __init__(self, door: Door, names: Callable[[], str], clock: Callable[[], float]) -> None:
        self._door = door
        self._names = names
        self._clock = clock

    def during(self, inbound: Inbound, session: Session, leg: Leg, out: Interim) -> Interim:
        """Takes what a server says while a request of the client waits."""
        principal = inbound.principal

        async def take(message: JsonObject) -> None:
            await self.heard(principal, session, leg, message, out)

        return take

    def unasked(self, inbound: Inbound, session: Session, leg: Leg) -> Interim:
        """Takes what a server says of itself; it waits until the client listens."""
        return self.during(inbound, session, leg, session.push)

    async def heard(
        self, principal: Principal, session: Session, leg: Leg, message: JsonObject, out: Interim
    ) -> None:
        """One message of a server that is no answer."""
        method = as_text(message.get("method"))
        if not method:
            return
        if "id" in message:
            await self._question(principal, session, leg, message, out)
            return
        if method == CANCELLED:
            await self._withdrawn(session, leg, message, out)
            return
        if method in LIST_CHANGED:
            leg.upstream.shown.stale = True
        elif method == UPDATED and not session.endpoint:
            params = as_object(message.get("params"))
            uri = joined_uri(leg.upstream.name, as_text(params.get("uri")))
            message = {**message, "params": {**params, "uri": uri}}
        await out(message)

    async def answered(self, inbound: Inbound, session: Session) -> bool:
        """Carry the client's answer to the server that asked. False if none did."""
        ours = inbound.message.get("id")
        waiting = session.asked.pop(ours, None) if isinstance(ours, str) else None
        if waiting is None:
            return False
        word = "cancelled"
        try:
            # What was opened again since never asked this.
            if session.legs.get(waiting.leg.upstream.name) is waiting.leg:
                await waiting.leg.send(waiting.passed, {**inbound.message, "id": waiting.ident})
                word = "error" if "error" in inbound.message else "ok"
        except UpstreamFailure:
            word = "failed"
        finally:
            self._closed(waiting.passed, word)
        return True

    def forget(self, session: Session) -> None:
        """Nobody will answer what a session was asked: it has ended."""
        while session.asked:
            self._closed(session.asked.popitem()[1].passed, "cancelled")

    def questions(
        self, inbound: Inbound, session: Session, upstream: Upstream, result: JsonObject
    ) -> None:
        """Decide what a stateless server asks with an ``input_required`` result.

        Raises :class:`QuestionRefused` if any of it may not be asked: the client could not answer
        a part.
        """
        requests = result.get("inputRequests", {})
        if not isinstance(requests, dict):
            raise QuestionRefused(f"{upstream.name} asks for input in no form that can be judged")
        for question in requests.values():
            method = as_text(as_object(question).get("method"))
            params = as_object(as_object(question).get("params"))
            self._decide(inbound, session, upstream, method, params)

    def visits(
        self, inbound: Inbound, session: Session, upstream: Upstream, error: JsonObject
    ) -> None:
        """Decide what a server of the handshake era asks with the error "URL elicitation
        required" (2025-11-25, client/elicitation). Raises :class:`QuestionRefused`."""
        if error.get("code") != URL_ELICITATION:
            return
        for params in as_list(as_object(error.get("data")).get("elicitations")) or [None]:
            self._decide(inbound, session, upstream, ELICIT, as_object(params))

    def _decide(
        self,
        inbound: Inbound,
        session: Session,
        upstream: Upstream,
        method: str,
        params: JsonObject,
    ) -> None:
        """Decide and record one question that came in place of an answer."""
        asked = Asked(
            inbound.principal,
            SERVER_METHODS.get(method, Verb.OTHER),
            upstream.target,
            method,
            params,
            session.id,
            self._clock(),
        )
        decision = self._door.note(asked)
        if not decision.allowed:
            why = decision.reasons[0].text
            # A method that we do not know is the server's word, and no caller needs it.
            named = method if method in SERVER_METHODS else "something unknown"
            raise QuestionRefused(f"{upstream.name} asks for {named}, which is refused: {why}")

    def told(self, session: Session, inbound: Inbound, why: str) -> None:
        """Record the beginning or the end of a session."""
        who = inbound.principal
        self._door.tell(
            Event(
                kind=EventKind.SESSION,
                at=self._clock(),
                principal=who.id,
                agent=who.agent,
                client=who.client,
                session=session.id,
                server=inbound.endpoint,
                why=why,
                detail={"transport": inbound.transport, "revision": session.revision},
            )
        )

    async def _question(
        self, principal: Principal, session: Session, leg: Leg, message: JsonObject, out: Interim
    ) -> None:
        method = as_text(message.get("method"))
        ident = message.get("id")
        server = leg.upstream.name
        if not isinstance(ident, int | str) or isinstance(ident, bool):
            return
        if method == "ping":
            passed = self._door.own(server, method, self._clock(), "asked by the server")
            await leg.send(passed, {"jsonrpc": "2.0", "id": ident, "result": {}})
            return
        asked = Asked(
            principal,
            SERVER_METHODS.get(method, Verb.OTHER),
            leg.upstream.target,
            method,
            as_object(message.get("params")),
            session.id,
            self._clock(),
        )
        if session.era is Era.STATELESS:
            # Only what ends a request with `input_required` reaches a client of this era.
            await self._refuse(leg, ident, "the client takes questions in answers only")
            return
        if sum(one.leg is leg for one in session.asked.values()) >= MOST_QUESTIONS:
            await self._refuse(leg, ident, "too many of its questions wait for this client")
            return
        admitted = await self._door.admit(asked)
        if isinstance(admitted, Pass):
            await self._put(session, Question(leg, ident, admitted), message, out)
        else:
            await self._refuse(leg, ident, admitted.decision.reasons[0].text)

    async def _put(
        self, session: Session, question: Question, message: JsonObject, out: Interim
    ) -> None:
        """Put a question to the client under an id of ours."""
        ours = f"{question.leg.upstream.name}-{self._names()}"
        session.asked[ours] = question
        try:
            await out({**message, "id": ours})
        except BaseException:
            if session.asked.pop(ours, None) is not None:
                self._closed(question.passed, "failed")
            raise

    async def _withdrawn(
        self, session: Session, leg: Leg, message: JsonObject, out: Interim
    ) -> None:
        """A server takes back what it asked; it can take back nothing else."""
        params = as_object(message.get("params"))
        ident = params.get("requestId")
        for ours, question in tuple(session.asked.items()):
            if question.leg is leg and question.ident == ident:
                del session.asked[ours]
                self._closed(question.passed, "cancelled")
                await out({**message, "params": {**params, "requestId": ours}})

    def _closed(self, passed: Pass, word: str) -> None:
        self._door.close(passed, self._clock(), word, {})

    async def _refuse(self, leg: Leg, ident: int | str, why: str) -> None:
        passed = self._door.own(leg.upstream.name, "refusal", self._clock(), why)
        text = f"refused by the gateway: {why}"
        error: JsonObject = {"code": REFUSED, "message": text}
        await leg.send(passed, {"jsonrpc": "2.0", "id": ident, "error": error})
