"""Sessions of callers: what was agreed with each client, and its conversations with servers.

A session of the handshake era lives in its sealed id; what is held here is a cache that any
replica can fill again from it. In the stateless era a caller's conversations are kept together
only to save opening them for each call.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from ostiary.gateway.door import Pass
from ostiary.gateway.leg import Leg
from ostiary.gateway.ports import Era, Inbound, Interim
from ostiary.gateway.seal import BrokenSeal, Seal
from ostiary.model.json import JsonObject, JsonValue, as_object, as_text
from ostiary.model.principal import Principal
from ostiary.wire.bridging_changes import tagged, wants

MOST_KEPT = 4096
"""Sessions held in memory; the least recently used one is let go first."""
LONGEST_HOURS = 24.0
BACKLOG = 100
"""Messages kept for a client that listens to none at the moment."""


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

    async def push(self, message: JsonObject) -> None:
        """Give the client something it did not ask for, now or when it listens."""
        for one in tuple(self.listeners):
            if one.tag is None:
                await one.out(message)
            elif wants(one.filter, message):
                await one.out(tagged(message, one.tag))
        if not self.listeners and self.era is Era.HANDSHAKE:
            self.backlog.append(message)

    async def close(self) -> None:
        """End all its conversations."""
        legs, self.legs = list(self.legs.values()), {}
        for leg in legs:
            await leg.close()


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
        self._ended: OrderedDict[str, None] = OrderedDict()

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
        session = self._kept.get(sealed)
        if session is None:
            session = self._opened(sealed)
            self._keep(sealed, session)
        else:
            self._kept.move_to_end(sealed)
        if session.principal != owner(inbound.principal) or session.endpoint != inbound.endpoint:
            raise UnknownSession("the session belongs to somebody else, or to another endpoint")
        return session

    def end(self, sealed: str) -> Session | None:
        """Forget a session for good."""
        self._ended[sealed] = None
        if len(self._ended) > MOST_KEPT * 4:
            self._ended.popitem(last=False)
        return self._kept.pop(sealed, None)

    def _standing(self, inbound: Inbound) -> Session:
        meta = as_object(as_object(inbound.message.get("params")).get("_meta"))
        key = f"{owner(inbound.principal)}\n{inbound.principal.token_id}\n{inbound.endpoint}"
        session = self._kept.get(key)
        if session is None:
            session = self.begin(inbound, meta, inbound.revision)
            self._keep(key, session)
        else:
            self._kept.move_to_end(key)
        return session

    def _opened(self, sealed: str) -> Session:
        if not sealed or sealed in self._ended:
            raise UnknownSession("the session has ended" if sealed else "no session id was sent")
        try:
            value = self._seal.open(sealed)
        except BrokenSeal as error:
            raise UnknownSession(f"the session id is not valid: {error}") from None
        begun = value.get("t")
        if not isinstance(begun, int) or self._clock() - begun > LONGEST_HOURS * 3600:
            raise UnknownSession("the session is too old")
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
        while len(self._kept) > MOST_KEPT:
            self._retired(self._kept.popitem(last=False)[1])
