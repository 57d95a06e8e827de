"""What a tool's code does beyond reading, where that is sure enough to hold against a claim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind, Value
from ostiary.analyze.facts import Facts, Reached

DELETES: Final = "deletes"
WRITES: Final = "writes"
EXECUTES: Final = "runs"
SENDS: Final = "sends"
SPENDS: Final = "spends"

_CHOSEN: Final[dict[EffectKind, tuple[str, str, str]]] = {
    EffectKind.DELETE_FILE: ("path", DELETES, "deletes a file that the caller names"),
    EffectKind.WRITE_FILE: ("path", WRITES, "writes to a path that the caller names"),
    EffectKind.CHANGE_MODE: ("path", WRITES, "changes who may read a file"),
    EffectKind.SHELL: ("command", EXECUTES, "runs a command line that the caller has part in"),
    EffectKind.EVALUATE: ("code", EXECUTES, "runs the caller's text as code"),
    EffectKind.PROCESS: ("program", EXECUTES, "runs a program that the caller names"),
}
"""Kinds that count where the caller's value is in an operand: the operand, the act, the words. A
cache or a temporary file of the tool's own is no change that a claim speaks of."""
_ALWAYS: Final = {
    EffectKind.MAIL: (SENDS, "sends mail"),
    EffectKind.MESSAGE: (SENDS, "sends a message"),
    EffectKind.SPEND: (SPENDS, "moves money or orders something"),
}
_TO_NOBODY: Final = frozenset({"service:model", "telemetry"})
"""A prompt to another model is no message to anybody, and neither is a count of uses."""
_SQL: Final = re.compile(
    r"\A[\s(]*(?:(?P<destroys>delete\s+from|drop\s+(?:table|database|schema|view|index|collection)|"
    r"truncate)|(?P<writes>insert\s+into|update\s+\S|alter\s+\w|create\s+(?:user|role)|grant\s))\b",
    re.IGNORECASE,
)
_SESSION: Final = re.compile(r"/sessions?/\0?\Z", re.IGNORECASE)
_METHODS: Final = {
    "DELETE": (DELETES, "asks another service to delete something"),
    "PUT": (WRITES, "asks another service to replace something"),
    "PATCH": (WRITES, "asks another service to change something"),
}
_SHARED: Final = 3
"""Tools of one handler from which on what they all reach says nothing of one of them."""


@dataclass(frozen=True, slots=True)
class Act:
    """One place where a tool's code does more than read."""

    act: str
    says: str
    effect: Effect


def acts(facts: Facts, reached: Reached) -> Iterator[Act]:
    """What the tool does beyond reading, each kind of act once, in order of place."""
    common = _common(facts, reached)
    seen: set[tuple[str, str]] = set()
    for effect in reached.effects:
        found = None if effect.key in common else _act(effect)
        if found is not None and found not in seen:
            seen.add(found)
            yield Act(*found, effect)


def _act(effect: Effect) -> tuple[str, str] | None:
    if effect.kind in _ALWAYS and _TO_NOBODY.isdisjoint(effect.tags):
        return _ALWAYS[effect.kind]
    chosen = _CHOSEN.get(effect.kind)
    if chosen is not None:
        role, act, says = chosen
        return (act, says) if _from_caller(effect.operand(role)) else None
    if effect.kind is EffectKind.SQL:
        return _of_query(effect)
    if effect.kind is EffectKind.REQUEST and not _ends_session(effect):
        return _METHODS.get(_method(effect))
    return None


def _ends_session(effect: Effect) -> bool:
    """``DELETE /session/ID`` says that the talk is over, and destroys nothing of anybody's."""
    url = effect.operand("url")
    return url is not None and bool(_SESSION.search(url.pieces))


def _from_caller(value: Value | None) -> bool:
    return value is not None and any(True for _ in value.deep_sources(SourceKind.MODEL))


def _of_query(effect: Effect) -> tuple[str, str] | None:
    query = effect.operand("query")
    found = None if query is None else _SQL.match(query.prefix)
    if found is None:
        return None
    if found["destroys"]:
        return DELETES, "deletes from a database"
    return WRITES, "writes to a database"


def _method(effect: Effect) -> str:
    given = effect.operand("method")
    if given is not None and given.known_text:
        return given.known_text.upper()
    last = effect.callee.rpartition(".")[2].upper()
    return last if last in _METHODS else ""


def _common(facts: Facts, reached: Reached) -> frozenset[tuple[str, int, int, str, str]]:
    """Effects that every tool of a shared handler seems to reach: those were not told apart."""
    entry = reached.entry
    if not entry.dispatched or entry.handler is None:
        return frozenset()
    number = entry.handler.number
    others = [
        one
        for one in facts.tools
        if one is not reached and one.entry.handler and one.entry.handler.number == number
    ]
    if len(others) + 1 < _SHARED:
        return frozenset()
    shared = {one.key for one in reached.effects}
    for one in others:
        shared &= {effect.key for effect in one.effects}
    return frozenset(shared)
