"""What servers say before an answer and unasked: notifications pass on, questions are decided.

A server that asks the client's model, the person or for folders is a caller too: it goes through
the door under the client's principal, and its id is ours on the way out.
"""

from __future__ import annotations

from collections.abc import Callable

from ostiary.gateway.door import Door, Pass
from ostiary.gateway.leg import Leg
from ostiary.gateway.names import joined_uri
from ostiary.gateway.ports import Inbound, Interim, RecordUnwritable, UpstreamFailure
from ostiary.gateway.sessions import Session
from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.event import Event, EventKind
from ostiary.model.json import JsonObject, as_object, as_text
from ostiary.model.principal import Principal
from ostiary.wire.methods import LIST_CHANGED, SERVER_METHODS, UPDATED

MOST_QUESTIONS = 64
"""Questions of servers that wait for one client."""
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
        self._passes: dict[str, Pass] = {}

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
        passed = self._passes.pop(ours, None) if isinstance(ours, str) else None
        if waiting is None or passed is None:
            return False
        server, ident = waiting
        leg = session.legs.get(server)
        word = "error" if "error" in inbound.message else "ok"
        if leg is not None:
            try:
                await leg.send(passed, {**inbound.message, "id": ident})
            except UpstreamFailure:
                word = "failed"
        try:
            self._door.close(passed, self._clock(), word, {})
        except RecordUnwritable:
            return True
        return True

    def questions(
        self, inbound: Inbound, session: Session, server: str, result: JsonObject
    ) -> None:
        """Decide what a stateless server asks with an ``input_required`` result.

        Raises :class:`QuestionRefused` if any of it may not be asked: the client could not answer
        a part.
        """
        for question in as_object(result.get("inputRequests")).values():
            method = as_text(as_object(question).get("method"))
            asked = Asked(
                inbound.principal,
                SERVER_METHODS.get(method, Verb.OTHER),
                Target(server, "server", server),
                method,
                as_object(as_object(question).get("params")),
                session.id,
                self._clock(),
            )
            decision = self._door.note(asked)
            if not decision.allowed:
                raise QuestionRefused(
                    f"{server} asks for {method}, which is refused: {decision.reasons[0].text}"
                )

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
            Target(server, "server", server, owner=leg.upstream.approval.owner),
            method,
            as_object(message.get("params")),
            session.id,
            self._clock(),
        )
        admitted = await self._door.admit(asked)
        if not isinstance(admitted, Pass):
            await self._refuse(leg, ident, admitted.decision.reasons[0].text)
        elif len(session.asked) >= MOST_QUESTIONS:
            await self._refuse(leg, ident, "too many questions wait for this client")
        else:
            ours = f"{server}-{self._names()}"
            session.asked[ours] = (server, ident)
            self._passes[ours] = admitted
            await out({**message, "id": ours})

    async def _refuse(self, leg: Leg, ident: int | str, why: str) -> None:
        passed = self._door.own(leg.upstream.name, "refusal", self._clock(), why)
        text = f"refused by the gateway: {why}"
        error: JsonObject = {"code": REFUSED, "message": text}
        await leg.send(passed, {"jsonrpc": "2.0", "id": ident, "error": error})
