"""The door: the one place where a message is let through or not, whatever path it came by.

Guards stand in one explicit order. A message that passes all of them is in the record before
anybody may forward it: a link wants the :class:`Pass` that only this module makes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from ostiary.detect import masked
from ostiary.gateway.ports import Contents, Guard, Judge, Ledger, RecordUnwritable
from ostiary.ledger.writer import Receipt
from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.decision import Decision, allow, deny
from ostiary.model.event import Event, EventKind
from ostiary.model.json import JsonObject, JsonValue
from ostiary.model.principal import Principal
from ostiary.policy.replay import KEY, facts_of

MOST_FACTS = 4096
"""Combinations of caller, verb and thing whose facts are held ready for the record."""

RECORD = "record"
"""The obligation to keep at least so much of a call."""
WARN = "warn"
"""The obligation to tell what a rule warns of; it stands in the record."""
MET = frozenset({RECORD, WARN})
"""Obligations that are met here. A decision with any other is a refusal."""


@dataclass(slots=True)
class Pass:
    """Proof that a message was let through and is in the record."""

    call: str
    """Joins the request to its outcome."""
    event: Event
    decision: Decision


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that was not let through."""

    decision: Decision
    call: str
    """Names the refusal, for the person who asks why."""


class Door:
    """Decides and records. One per gateway."""

    def __init__(
        self,
        guards: tuple[Guard, ...],
        judge: Callable[[], Judge],
        ledger: Ledger,
        names: Callable[[], str],
        contents: Contents,
    ) -> None:
        """``judge`` gives the policy in force; ``names`` gives an unused name for each call."""
        self._guards = guards
        self._judge = judge
        self._ledger = ledger
        self._names = names
        self._contents = contents
        self._facts: dict[tuple[Principal, Verb, Target], JsonObject] = {}
        self.lock = ""
        """Version of the lock in force, for the record."""

    def decide(self, asked: Asked) -> Decision:
        """What the guards and the policy say. A guard that fails refuses."""
        for guard in self._guards:
            try:
                found = guard.check(asked)
            except Exception as error:  # noqa: BLE001
                return deny(
                    guard.name,
                    f"the check {guard.name} failed ({type(error).__name__}), so nothing passes it",
                    "tell the operator; the gateway's log has the details",
                )
            if found is not None:
                return found
        decision = self._judge().decide(asked)
        for one in decision.obligations:
            if one.name not in MET:
                return deny(
                    one.name,
                    f"the policy ties this to {one.name}, which this gateway cannot do",
                    "ask the operator to look at the rule",
                )
        return decision

    async def admit(self, asked: Asked) -> Pass | Refusal:
        """Decide ``asked`` and put the answer on record before it takes effect."""
        decision = self.decide(asked)
        call = self._names()
        try:
            event = self._event(asked, decision, call)
            receipt = self._ledger.append(event)
            await self._settled(receipt, Pass(call, event, decision))
        except RecordUnwritable as error:
            return Refusal(
                deny(
                    "record",
                    f"the call could not be recorded ({error}), so it was not made",
                    "tell the operator: the ledger needs room or repair",
                ),
                call,
            )
        return Pass(call, event, decision) if decision.allowed else Refusal(decision, call)

    async def _settled(self, receipt: Receipt, passed: Pass) -> None:
        """Wait for the record. Who goes away meanwhile leaves an outcome in it."""
        try:
            await self._ledger.settled(receipt)
        except asyncio.CancelledError:
            if passed.decision.allowed:
                with suppress(RecordUnwritable):
                    self.close(passed, passed.event.at, "cancelled", {})
            raise

    def note(self, asked: Asked) -> Decision:
        """Decide and record something that is answered elsewhere, as with a server's question
        that ends a request. What cannot be recorded is refused."""
        decision = self.decide(asked)
        try:
            self._ledger.append(self._event(asked, decision, self._names()))
        except RecordUnwritable as error:
            return deny("record", f"it could not be recorded ({error})")
        return decision

    def close(
        self,
        passed: Pass,
        at: float,
        word: str,
        detail: JsonObject,
        result: JsonObject | None = None,
    ) -> None:
        """Record what became of a request: ``ok``, ``error``, ``failed``, ``cancelled``,
        ``refused``.

        An outcome that cannot be recorded does not take the answer away: the request itself is on
        record, and the next one is refused.
        """
        event = passed.event
        with suppress(RecordUnwritable):
            content: JsonObject = {}
            if result is not None:
                content = self._contents.results(result, _least(passed.decision))
            self._ledger.append(
                Event(
                    kind=EventKind.OUTCOME,
                    at=at,
                    call=passed.call,
                    principal=event.principal,
                    agent=event.agent,
                    client=event.client,
                    session=event.session,
                    server=event.server,
                    method=event.method,
                    thing=event.thing,
                    effect=word,
                    content=content,
                    detail=detail,
                )
            )

    async def enter(self, asked: Asked) -> Refusal | None:
        """Decide what is asked of the gateway itself. Nothing is forwarded for it, so what is let
        through has its outcome at once."""
        admitted = await self.admit(asked)
        if isinstance(admitted, Refusal):
            return admitted
        self.close(admitted, asked.at, "ok", {})
        return None

    def tell(self, event: Event) -> None:
        """Record something that is no call: a session, a drift, a fault. Raises nothing."""
        try:
            self._ledger.append(event)
        except RecordUnwritable:
            # Every call that needs the record is refused by itself; this told only about one.
            return

    def own(self, server: str, method: str, at: float, why: str) -> Pass:
        """A pass for the gateway's own questions to a server, which carry nothing of a caller."""
        event = Event(
            kind=EventKind.SESSION, at=at, call=self._names(), server=server, method=method, why=why
        )
        self._ledger.append(event)
        return Pass(event.call, event, allow("own", "the gateway's own question"))

    def _event(self, asked: Asked, decision: Decision, call: str) -> Event:
        who, what = asked.principal, asked.target
        return Event(
            kind=EventKind.REQUEST if decision.allowed else EventKind.REFUSED,
            at=asked.at,
            call=call,
            principal=who.id,
            agent=who.agent,
            client=who.client,
            session=asked.session,
            server=what.server,
            method=asked.method,
            thing=f"{what.kind}:{_told(what)}",
            levels=what.levels,
            effect=decision.effect,
            rules=tuple(one.rule for one in decision.reasons),
            why=decision.reasons[0].text,
            policy=self._judge().version,
            lock=self.lock,
            trace=asked.trace,
            content=self._kept(asked, decision),
            detail=_warned(self._facts_of(asked), decision),
        )

    def _kept(self, asked: Asked, decision: Decision) -> JsonObject:
        if not asked.arguments:
            return {}
        return self._contents.arguments(asked.arguments, _least(decision))

    def _facts_of(self, asked: Asked) -> JsonObject:
        """What policy decided by, so that another policy can be tried on it."""
        key = (asked.principal, asked.verb, asked.target)
        found = self._facts.get(key)
        if found is None:
            found = {KEY: facts_of(asked)}
            if not asked.target.digest and asked.target.kind != "server":
                # Its name is the caller's own, as long and as new as the caller likes.
                return found
            if len(self._facts) >= MOST_FACTS:
                self._facts.clear()
            self._facts[key] = found
        return found


def _told(what: Target) -> str:
    """A name for the record; an address may hold a credential, which does not belong there."""
    return masked(what.name) if what.kind in ("resource", "template") else what.name


def _least(decision: Decision) -> str:
    """How much of a call a rule wants kept; empty for as much as usual."""
    for one in decision.obligations:
        if one.name == RECORD:
            return str(one.value)
    return ""


def _warned(facts: JsonObject, decision: Decision) -> JsonObject:
    """``facts``, and beside them what rules warn of."""
    if not decision.obligations:
        return facts
    told: list[JsonValue] = [one.value for one in decision.obligations if one.name == WARN]
    return {**facts, "warnings": told} if told else facts
