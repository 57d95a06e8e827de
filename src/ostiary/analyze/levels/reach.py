"""From the effects of each tool's code to what it can do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final, TypeAlias

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import Closure, Place
from ostiary.analyze.declare.entry import Entry
from ostiary.analyze.declare.shaped import SHAPE
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.levels import (
    calls,
    databases,
    files,
    machine,
    processes,
    requests,
    services,
)
from ostiary.analyze.levels.declared import contradicted, only_reads, said, weigh_words
from ostiary.analyze.levels.labels import label
from ostiary.analyze.levels.origins import by_caller, secrets_in
from ostiary.analyze.levels.twins import without_twins
from ostiary.analyze.levels.work import SOURCE, Work, location
from ostiary.detect.secrets_named import names_secret
from ostiary.model.access import DataClass, Level, ToolAccess
from ostiary.model.audit import ToolReach
from ostiary.model.finding import Location
from ostiary.model.grade import Confidence

_MEANT = frozenset(
    {DataClass.MEMORY, DataClass.HEALTH, DataClass.FINANCIAL, DataClass.PERSONAL}
    | {DataClass.CALENDAR, DataClass.LOCATION}
)
"""What files and records mean, which only words tell."""
Key: TypeAlias = tuple[str, int, int, str, str]
_SEVERAL = 5
"""Tools from which on what nearly all reach tells of the dispatcher and not of the tool."""
READERS: Final[dict[EffectKind, Callable[[Work, Effect], None]]] = {
    EffectKind.SHELL: processes.process,
    EffectKind.PROCESS: processes.process,
    EffectKind.OPEN_URL: processes.open_url,
    EffectKind.EVALUATE: processes.evaluate,
    EffectKind.LOAD_CODE: processes.load,
    EffectKind.READ_FILE: files.read,
    EffectKind.LIST_FILES: files.read,
    EffectKind.WRITE_FILE: files.write,
    EffectKind.DELETE_FILE: files.delete,
    EffectKind.CHANGE_MODE: files.mode,
    EffectKind.EXTRACT_ARCHIVE: files.extract,
    EffectKind.REQUEST: requests.request,
    EffectKind.CONNECT: requests.connect,
    EffectKind.SQL: databases.statement,
    EffectKind.DATABASE: databases.connection,
    EffectKind.NOSQL: databases.document,
    EffectKind.LDAP: machine.directory,
    EffectKind.MAIL: services.mail,
    EffectKind.MESSAGE: services.message,
    EffectKind.SPEND: services.spend,
    EffectKind.READ_ENVIRONMENT: machine.environment,
    EffectKind.READ_MACHINE: machine.machine,
    EffectKind.CALL: calls.call,
}
"""What each kind of effect says of levels. Kinds that are not named say nothing."""


def tool_reach(facts: Facts) -> tuple[ToolReach, ...]:
    """What the code of every tool that a model is shown can do, in the order of
    :attr:`Facts.tools`; one that is built twice and does the same is one.

    A tool whose code was not found keeps what its words and schema say, and has no ``handler``.
    """
    tools = [one for one in facts.tools if not one.entry.internal]
    shared, lent = _shared(tools), _lent(tools)
    return without_twins(
        _unseen(facts, one)
        if (one.entry.name, one.entry.place) in lent
        else _reach(facts, one, shared)
        for one in tools
    )


def _lent(tools: list[Reached]) -> frozenset[tuple[str, Place]]:
    """Tools known by their form that only share a dispatcher which leads nowhere: what it starts
    for each of them was not seen."""
    formed = [one for one in tools if one.entry.framework == SHAPE and one.entry.handler]
    answers = Counter(one.entry.handler.number for one in formed if one.entry.handler)
    return frozenset(
        (one.entry.name, one.entry.place)
        for one in formed
        if one.entry.handler and answers[one.entry.handler.number] > 1 and not one.effects
    )


def _unseen(facts: Facts, reached: Reached) -> ToolReach:
    entry = reached.entry
    return ToolReach(said(facts, reached), place=location(entry.place, f"tool {entry.name}"))


def _shared(tools: list[Reached]) -> frozenset[Key]:
    """Effects that nearly every tool reaches, where there are several."""
    coded = sum(1 for one in tools if one.entry.handler is not None)
    if coded < _SEVERAL:
        return frozenset()
    found = Counter(effect.key for one in tools for effect in one.effects)
    return frozenset(key for key, times in found.items() if times * 5 >= coded * 4)


def _reach(facts: Facts, reached: Reached, shared: frozenset[Key]) -> ToolReach:
    entry = reached.entry
    part = f"tool {entry.name}"
    if entry.handler is None:
        return _unseen(facts, reached)
    words = said(facts, reached)
    likely = frozenset(one.level for one in words.capabilities if one.confidence > Confidence.LOW)
    work = Work(reached, only_reads(entry), likely, shared)
    for effect in reached.effects:
        reader = READERS.get(effect.kind)
        if reader is None:
            continue
        if shared and effect.key in shared and not any(map(by_caller, effect.operands.values())):
            aside = Work(reached)
            reader(aside, effect)
            work.take(aside)
        else:
            reader(work, effect)
    _at_least(work, entry)
    label(work, words)
    weigh_words(work, words)
    return ToolReach(
        access=_access(work, words),
        destinations=tuple(work.destinations),
        credentials=_credentials(reached),
        stores=tuple(work.stores),
        place=location(entry.place, part),
        handler=_begins(entry.handler, part),
    )


def _at_least(work: Work, entry: Entry) -> None:
    """A tool whose code reaches nothing answers from what it was given."""
    if not work.weighed.levels:
        says = (
            "source: nothing that its code calls is known to reach anything "
            f"({entry.place.file}:{entry.place.line})"
        )
        work.weighed.note(Level.READ, Confidence.LOW, SOURCE, says)


def _access(work: Work, words: ToolAccess) -> ToolAccess:
    weighed = work.weighed
    things = next((one.objects for one in words.capabilities if one.objects), ())
    data = work.data | (set(words.data) & _MEANT if work.data else set(words.data))
    return ToolAccess(
        tool=words.tool,
        capabilities=weighed.capabilities(things),
        data=tuple(one for one in DataClass if one in data),
        untrusted=weighed.untrusted,
        private=weighed.private,
        outward=weighed.outward,
        places_files=weighed.places_files,
        claims=words.claims,
        contradicted=contradicted(words.claims, work),
    )


def _credentials(reached: Reached) -> tuple[str, ...]:
    """Secrets that its code reads or hands on."""
    found: set[str] = set()
    for effect in reached.effects:
        if effect.kind is EffectKind.READ_ENVIRONMENT:
            found |= _named(effect)
        for operand in effect.operands.values():
            found |= secrets_in(operand)
    return tuple(sorted(found))


def _named(effect: Effect) -> set[str]:
    name = effect.operand("name")
    text = None if name is None else name.known_text
    return {text} if text and names_secret(text) else set()


def _begins(closure: Closure, part: str) -> Location:
    """Where the code of a tool begins."""
    node = closure.function
    return location(Place(closure.file, node.line, node.column), part)
