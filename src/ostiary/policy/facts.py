"""The facts of one request that rules look at, and only these, as Cedar takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from ostiary.model.asked import Asked, Verb
from ostiary.model.json import JsonObject, JsonValue
from ostiary.policy import arguments as facts_of_arguments
from ostiary.policy import hosts, paths
from ostiary.policy.arguments import MISSING, Arguments, Leaf, Missing, Unclear
from ostiary.policy.expressions import EVERYTHING, Read

Fact: TypeAlias = "str | int | bool | frozenset[str] | Missing"

_OF_TEXT = frozenset({"arguments", "folded"})
_OF_NUMBER = frozenset({"numbers", "decimals"})
TAGGED = {
    "arguments": "Texts",
    "folded": "Texts",
    "numbers": "Numbers",
    "decimals": "Decimals",
    "flags": "Flags",
    "lists": "Lists",
}
"""Facts that are entities with a tag for each argument, and their types."""
_KINDS = {
    "arguments": "text",
    "folded": "text",
    "numbers": "number",
    "decimals": "number",
    "flags": "flag",
    "lists": "list",
}
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_WHOLE_NOW = ("epoch", "date", "hour", "minute", "weekday")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What some rules look at, made ready to be collected from request after request."""

    reads: tuple[Read, ...]
    """Sorted; tags by name, the parts of ``now`` one by one."""
    arguments: bool
    """Whether any of it is about the arguments."""
    kinds: dict[str, frozenset[str]]
    """By argument: the kinds of value that some rule can judge."""


def wanted(reads: Iterable[Read]) -> Wanted:
    """What to collect. A rule that looks at arguments by a computed name cannot be served."""
    every: set[Read] = set()
    for read in reads:
        if read.fact == EVERYTHING:
            raise Unclear("a rule looks at the request as a whole")
        if read.fact == "now" and read.name is None:
            every.update(Read("now", part) for part in _WHOLE_NOW)
        elif read.fact == "session":
            every.add(Read("session", "labels"))
        elif read.fact in TAGGED and read.name is None:
            raise Unclear("a rule looks at arguments whose names it computes")
        elif read.fact in TAGGED or read.fact == "now":
            every.add(read)
        else:
            every.add(Read(read.fact))
    kinds: dict[str, set[str]] = {}
    for fact, name in every:
        if fact in _KINDS and name is not None:
            kinds.setdefault(name, set()).add(_KINDS[fact])
    return Wanted(
        reads=tuple(sorted(every, key=lambda one: (one.fact, one.name or ""))),
        arguments=any(read.fact not in ("now", "session", "grant") for read in every),
        kinds={name: frozenset(of) for name, of in kinds.items()},
    )


def collect(want: Wanted, asked: Asked) -> tuple[Fact, ...]:
    """The facts, in the order of :attr:`Wanted.reads`. Raises :class:`Unclear`."""
    taken = Arguments(_arguments(asked)) if want.arguments else _NONE
    return tuple([_one(fact, name, want, asked, taken) for fact, name in want.reads])


_NONE = Arguments({})
_NOTHING: frozenset[str] = frozenset()


def _arguments(asked: Asked) -> JsonObject:
    """What was sent. The address of a resource counts as its argument ``uri``."""
    if asked.verb is not Verb.READ or "uri" in asked.arguments:
        return asked.arguments
    if asked.target.kind != "resource":
        raise Unclear("the address that is read is not known")
    return {**asked.arguments, "uri": asked.target.name}


def _one(fact: str, name: str | None, want: Wanted, asked: Asked, taken: Arguments) -> Fact:
    if name is not None and fact in TAGGED:
        return _tag(fact, name, taken.leaf(name, want.kinds[name]))
    if fact == "now":
        return now(name or "", asked.at)
    if fact in ("session", "grant"):
        return frozenset() if fact == "session" else MISSING
    return _WHOLE[fact](taken)


def _tag(fact: str, name: str, value: Leaf | Missing) -> Fact:
    """The tag ``name`` of the entity ``fact``: missing where the value is of another kind that
    some rule judges under another fact."""
    if isinstance(value, Missing) or facts_of_arguments.kind_of(value) != _KINDS[fact]:
        return MISSING
    return _READ[fact](name, value)


