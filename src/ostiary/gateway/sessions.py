"""Sessions of callers: what was agreed with each client, and its conversations with servers.

A session of the handshake era lives in its sealed id; what is held here is a cache that any
replica can fill again from it. In the stateless era a caller's conversations are kept together
only to save opening them for each call.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from ostiary.gateway.door import Pass
from ostiary.gateway.encode import encode
from ostiary.gateway.leg import Leg
from ostiary.gateway.ports import Era, Inbound, Interim
from ostiary.gateway.seal import BrokenSeal, Seal
from ostiary.model.json import JsonObject, JsonValue, as_object, as_text
from ostiary.model.principal import Principal
from ostiary.wire.bridging_changes import tagged, wants

MOST_KEPT = 4096
"""Sessions held in memory. Whoever holds the most loses the one it has not used for longest."""
LONGEST_HOURS = 24.0
BACKLOG = 100
"""Messages kept for a client that listens to none at the moment."""
LONGEST_NEWS = 4096
"""Bytes of one of them that expects no answer."""


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """One open stream of a client that takes what it did not ask for."""

    out: Interim
    tag: JsonValue = None
    """Id of the subscription it belongs to (stateless era)."""
    filter: JsonObject = field(default_factory=dict)
    """What the subscription is for (stateless era)."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request of a server that waits for the client."""

    leg: Leg
    ident: int | str
    """The server's own id for it."""
    passed: Pass


@dataclass(slots=True)
class Session:
    """One client's session."""

    id: str
    """Names it in the record."""
    principal: str
    endpoint: str
    era: Era
    revision: str
    hello: JsonObject
    """The client's ``initialize`` parameters, or what stands for them."""
    legs: dict[str, Leg] = field(default_factory=dict)
    """By server."""
    resumed: str = ""
    """The server's own session id, where the endpoint is one server."""
    asked: dict[str, Question] = field(default_factory=dict)
    """Requests of servers that wait for the client, by our id."""
    offered: deque[str] = field(default_factory=lambda: deque(maxlen=1000))
    """Addresses that results of this session linked to."""
    listeners: list[Listener] = field(default_factory=list)
    """One in the handshake era; each open subscription in the stateless era."""
    backlog: deque[JsonObject] = field(default_factory=lambda: deque(maxlen=BACKLOG))
    over: bool = False

    async def push(self, message: JsonObject) -> None:
        """Give the client something it did not ask for, now or when it listens."""
        for one in tuple(self.listeners):
            if one.tag is None:
                await one.out(message)
            elif wants(one.filter, message):
                await one.out(tagged(message, one.tag))
        if self.listeners or self.era is not Era.HANDSHAKE:
            return
        # Long news are not worth their memory to a client that does not listen.
        if "id" in message or len(encode(message)) <= LONGEST_NEWS:
            self.backlog.append(message)

    @property
    def busy(self) -> bool:
        """Whether the client waits for an answer, or listens."""
        return bool(self.listeners) or any(leg.waiting for leg in self.legs.values())

    async def close(self) -> None:
        """End all its conversations for good, and those that are being opened."""
        self.over = True
        legs, self.legs = list(self.legs.values()), {}
        await asyncio.gather(*(leg.end() for leg in legs), return_exceptions=True)


def owner(principal: Principal) -> str:
    """Whose a session is: a narrowed token's own, even among tokens of one principal."""
    if principal.only is None:
        return principal.id
    narrowed = sha256("\0".join(principal.only).encode()).hexdigest()
    return f"{principal.id}#{narrowed[:16]}"


class UnknownSession(ValueError):
    """The session id means nothing here, or not to this caller."""


