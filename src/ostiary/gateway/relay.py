"""The relay: takes one message of a client, has it decided and recorded, and carries it out.

Everything that a transport hands over comes through :meth:`Gateway.exchange`, and everything that
goes to a server goes through the door first.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

from ostiary.gateway.answers import KINDS, Answers
from ostiary.gateway.asking import Asking, QuestionRefused
from ostiary.gateway.back import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    SESSION_NOT_FOUND,
    UPSTREAM_FAILED,
    HeadersDisagree,
    check_headers,
    denied,
    failed,
    known_problem,
    told,
)
from ostiary.gateway.door import Door, Pass, Refusal
from ostiary.gateway.encode import answer, encode, id_of
from ostiary.gateway.joined import Joined
from ostiary.gateway.leg import IdInUse, Leg
from ostiary.gateway.names import with_joined_links
from ostiary.gateway.openings import Openings
from ostiary.gateway.ports import (
    Answer,
    Era,
    Inbound,
    Interim,
    Outbound,
    UpstreamFailure,
)
from ostiary.gateway.routes import Route, is_like_known, method_of, route, unknown
from ostiary.gateway.sessions import Listener, Session, Sessions, UnknownSession
from ostiary.gateway.upstreams import Upstream, Upstreams
from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.event import Event, EventKind
from ostiary.model.fault import place_of
from ostiary.model.json import JsonObject, JsonValue, as_object, as_text
from ostiary.wire.bridging import HANDSHAKE_ONLY, STATELESS_ONLY
from ostiary.wire.bridging_input import INPUT_REQUIRED
from ostiary.wire.methods import CANCELLED, CLIENT_NOTIFICATIONS, INITIALIZED, PROGRESS

_KEPT = (Verb.CALL, Verb.GET, Verb.READ)
"""What is done whose results are recorded; lists are not."""
_TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(slots=True)
class Parts:
    """What a gateway is made of."""

    door: Door
    sessions: Sessions
    answers: Answers
    asking: Asking
    openings: Openings
    joined: Joined
    upstreams: Callable[[], Upstreams]
    clock: Callable[[], float]


@dataclass(slots=True)
class Errand:
    """One request on its way."""

    inbound: Inbound
    session: Session
    way: Route
    interim: Interim


class Gateway:
    """The relay of one process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._door = parts.door
        self._clock = parts.clock

    async def exchange(self, inbound: Inbound, interim: Interim) -> Outbound:
        """Decide, record and carry out one message."""
        try:
            message = inbound.message
            if "method" not in message:
                return await self._reply(inbound)
            if "id" not in message:
                return await self._notification(inbound)
            return await self._request(inbound, interim)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not look like an answer
            return self._problem(inbound, error)

    def _problem(self, inbound: Inbound, error: Exception) -> Outbound:
        """What a caller is told of a request that could not be carried out."""
        return known_problem(inbound, error) or self._fault(inbound, error)

    async def listen(self, inbound: Inbound, push: Interim) -> Outbound:
        """Give ``push`` what the servers of a session say unasked, until cancelled."""
        try:
            session = self._parts.sessions.find(inbound)
        except UnknownSession as error:
            return told(inbound, 404, SESSION_NOT_FOUND, f"Session not found: {error}")
        if session.listeners:
            return told(inbound, 409, INVALID_REQUEST, "the session is listened to already")
        if not await self._may_listen(inbound, session):
            return told(inbound, 405, INVALID_REQUEST, "this caller may not listen here")
        listener = Listener(push)
        session.listeners.append(listener)
        try:
            while session.backlog:
                await push(session.backlog.popleft())
            if session.endpoint:
                await self._parts.openings.leg(inbound, session, session.endpoint)
            for leg in list(session.legs.values()):
                await leg.listen()
            await asyncio.Event().wait()
        except UpstreamFailure as failure:
            return told(inbound, failure.status, UPSTREAM_FAILED, str(failure))
        except Exception as error:  # noqa: BLE001 - as for every message
            return self._problem(inbound, error)
        finally:
            session.listeners.remove(listener)
        return Outbound(status=204)

    async def _may_listen(self, inbound: Inbound, session: Session) -> bool:
        """Whether a caller that opened a session may still hear of it: policies change."""
        upstream = self._parts.upstreams().get(session.endpoint)
        asked = Asked(
            inbound.principal,
            Verb.CONNECT,
            upstream.target if upstream else Target(session.endpoint, "server", session.endpoint),
            "listen",
            session=session.id,
            at=self._clock(),
        )
        return await self._door.enter(asked) is None

    async def end(self, inbound: Inbound) -> Outbound:
        """End a session at the client's wish."""
        try:
            session = self._parts.sessions.find(inbound)
        except UnknownSession as error:
            return told(inbound, 404, SESSION_NOT_FOUND, f"Session not found: {error}")
        self._parts.sessions.end(inbound.session)
        self._parts.asking.forget(session)
        self._parts.asking.told(session, inbound, "ended by the client")
        await session.close()
        return Outbound(status=204)

    async def _request(self, inbound: Inbound, interim: Interim) -> Outbound:
        message = inbound.message
        method = method_of(message, inbound.era)
        if method is None:
            return await self._unknown(inbound, interim)
        if method.name == "initialize":
            return await self._parts.openings.initialize(inbound)
        session = self._parts.sessions.find(inbound)
        if method.name == "ping":
            return Outbound(encode(answer(id_of(inbound.message), {})))
        if not inbound.endpoint and method.kind == "server" and method.verb is Verb.CONNECT:
            return await self._parts.joined.serve(inbound, session, interim)
        if not inbound.endpoint and method.verb is Verb.SEE:
            return await self._parts.joined.list(inbound, session, method.kind)
        way = route(method, message, inbound.endpoint)
        return await self._forward(Errand(inbound, session, way, interim))

    async def _unknown(self, inbound: Inbound, interim: Interim) -> Outbound:
        method = unknown(inbound.message)
        session = self._parts.sessions.find(inbound)
        server = inbound.endpoint
        way = Route(method, server, "server", server, inbound.message)
        errand = Errand(inbound, session, way, interim)
        asked = self._asked(errand, Target(server, "server", server))
        # A method of the other era alone is none here, though a bridged server might answer it;
        # nor is what a careless server may take for a method that is judged by what it is about.
        known = method.name in HANDSHAKE_ONLY | STATELESS_ONLY or is_like_known(method.name)
        if server and not known and self._door.decide(asked).allowed:
            return await self._forward(errand)
        await self._door.admit(asked)
        status = 404 if inbound.era is Era.STATELESS else 200
        return told(inbound, status, METHOD_NOT_FOUND, f"Method not found: {method.name[:120]}")

    async def _forward(self, errand: Errand) -> Outbound:
        inbound, way = errand.inbound, errand.way
        upstream = self._parts.upstreams().get(way.server)
        leg: Leg | None = None
        try:
            if upstream is not None and self._may_enter(inbound, errand.session, upstream):
                leg = await self._leg(inbound, errand.session, upstream)
            target = _target(way, upstream, errand.session)
            admitted = await self._door.admit(self._asked(errand, target))
        except UpstreamFailure as failure:
            return failed(inbound, way.server, failure)
        if isinstance(admitted, Refusal) or leg is None or upstream is None:
            return denied(inbound, admitted)
        return await self._carry(errand, leg, upstream, admitted)

    async def _carry(self, errand: Errand, leg: Leg, upstream: Upstream, passed: Pass) -> Outbound:
        """Forward an admitted request, and record what became of it whatever happens."""
        inbound, way = errand.inbound, errand.way
        began = self._clock()
        word = "unknown"
        detail: JsonObject = {}
        result: JsonValue = None
        try:
            if upstream.shown.parameters and inbound.era is Era.STATELESS:
                check_headers(inbound, way, upstream)
            take = self._parts.asking.during(inbound, errand.session, leg, errand.interim)
            found = await leg.request(passed, way.message, take)
            result = found.message.get("result")
            word = _word(found.message, result)
            detail["bytes"] = found.size
            return self._back(errand, upstream, found)
        except UpstreamFailure as failure:
            word, detail = "failed", {"why": str(failure), "sent": failure.sent}
            return failed(inbound, way.server, failure)
        except QuestionRefused as refused:
            word, detail = "refused", {"why": str(refused)}
            return told(inbound, 200, INVALID_REQUEST, str(refused))
        except (HeadersDisagree, IdInUse) as wrong:
            word, detail = "refused", {"why": str(wrong), "sent": False}
            raise
        except asyncio.CancelledError:
            word = "cancelled"
            raise
        finally:
            detail["ms"] = round((self._clock() - began) * 1000, 3)
            kept = result if isinstance(result, dict) and way.method.verb in _KEPT else None
            self._door.close(passed, self._clock(), word, detail, kept)

    def _back(self, errand: Errand, upstream: Upstream, found: Answer) -> Outbound:
        """The answer of a server as this caller may have it."""
        inbound = errand.inbound
        message = {**found.message, "id": inbound.message["id"]}
        result = message.get("result")
        if isinstance(result, dict):
            message["result"] = self._result(errand, upstream, result)
        else:
            asking, error = self._parts.asking, as_object(message.get("error"))
            asking.visits(inbound, errand.session, upstream, error)
        status = found.status if inbound.era is Era.STATELESS else 200
        return Outbound(encode(message), status)

    def _result(self, errand: Errand, upstream: Upstream, result: JsonObject) -> JsonObject:
        inbound, way = errand.inbound, errand.way
        if result.get("resultType") == INPUT_REQUIRED or "inputRequests" in result:
            self._parts.asking.questions(inbound, errand.session, upstream, result)
        kind = KINDS.get(way.method.name, "")
        if kind:
            params = as_object(inbound.message.get("params"))
            whole = not params.get("cursor") and not result.get("nextCursor")
            return self._parts.answers.listed(
                inbound.principal, upstream.shown, kind, result, whole=whole
            )
        if way.method.name == "server/discover":
            return self._parts.openings.discovered(upstream, result)
        if way.method.verb is Verb.CALL:
            self._parts.answers.note_links(errand.session, way.server, result)
        return result if inbound.endpoint else with_joined_links(way.server, result)

    async def _notification(self, inbound: Inbound) -> Outbound:
        message = inbound.message
        method = as_text(message.get("method"))
        session = self._parts.sessions.find(inbound)
        if method in CLIENT_NOTIFICATIONS and method != INITIALIZED:
            for leg in list(session.legs.values()):
                if not _concerns(session, leg, message):
                    continue
                asked = self._connects(inbound, session, leg.upstream, method)
                admitted = await self._door.admit(asked)
                if isinstance(admitted, Pass):
                    await self._sent(leg, admitted, message)
        return Outbound(status=202)

    async def _reply(self, inbound: Inbound) -> Outbound:
        session = self._parts.sessions.find(inbound)
        known = await self._parts.asking.answered(inbound, session)
        if not known:
            return told(inbound, 400, INVALID_REQUEST, "no request waits for this answer")
        return Outbound(status=202)

    async def _sent(self, leg: Leg, passed: Pass, message: JsonObject) -> None:
        word = "cancelled"
        try:
            await leg.send(passed, message)
            word = "ok"
        except UpstreamFailure:
            word = "failed"
        finally:
            self._door.close(passed, self._clock(), word, {})

    def _may_enter(self, inbound: Inbound, session: Session, upstream: Upstream) -> bool:
        """Whether a conversation may be opened at all, so that a stranger starts no server."""
        leg = session.legs.get(upstream.name)
        if leg is not None and leg.upstream is upstream and not leg.closed:
            return True
        return self._door.decide(self._connects(inbound, session, upstream, "open")).allowed

    def _connects(
        self, inbound: Inbound, session: Session, upstream: Upstream, method: str
    ) -> Asked:
        """What is asked where something is said to a server as such."""
        return Asked(
            inbound.principal, Verb.CONNECT, upstream.target, method,
            session=session.id, at=self._clock(),
        )  # fmt: skip

    async def _leg(self, inbound: Inbound, session: Session, upstream: Upstream) -> Leg:
        """The session's leg, at once if it stands and nothing has changed."""
        leg = session.legs.get(upstream.name)
        if leg is None or leg.upstream is not upstream or leg.closed or upstream.shown.stale:
            leg = await self._parts.openings.leg(inbound, session, upstream.name)
        return leg

    def _asked(self, errand: Errand, target: Target) -> Asked:
        method = errand.way.method
        arguments: JsonObject = {}
        if method.arguments:
            params = errand.way.message.get("params")
            found = params.get(method.arguments) if isinstance(params, dict) else None
            arguments = found if isinstance(found, dict) else {}
            if method.verb is Verb.COMPLETE and isinstance(params, dict) and "context" in params:
                arguments = {**arguments, "context": params["context"]}
        elif method.verb is Verb.READ:
            # A template leaves the address to the caller, so it is judged like an argument.
            arguments = {"uri": errand.way.name}
        return Asked(
            errand.inbound.principal,
            method.verb,
            target,
            method.name,
            arguments,
            errand.session.id,
            self._clock(),
            _trace(errand.way.message.get("params")),
        )

    def _fault(self, inbound: Inbound, error: Exception) -> Outbound:
        """A bug. What it says may quote a message, so only its place goes on record."""
        place = place_of(error)
        self._door.tell(
            Event(
                kind=EventKind.GATEWAY,
                at=self._clock(),
                principal=inbound.principal.id,
                server=inbound.endpoint,
                why=f"a fault of the gateway: {type(error).__name__} in {place}",
            )
        )
        text = "the gateway failed; whether the server acted on the request is not known"
        return told(inbound, 500, INTERNAL_ERROR, text)


