"""What stands around an effect: what it sends and to whom, the functions of an entry, its "
"purpose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Flow, Place, Source, SourceKind, Value
from ostiary.analyze.declare.entry import EntryKind
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.written.words import Words

SENDS = (EffectKind.REQUEST, EffectKind.CONNECT, EffectKind.MAIL, EffectKind.MESSAGE)
RUNS = (EffectKind.SHELL, EffectKind.PROCESS)
_NO_PAYLOAD = frozenset(
    {"headers", "options", "method", "client", "credentials", "timeout", "port", "transport"}
)
_URL = re.compile(r"\b(?:https?|wss?|ftp)://(?:[^/\s@\0]*@)?([A-Za-z0-9.-]+)(?=[/:?#\s\"'\0]|$)")
_HOST = re.compile(r"^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$")
_OWN = re.compile(
    r"^(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|\[?::1)"
)
_ROWS = re.compile(r"\.fetch(?:all|one|many)\(\)|sqlite3\.\S*execute\(\)")
_DEEPEST = 4
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_Sign = TypeVar("_Sign")
WHOLE_ENVIRONMENT = frozenset({"env", "environ", "items", "entries", "toObject"})


def carried(effect: Effect, *kinds: SourceKind) -> Iterator[tuple[Source, Flow]]:
    """Outside values in what is sent: not in its headers, which open a door."""
    for role, value in effect.operands.items():
        if role not in _NO_PAYLOAD:
            yield from value.deep_sources(*kinds)


def holds_rows(effect: Effect) -> bool:
    """Whether rows of a database are in what is sent."""
    return any(
        _ROWS.search(name)
        for role, value in effect.operands.items()
        if role not in _NO_PAYLOAD
        for name in _names(value, _DEEPEST)
    )


def _names(value: Value, deepest: int) -> Iterator[str]:
    yield from value.externals()
    if deepest:
        for part in value.fields.values():
            yield from _names(part, deepest - 1)


def has_payload(effect: Effect) -> bool:
    """Whether something is handed over, known or not."""
    if effect.kind is not EffectKind.REQUEST:
        return True
    return any(role in effect.operands for role in ("body", "query", "data", "files", "form"))


def host_of(facts: Facts, effect: Effect) -> str:
    """The fixed host that an effect talks to, in lower case; empty if it is not fixed here, or the
    machine's own."""
    for role in ("url", "host"):
        value = effect.operand(role)
        text = "" if value is None else value.known_text or value.pieces
        found = _URL.search(text)
        if found is None and role in ("url", "host") and _HOST.match(text):
            return _outside(text)
        if found is not None:
            return _outside(found[1])
        if text.strip("\0"):
            return ""
    sources = [one for one in ("url", "host") if effect.operand(one) is not None]
    if any(True for role in sources for _ in _value_sources(effect, role)):
        return ""
    for text in facts.written.near(effect):
        found = _URL.match(text)
        if found is not None:
            return _outside(found[1])
    return ""


def _value_sources(effect: Effect, role: str) -> Iterator[Source]:
    value = effect.operand(role)
    if value is not None:
        for source, _ in value.sources(SourceKind.ENVIRONMENT, SourceKind.FILE, SourceKind.REMOTE):
            yield source


def named_host(text: str) -> str:
    """The host of an address that a text begins with; empty for the machine's own."""
    found = _URL.match(text)
    return _outside(found[1]) if found is not None else ""


def _outside(host: str) -> str:
    low = host.lower().rstrip(".")
    return "" if _OWN.match(low) or "." not in low else low


def domain(host: str) -> str:
    """The part of a host that one party owns, near enough."""
    labels = host.split(".")
    many = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if many else labels[-2:])


def functions(facts: Facts, reached: Reached) -> tuple[Words, ...]:
    """The functions that an entry runs, as far as names of calls tell."""
    known = facts.once(_followed)
    if reached not in known:
        known[reached] = facts.written.from_places(_places(reached))
    return known[reached]


def _followed(_facts: Facts) -> dict[Reached, tuple[Words, ...]]:
    """Filled as rules ask."""
    return {}


def _places(reached: Reached) -> dict[Place, None]:
    entry = reached.entry
    places: dict[Place, None] = {}
    if entry.kind is EntryKind.IMPORT:
        places[Place(entry.name, 1, 1)] = None
    elif entry.handler is not None:
        node = entry.handler.function
        places[Place(entry.handler.file, node.line, node.column)] = None
    for effect in reached.effects:
        places[effect.place] = None
        for step in effect.chain:
            places[step.place] = None
    return places


class Shown(Generic[_Sign]):
    """What a rule looks for in functions, read once of each however many entries run it."""

    def __init__(self, facts: Facts, read: Callable[[Words], Iterable[_Sign]]) -> None:
        self._facts = facts
        self._read = read
        self._known: dict[Words, tuple[_Sign, ...]] = {}

    def by(self, reached: Reached) -> Iterator[tuple[Words, _Sign]]:
        """What the functions of an entry show, each with the function."""
        for around in functions(self._facts, reached):
            found = self._known.get(around)
            if found is None:
                found = self._known[around] = tuple(self._read(around))
            for one in found:
                yield around, one


def unused(facts: Facts, effect: Effect) -> bool:
    """Whether nobody looks at what the call brings."""
    around = facts.written.at(effect.place)
    return around is not None and (effect.place.line, effect.place.column) in around.dropped


def purpose(reached: Reached) -> str:
    """What an entry says it is for, in lower case."""
    entry = reached.entry
    if entry.kind is EntryKind.IMPORT:
        return spaced(entry.name)
    names = " ".join(one.name for one in entry.parameters or ())
    return spaced(f"{entry.name} {entry.title} {entry.description} {names}")


def spaced(text: str) -> str:
    """Names taken apart into words, in lower case."""
    return _CAMEL.sub(" ", text).replace("_", " ").replace("-", " ").lower()


def about(facts: Facts) -> str:
    """What the target calls itself, in lower case."""
    said = [f"{one.name} {one.description}" for one in facts.manifests]
    return spaced(" ".join(said))
