"""The after-action list: what an agent changed, or may have changed, in each conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ostiary.ledger.reading import Record, contents
from ostiary.model.event import EventKind
from ostiary.model.json import JsonObject, as_object

READING = frozenset(
    {
        "completion/complete",
        "initialize",
        "listen",
        "logging/setLevel",
        "ping",
        "prompts/get",
        "prompts/list",
        "resources/list",
        "resources/read",
        "resources/subscribe",
        "resources/templates/list",
        "resources/unsubscribe",
        "server/discover",
        "subscriptions/listen",
        "tools/list",
    }
)
"""Methods that by their specification change nothing, and ``listen``, the gateway's own word for a
client that opens its stream. Every other method may."""

NO_OUTCOME = "unknown"


@dataclass(frozen=True, slots=True)
class Action:
    """One request that went to a server and was not only reading."""

    record: Record
    outcome: str
    """``ok``, ``error``, ``failed``, ``cancelled``, or ``unknown`` where none is recorded."""
    certain: bool
    """Whether the tool is known to change something; if not, its levels are unknown."""


@dataclass(slots=True)
class Conversation:
    """What one session, or one caller without one, did."""

    session: str
    principal: str
    agent: str
    client: str
    first: float
    last: float
    actions: list[Action] = field(default_factory=list)
    refused: int = 0
    """Requests that were refused, and so changed nothing."""


def after_action(records: Iterable[Record]) -> list[Conversation]:
    """Conversations that changed something or tried to, oldest first. In ``records`` an outcome
    follows its request."""
    outcomes: dict[str, str] = {}
    asked: list[Record] = []
    for record in records:
        call = record.text("call")
        if record.kind == EventKind.OUTCOME:
            if call in outcomes:
                outcomes[call] = record.text("effect")
        elif record.kind in (EventKind.REQUEST, EventKind.REFUSED) and changes(record):
            asked.append(record)
            outcomes[call] = ""
    asked.sort(key=lambda one: (one.at, one.writer, one.number))
    found: dict[tuple[str, ...], Conversation] = {}
    for record in asked:
        conversation = found.setdefault(_key(record), _conversation(record))
        conversation.last = record.at
        if record.kind == EventKind.REFUSED:
            conversation.refused += 1
            continue
        outcome = outcomes.get(record.text("call")) or NO_OUTCOME
        conversation.actions.append(Action(record, outcome, bool(record.texts("levels"))))
    return list(found.values())


def changes(record: Record) -> bool:
    """Whether a request did more than read, as far as is known. Unknown levels count."""
    if record.text("method") in READING:
        return False
    levels = record.texts("levels")
    return not levels or any(level != "read" for level in levels)


def arguments_of(record: Record) -> JsonObject:
    """What was kept of the arguments, if their value was."""
    return as_object(contents(record).get("arguments", {}).get("value"))


def _key(record: Record) -> tuple[str, ...]:
    return tuple(record.text(name) for name in ("session", "principal", "agent", "client"))


def _conversation(record: Record) -> Conversation:
    session, principal, agent, client = _key(record)
    return Conversation(session, principal, agent, client, record.at, record.at)
