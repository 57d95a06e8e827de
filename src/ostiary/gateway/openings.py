"""How conversations begin: ``initialize``, ``server/discover``, and a leg for each server used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ostiary.gateway.asking import Asking
from ostiary.gateway.back import denied
from ostiary.gateway.door import Door
from ostiary.gateway.encode import answer, encode, failure, id_of
from ostiary.gateway.joined import joined_hello
from ostiary.gateway.leg import Leg, Observe
from ostiary.gateway.ports import Era, Inbound, NoRoom, Outbound, UpstreamFailure
from ostiary.gateway.seal import LONGEST, Seal
from ostiary.gateway.sessions import Session, Sessions
from ostiary.gateway.to_handshake import ToHandshake
from ostiary.gateway.to_stateless import ToStateless
from ostiary.gateway.upstreams import Upstream, Upstreams
from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.json import JsonObject, as_object, as_text
from ostiary.wire import handshake
from ostiary.wire.bridging import from_envelope, initialize_params
from ostiary.wire.stateless import REVISION, SERVER_KEY

LARGEST_HELLO = 3000
"""Bytes of a client's ``initialize`` parameters: they travel in the sealed session id."""


Eras = Callable[[Upstream, Era], Awaitable[frozenset[Era]]]
"""Finds out whether a server speaks an era, and what it speaks otherwise.
Raises :class:`UpstreamFailure`."""


@dataclass(slots=True)
class Speaking:
    """How a leg speaks."""

    era: Era
    revision: str
    hello: JsonObject


@dataclass(frozen=True, slots=True)
class Entrance:
    """What openings are made with."""

    door: Door
    sessions: Sessions
    asking: Asking
    observe: Observe
    upstreams: Callable[[], Upstreams]
    eras: Eras
    states: Seal
    """Seals what a stateless client carries between two rounds of one call."""
    clock: Callable[[], float]