def _concerns(session: Session, leg: Leg, notice: JsonObject) -> bool:
    """Whether a notification of the client is about something between it and this server."""
    method = notice["method"]
    if method == CANCELLED:
        return leg.waits_for(as_object(notice.get("params")).get("requestId"))
    if method == PROGRESS:
        return any(one.leg is leg for one in session.asked.values())
    return True


def _target(way: Route, upstream: Upstream | None, session: Session) -> Target:
    """What is asked about, as it was approved."""
    if upstream is None:
        return Target(way.server, way.kind, way.name)
    if way.kind == "server" or way.method.verb is Verb.SEE:
        return upstream.target
    found = upstream.shown.target(way.kind, way.name)
    if found is not None:
        return found
    if way.kind == "resource" and f"{way.server} {way.name}" in session.offered:
        return upstream.shown.offered(way.name)
    return Target(way.server, way.kind, way.name)


def _word(message: JsonObject, result: JsonValue) -> str:
    """How a server's answer is recorded: a tool that says that it failed has failed."""
    if "error" in message or (isinstance(result, dict) and result.get("isError") is True):
        return "error"
    return "ok"


def _trace(params: JsonValue) -> str:
    """The trace context of a request (SEP-414), if it has the form of one."""
    meta = params.get("_meta") if isinstance(params, dict) else None
    trace = meta.get("traceparent") if isinstance(meta, dict) else None
    return trace if isinstance(trace, str) and _TRACE.fullmatch(trace) else ""