class Sessions:
    """All sessions. ``retired`` takes sessions that fell out of memory."""

    def __init__(
        self,
        seal: Seal,
        names: Callable[[], str],
        clock: Callable[[], float],
        retired: Callable[[Session], None],
    ) -> None:
        self._seal = seal
        self._names = names
        self._clock = clock
        self._retired = retired
        self._kept: OrderedDict[str, Session] = OrderedDict()
        self._held: Counter[str] = Counter()
        """How many of them each owner holds."""
        self._ended: OrderedDict[str, None] = OrderedDict()
        """Ids of sessions that were ended."""

    def __len__(self) -> int:
        return len(self._kept)

    def all(self) -> tuple[Session, ...]:
        """The sessions in memory."""
        return tuple(self._kept.values())

    def begin(self, inbound: Inbound, hello: JsonObject, revision: str) -> Session:
        """A session that is not sealed yet."""
        return Session(
            id=self._names(),
            principal=owner(inbound.principal),
            endpoint=inbound.endpoint,
            era=inbound.era,
            revision=revision,
            hello=hello,
        )

    def seal(self, session: Session, upstream: str) -> str:
        """The id that the client will send. ``upstream`` is the one server's own session id."""
        sealed = self._seal.close(
            {
                "i": session.id,
                "p": session.principal,
                "e": session.endpoint,
                "v": session.revision,
                "h": session.hello,
                "u": upstream,
                "t": int(self._clock()),
            }
        )
        self._keep(sealed, session)
        return sealed

    def find(self, inbound: Inbound) -> Session:
        """The session of a message. Raises :class:`UnknownSession`."""
        if inbound.era is Era.STATELESS:
            return self._standing(inbound)
        sealed = inbound.session
        known = self._kept.get(sealed)
        session = known or self._opened(sealed)
        if session.principal != owner(inbound.principal) or session.endpoint != inbound.endpoint:
            raise UnknownSession("the session belongs to somebody else, or to another endpoint")
        if known is None:
            self._keep(sealed, session)
        else:
            self._kept.move_to_end(sealed)
        return session

    def end(self, sealed: str) -> None:
        """Forget a session for good."""
        if sealed not in self._kept:
            return
        self._ended[self._taken(sealed).id] = None
        if len(self._ended) > MOST_KEPT * 4:
            self._ended.popitem(last=False)

    def _standing(self, inbound: Inbound) -> Session:
        meta = as_object(as_object(inbound.message.get("params")).get("_meta"))
        who = inbound.principal
        key = f"{owner(who)}\n{who.token_id}\n{who.client}\n{who.agent}\n{inbound.endpoint}"
        session = self._kept.get(key)
        if session is None:
            session = self.begin(inbound, meta, inbound.revision)
            self._keep(key, session)
        else:
            self._kept.move_to_end(key)
        return session

    def _opened(self, sealed: str) -> Session:
        if not sealed:
            raise UnknownSession("no session id was sent")
        try:
            value = self._seal.open(sealed)
        except BrokenSeal as error:
            raise UnknownSession(f"the session id is not valid: {error}") from None
        begun = value.get("t")
        if not isinstance(begun, int) or self._clock() - begun > LONGEST_HOURS * 3600:
            raise UnknownSession("the session is too old")
        if as_text(value.get("i")) in self._ended:
            raise UnknownSession("the session has ended")
        return Session(
            id=as_text(value.get("i")),
            principal=as_text(value.get("p")),
            endpoint=as_text(value.get("e")),
            era=Era.HANDSHAKE,
            revision=as_text(value.get("v")),
            hello=as_object(value.get("h")),
            resumed=as_text(value.get("u")),
        )

    def _keep(self, key: str, session: Session) -> None:
        self._kept[key] = session
        self._held[session.principal] += 1
        while len(self._kept) > MOST_KEPT:
            self._retired(self._taken(self._dearest()))

    def _dearest(self) -> str:
        """Which one is let go: of whoever holds the most, so that nobody loses theirs because
        another opens many."""
        most = max(self._held, key=self._held.__getitem__)
        theirs = [(key, one) for key, one in self._kept.items() if one.principal == most]
        return next((key for key, one in theirs if not one.busy), theirs[0][0])

    def _taken(self, key: str) -> Session:
        session = self._kept.pop(key)
        self._held[session.principal] -= 1
        if not self._held[session.principal]:
            del self._held[session.principal]
        return session