class Openings:
    """Opens sessions and legs."""

    def __init__(self, parts: Entrance) -> None:
        self._door = parts.door
        self._sessions = parts.sessions
        self._asking = parts.asking
        self._observe = parts.observe
        self._upstreams = parts.upstreams
        self._eras = parts.eras
        self._states = parts.states
        self._clock = parts.clock

    async def initialize(self, inbound: Inbound) -> Outbound:
        """Open a session of the handshake era."""
        ident = id_of(inbound.message)
        hello = as_object(inbound.message.get("params"))
        if len(encode(hello)) > LARGEST_HELLO:
            text = f"the initialize parameters are larger than {LARGEST_HELLO:,} bytes"
            return Outbound(encode(failure(ident, -32602, text)), 400)
        wanted = as_text(hello.get("protocolVersion"))
        revision = wanted if wanted in handshake.REVISIONS else handshake.OFFER
        session = self._sessions.begin(inbound, hello, revision)
        refusal = await self._entrance(inbound, session)
        if refusal is not None:
            return refusal
        if not inbound.endpoint:
            result = joined_hello(self._upstreams(), revision)
        else:
            try:
                result = await self._introduced(inbound, session)
            except BaseException as failed:
                # Nobody knows the session yet, so nobody else would end what was begun for it.
                await session.close()
                if not isinstance(failed, UpstreamFailure):
                    raise
                text = f"{inbound.endpoint} did not answer: {failed}; nothing was done"
                return Outbound(encode(failure(ident, -32010, text)), failed.status)
        leg = session.legs.get(inbound.endpoint)
        sealed = self._sessions.seal(session, leg.session if leg else "")
        if len(sealed) > LONGEST:
            await session.close()
            text = "the session cannot be sealed: the server's session id is too long"
            return Outbound(encode(failure(ident, -32010, text)), 502)
        self._asking.told(session, inbound, "opened")
        return Outbound(encode(answer(ident, result)), 200, session=sealed)

    async def leg(self, inbound: Inbound, session: Session, server: str) -> Leg:
        """The session's leg to ``server``, ready to forward. Raises :class:`UpstreamFailure`."""
        upstream = self._upstreams().get(server)
        if upstream is None:
            raise UpstreamFailure("it is not approved any more", sent=False, status=404)
        leg = session.legs.get(server)
        if leg is not None and leg.upstream is not upstream:
            del session.legs[server]
            await leg.end()
            leg = session.legs.get(server)
        if leg is None:
            made = await self._leg(inbound, session, upstream)
            if session.over:
                raise UpstreamFailure("its session has ended", sent=False, status=503)
            # Another request of the session may have come first.
            leg = session.legs.setdefault(server, made)
        if leg.closed or upstream.shown.stale:
            passed = self._door.own(server, "open", self._clock(), f"for {session.id}")
            try:
                await leg.ready(passed)
            except NoRoom:
                if not await self._made_room(upstream, session.principal):
                    raise
                await leg.ready(passed)
            if session.listeners:
                await leg.listen()
        return leg

    async def _made_room(self, upstream: Upstream, who: str) -> bool:
        """End a conversation with a server that can hold no more: the one unused for longest of
        whoever holds the most, so that nobody keeps everybody else out. Its session stays."""
        opener = upstream.opener
        held = [
            (one.principal, leg)
            for one in self._sessions.all()
            for leg in one.legs.values()
            if leg.upstream.opener is opener and not leg.closed
        ]
        shares = Counter(owner for owner, _ in held)
        idle = [(owner, leg) for owner, leg in held if not leg.waiting]
        if not idle:
            return False
        most = max(idle, key=lambda one: (shares[one[0]], one[0] == who))
        await most[1].close()
        return True

    async def _leg(self, inbound: Inbound, session: Session, upstream: Upstream) -> Leg:
        """A leg in the client's own era if the server speaks it, else one that translates."""
        era = session.era
        if era not in upstream.eras and not upstream.asked:
            self._door.own(upstream.name, "eras", self._clock(), "to know what it speaks")
            upstream.eras |= await self._eras(upstream, era)
            upstream.asked = era not in upstream.eras
        leg: Leg
        if era in upstream.eras:
            revision = REVISION if era is Era.STATELESS else session.revision
            speech = Speaking(era, revision, session.hello)
            resumed = session.resumed if session.endpoint else ""
            leg = Leg(upstream, speech, self._observe, resumed)
        elif era is Era.HANDSHAKE:
            speech = Speaking(Era.STATELESS, REVISION, session.hello)
            leg = ToStateless(upstream, speech, self._observe, session.revision)
        else:
            speaker = from_envelope(as_object(inbound.message.get("params")))
            speech = Speaking(Era.HANDSHAKE, handshake.OFFER, initialize_params(speaker))
            leg = ToHandshake(upstream, speech, self._observe, self._states, session.principal)
        leg.unasked = self._asking.unasked(inbound, session, leg)
        return leg

    def discovered(self, upstream: Upstream, result: JsonObject) -> JsonObject:
        """A hello with the instructions only if they are the approved ones, and of what the server
        calls itself no more than a name and a version: the rest is text that nobody approved."""
        words = as_text(result.get("instructions"))
        changed = dict(result)
        if "serverInfo" in changed:
            changed["serverInfo"] = _plain(upstream, as_object(changed["serverInfo"]))
        meta = as_object(changed.get("_meta"))
        if SERVER_KEY in meta:
            info = _plain(upstream, as_object(meta[SERVER_KEY]))
            changed["_meta"] = {**meta, SERVER_KEY: info}
        if "instructions" in changed and not upstream.shown.text("instructions", words):
            del changed["instructions"]
        if "cacheScope" in changed:
            changed["cacheScope"] = "private"
        return changed

    async def _introduced(self, inbound: Inbound, session: Session) -> JsonObject:
        leg = await self.leg(inbound, session, inbound.endpoint)
        session.revision = leg.speech.revision
        return self.discovered(leg.upstream, leg.hello or {})

    async def _entrance(self, inbound: Inbound, session: Session) -> Outbound | None:
        """Whether the caller may open a session here at all."""
        upstream = self._upstreams().get(inbound.endpoint)
        unknown = Target(inbound.endpoint, "server", inbound.endpoint)
        target = upstream.target if upstream else unknown
        asked = Asked(
            inbound.principal,
            Verb.CONNECT,
            target,
            handshake.INITIALIZE,
            session=session.id,
            at=self._clock(),
        )
        refusal = await self._door.enter(asked)
        return None if refusal is None else denied(inbound, refusal)


_PLAIN = re.compile(r"[A-Za-z0-9@][A-Za-z0-9._/@+-]{0,47}(?: [A-Za-z0-9._/@+-]{1,16}){0,2}")
"""What a name or a version is written with: three words at most, so that no sentence fits."""


def _plain(upstream: Upstream, info: JsonObject) -> JsonObject:
    """Name and version of a server as it says itself; our name where it gives no plain one."""
    name, version = as_text(info.get("name")), as_text(info.get("version"))
    return {
        "name": name if _PLAIN.fullmatch(name) else upstream.name,
        "version": version if _PLAIN.fullmatch(version) else "0",
    }
