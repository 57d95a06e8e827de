"""The endpoint that joins all approved servers: one list, one session, names that say whose."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from ostiary import __version__
from ostiary.gateway.answers import FIELDS, Answers
from ostiary.gateway.back import denied
from ostiary.gateway.door import Door, Pass
from ostiary.gateway.encode import answer, encode, failure, id_of
from ostiary.gateway.leg import Leg
from ostiary.gateway.names import rename
from ostiary.gateway.ports import (
    Era,
    Inbound,
    Interim,
    Outbound,
    RecordUnwritable,
    UpstreamFailure,
)
from ostiary.gateway.sessions import Listener, Session
from ostiary.gateway.upstreams import Upstream, Upstreams
from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.json import JsonObject, JsonValue, as_object
from ostiary.wire import handshake, stateless
from ostiary.wire.bridging_changes import acknowledgement, honoured

KEPT_LISTS = 32
"""Encoded lists held ready: one for each kind of each group of callers that see the same."""
OPENING_SECONDS = 5.0
"""How long a list waits for a server that was not asked before."""
TTL_MS = 30_000

_ANNOUNCED: JsonObject = {
    "tools": {"listChanged": True},
    "prompts": {"listChanged": True},
    "resources": {"listChanged": True},
}
"""Whose changes are told to whoever listens."""

_OURS = (
    "Several servers stand behind this endpoint. A tool or prompt is named SERVER__NAME. "
    "What a server says of itself below holds for its own tools only."
)

GetLeg = Callable[[Inbound, Session, str], Awaitable[Leg]]


def joined_hello(upstreams: Upstreams, revision: str) -> JsonObject:
    """The ``initialize`` result of the joined endpoint."""
    hello: JsonObject = {
        "protocolVersion": revision,
        "capabilities": {
            **_ANNOUNCED,
            "resources": {"listChanged": True, "subscribe": True},
            "completions": {},
            "logging": {},
        },
        "serverInfo": {"name": "ostiary", "title": "Ostiary", "version": __version__},
        "instructions": instructions(upstreams),
    }
    return hello


def instructions(upstreams: Upstreams) -> str:
    """Ours, then the approved words of each server, fenced and named as theirs."""
    parts = [_OURS]
    for name in sorted(upstreams.servers):
        words = upstreams.servers[name].approval.instructions_text
        if words:
            parts.append(f"[{name}] {words} [end of {name}]")
    return "\n\n".join(parts)


class Joined:
    """Answers what concerns all servers at once."""

    def __init__(
        self,
        answers: Answers,
        door: Door,
        upstreams: Callable[[], Upstreams],
        policy: Callable[[], str],
        clock: Callable[[], float],
    ) -> None:
        self._answers = answers
        self._door = door
        self._upstreams = upstreams
        self._policy = policy
        self._clock = clock
        self._lists: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
        self._opening: dict[tuple[str, str], asyncio.Task[None]] = {}
        self.leg: GetLeg

    async def serve(self, inbound: Inbound, session: Session, interim: Interim) -> Outbound:
        """Everything that is asked of the endpoint itself."""
        method = inbound.message["method"]
        refused = await self._refused(inbound, session, str(method))
        if refused is not None:
            return refused
        if method == stateless.DISCOVER:
            return Outbound(encode(answer(id_of(inbound.message), self._discovered())))
        if method == "logging/setLevel":
            return await self._level(inbound, session)
        return await self._subscribed(inbound, session, interim)

    async def list(self, inbound: Inbound, session: Session, kind: str) -> Outbound:
        """One list of all servers' things, as this caller may see it."""
        method = str(inbound.message["method"])
        refused = await self._refused(inbound, session, method)
        if refused is not None:
            return refused
        await self._fresh(inbound, session)
        upstreams = self._upstreams()
        stateless_era = inbound.era is Era.STATELESS
        who = (inbound.principal, kind, stateless_era, upstreams.version, self._policy())
        body = self._lists.get(who)
        if body is None:
            body = self._encoded(inbound, upstreams, kind)
            self._lists[who] = body
            while len(self._lists) > KEPT_LISTS:
                self._lists.popitem(last=False)
        else:
            self._lists.move_to_end(who)
        return Outbound(
            b'{"jsonrpc":"2.0","id":%b,"result":%b}'
            % (json.dumps(id_of(inbound.message)).encode(), body)
        )

    def _encoded(self, inbound: Inbound, upstreams: Upstreams, kind: str) -> bytes:
        items: list[JsonValue] = []
        for name in sorted(upstreams.servers):
            shown = upstreams.servers[name].shown
            for raw in self._answers.visible(inbound.principal, shown, kind):
                items.append(rename(kind, name, raw))
        result: JsonObject = {FIELDS[kind]: items}
        if inbound.era is Era.STATELESS:
            result |= {"resultType": "complete", "ttlMs": TTL_MS, "cacheScope": "private"}
        return encode(result)

    async def _fresh(self, inbound: Inbound, session: Session) -> None:
        """Ask the servers that were never asked, or said that they changed. A server that does
        not answer in time is missing from the list, and goes on being opened: clients that listen
        are told when it is there."""
        stale = [
            one
            for one in self._upstreams().servers.values()
            if one.shown.stale and self._enters(inbound, session, one)
        ]
        if not stale:
            return
        waiting = [self._asking(inbound, session, one) for one in stale]
        await asyncio.wait(waiting, timeout=OPENING_SECONDS)

    def _asking(self, inbound: Inbound, session: Session, upstream: Upstream) -> asyncio.Task[None]:
        """The one task that opens ``upstream`` for ``session``."""
        key = (session.id, upstream.name)
        task = self._opening.get(key)
        if task is None:
            task = asyncio.ensure_future(self._ask(inbound, session, upstream))
            self._opening[key] = task
            task.add_done_callback(lambda _: self._opening.pop(key, None))
        return task

    async def _ask(self, inbound: Inbound, session: Session, upstream: Upstream) -> None:
        try:
            await self.leg(inbound, session, upstream.name)
        except UpstreamFailure:
            # The opener's breaker remembers; the record of the attempt is made by the leg.
            return

    def _enters(self, inbound: Inbound, session: Session, upstream: Upstream) -> bool:
        asked = Asked(
            inbound.principal, Verb.CONNECT, upstream.target, "open",
            session=session.id, at=self._clock(),
        )  # fmt: skip
        return self._door.decide(asked).allowed

    def _discovered(self) -> JsonObject:
        hello = joined_hello(self._upstreams(), stateless.REVISION)
        info = hello.pop("serverInfo")
        del hello["protocolVersion"]
        return {
            "supportedVersions": [stateless.REVISION, *reversed(handshake.REVISIONS)],
            **hello,
            "resultType": "complete",
            "ttlMs": TTL_MS,
            "cacheScope": "private",
            "_meta": {stateless.SERVER_KEY: info},
        }

    async def _level(self, inbound: Inbound, session: Session) -> Outbound:
        for leg in list(session.legs.values()):
            asked = Asked(
                inbound.principal, Verb.CONNECT, leg.upstream.target, "logging/setLevel",
                session=session.id, at=self._clock(),
            )  # fmt: skip
            admitted = await self._door.admit(asked)
            if isinstance(admitted, Pass):
                await self._levelled(leg, admitted, inbound.message)
        return Outbound(encode(answer(id_of(inbound.message), {})))

    async def _levelled(self, leg: Leg, passed: Pass, message: JsonObject) -> None:
        """A server that does not answer leaves the others their level."""
        word = "cancelled"
        try:
            found = await leg.request(passed, message, leg.unasked)
            word = "error" if "error" in found.message else "ok"
        except UpstreamFailure:
            word = "failed"
        finally:
            with contextlib.suppress(RecordUnwritable):
                self._door.close(passed, self._clock(), word, {})

    async def _subscribed(self, inbound: Inbound, session: Session, interim: Interim) -> Outbound:
        """Stand by and say when a list changes (``subscriptions/listen``)."""
        ident = inbound.message.get("id")
        wanted = as_object(inbound.message.get("params")).get("notifications")
        served = honoured(as_object(wanted), _ANNOUNCED)
        await interim(acknowledgement(served, ident))
        listener = Listener(interim, ident, served)
        session.listeners.append(listener)
        try:
            await asyncio.Event().wait()
        finally:
            session.listeners.remove(listener)
        return Outbound(encode(failure(id_of(inbound.message), -32603, "the subscription ended")))

    async def _refused(self, inbound: Inbound, session: Session, method: str) -> Outbound | None:
        """The answer to a caller that may not speak to the endpoint at all."""
        target = Target("", "server", "")
        asked = Asked(
            inbound.principal, Verb.CONNECT, target, method,
            session=session.id, at=self._clock(),
        )  # fmt: skip
        refusal = await self._door.enter(asked)
        return None if refusal is None else denied(inbound, refusal)