_READ: dict[str, Callable[[str, Leaf], Fact]] = {
    "arguments": lambda name, value: facts_of_arguments.text_fact(name, str(value)),
    "folded": lambda name, value: facts_of_arguments.folded_fact(name, str(value)),
    "numbers": lambda name, value: facts_of_arguments.whole_fact(name, _number(value)),
    "decimals": lambda name, value: facts_of_arguments.decimal_fact(name, _number(value)),
    "flags": lambda _name, value: value is True,
    "lists": lambda name, value: facts_of_arguments.list_fact(name, _list(value)),
}


def _number(value: Leaf) -> int | float:
    return value if isinstance(value, int | float) else 0


def _list(value: Leaf) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def now(part: str, at: float) -> int:
    """One part of the time ``at`` (seconds since the epoch), in UTC."""
    seconds = int(at // 1)
    days, rest = divmod(seconds, 86_400)
    if part == "epoch":
        return seconds
    if part == "hour":
        return rest // 3_600
    if part == "minute":
        return rest % 3_600 // 60
    day = date.fromordinal(_EPOCH_DAY + days)
    return day.isoweekday() if part == "weekday" else int(day.strftime("%Y%m%d"))


def _names(taken: Arguments) -> Fact:
    if not taken.complete:
        raise Unclear("there are more arguments than can be judged")
    return frozenset(taken.names)


def _paths(taken: Arguments) -> Fact:
    return frozenset(path for found in facts_of_arguments.all_paths(taken) for path in found)


def _any_path_in(taken: Arguments) -> Fact:
    every = facts_of_arguments.all_paths(taken)
    if not every:
        return _NOTHING
    return _NOTHING.union(*(paths.folders(path) for found in every for path in found))


def _all_paths_in(taken: Arguments) -> Fact:
    every = [path for found in facts_of_arguments.all_paths(taken) for path in found]
    return _common([paths.folders(path) for path in every])


def _any_host_in(taken: Arguments) -> Fact:
    every = facts_of_arguments.all_hosts(taken)
    return _NOTHING.union(*(hosts.domains(host) for host in every)) if every else _NOTHING


def _all_hosts_in(taken: Arguments) -> Fact:
    return _common([hosts.domains(host) for host in facts_of_arguments.all_hosts(taken)])


def _common(sets: list[frozenset[str]]) -> frozenset[str]:
    return sets[0].intersection(*sets[1:]) if sets else frozenset()


def _complete(taken: Arguments) -> Fact:
    """Whether every fact about the arguments can be given."""
    try:
        for fact in ("argument_names", "paths", "hosts", "urls"):
            _WHOLE[fact](taken)
        for name, value in taken.leaves.items():
            kind = facts_of_arguments.kind_of(value)
            taken.leaf(name, frozenset({kind}))
            for fact, of in _KINDS.items():
                if of == kind and fact != "numbers":
                    _READ[fact](name, value)
    except Unclear:
        return False
    return True


_WHOLE: dict[str, Callable[[Arguments], Fact]] = {
    "argument_names": _names,
    "paths": _paths,
    "urls": facts_of_arguments.all_urls,
    "hosts": facts_of_arguments.all_hosts,
    "all_paths_in": _all_paths_in,
    "any_path_in": _any_path_in,
    "all_hosts_in": _all_hosts_in,
    "any_host_in": _any_host_in,
    "arguments_complete": _complete,
}


def as_cedar(want: Wanted, facts: tuple[Fact, ...]) -> tuple[JsonObject, list[JsonValue]]:
    """The context that ``facts`` make, and the entities that carry its tags."""
    context: JsonObject = {}
    tags: dict[str, dict[str, JsonValue]] = {}
    for (fact, name), value in zip(want.reads, facts, strict=True):
        if fact in TAGGED and name is not None:
            carried = tags.setdefault(fact, {})
            if not isinstance(value, Missing):
                carried[name] = _tag_value(fact, value)
        elif isinstance(value, Missing):
            continue
        elif name is None:
            context[fact] = _value(value)
        else:
            inner = context.setdefault(fact, {})
            assert isinstance(inner, dict)
            inner[name] = _value(value)
    entities: list[JsonValue] = []
    for fact, carried in tags.items():
        uid: JsonObject = {"type": TAGGED[fact], "id": fact}
        context[fact] = {"__entity": uid}
        entities.append({"uid": uid, "attrs": {}, "parents": [], "tags": carried})
    return context, entities


def _value(value: Fact) -> JsonValue:
    if isinstance(value, frozenset):
        return list(sorted(value))
    return None if isinstance(value, Missing) else value


def _tag_value(fact: str, value: Fact) -> JsonValue:
    if fact == "decimals" and isinstance(value, str):
        return {"__extn": {"fn": "decimal", "arg": value}}
    return _value(value)
